"""Setting a fair up: a new edition or a copy, step by step."""
