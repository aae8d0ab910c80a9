"""The manifest, its icons, the worker, and what answers tell it of pages to keep."""
