"""The lab: what happens when a country, a node, a firm of the fair or a strait stops, or the world table changes."""
