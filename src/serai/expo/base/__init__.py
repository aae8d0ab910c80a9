"""The ground: texts, filters, numbers, scopes, uploads, tables, audit, files. It imports no other wing."""
