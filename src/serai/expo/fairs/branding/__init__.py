"""How a fair looks and what it says of itself: logo, colours, header picture, own words and own pages."""
