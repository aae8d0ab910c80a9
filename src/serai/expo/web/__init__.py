"""The public web: front page, layout, template tags."""
