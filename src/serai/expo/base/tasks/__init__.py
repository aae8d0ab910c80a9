"""Work in the background: lanes, tasks with a lease, and the worker that does them."""
