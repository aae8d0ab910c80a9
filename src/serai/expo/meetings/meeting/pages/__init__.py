"""Pages of this room: wishes, and the buttons of a wish on pages of other rooms."""
