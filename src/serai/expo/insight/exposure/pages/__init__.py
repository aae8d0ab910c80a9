"""Pages of this room: views, forms and addresses."""
