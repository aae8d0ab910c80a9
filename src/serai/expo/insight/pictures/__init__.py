"""Pictures of the world as SVG: line charts, tile maps and bars, each with what it shows in words and its data."""
