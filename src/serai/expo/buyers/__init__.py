"""The buyer's and the delegation's desk: vetting, hosted terms, a need, contacts kept, who acts for whom."""
