"""Reading tables that people send: .xlsx and .csv, within limits, refused with a sentence."""
