"""pretalx as it is installed, without Redis: what it caches stays in each process, which is no dearer for it."""

from pretalx.settings import *  # noqa: F403  (settings are taken whole)

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
ALLOWED_HOSTS = ["127.0.0.1"]
