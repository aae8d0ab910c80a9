"""The assistance desk: help for exhibitors from least developed countries, what it costs and what comes of it."""
