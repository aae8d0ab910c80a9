"""What the operator of the site asks for and reads."""
