"""Files that people hand in: kept in the folder of the instance, read only by those who may."""
