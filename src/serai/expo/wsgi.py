"""The entry point for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.expo.settings")
application = get_wsgi_application()

_ = get_resolver().url_patterns  # all pages are loaded now, not with the first answer
