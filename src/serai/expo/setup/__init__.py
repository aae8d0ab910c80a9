"""Setting a fair up: a new edition or a copy of an earlier one, its fields, sections and state, step by step."""
