"""The search over a fair and the reader's desk: firms, products, needs, nodes, sessions, people and pages."""
