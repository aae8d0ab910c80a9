"""Files that people hand in: kept in the instance's folder, read only by those who may."""
