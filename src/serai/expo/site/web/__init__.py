"""The frame of every page: front pages, navigation, sitemap, template tags."""
