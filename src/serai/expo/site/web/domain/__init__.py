"""What the pages of the web show: the front page, and the frame around every page."""
