"""PostgreSQL, whose server may say nothing any more."""
