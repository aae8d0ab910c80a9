"""The call for proposals: proposals, reviews and decisions."""
