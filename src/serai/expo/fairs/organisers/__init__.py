"""Who organises: the first owner of an instance, and the people of an organisation."""
