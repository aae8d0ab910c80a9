"""Classifications: countries and their dated groups, the Harmonized System, ISIC."""
