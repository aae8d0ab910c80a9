"""The entry point for a WSGI server."""

import gc
import os
from threading import Thread

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from serai.expo.offers.search.domain.encoders import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.expo.settings")
application = get_wsgi_application()

# All pages are loaded now, not with the first answer. What is loaded stays for good: looking through it for garbage, a
# fifth of a second each time, would be waited for by whoever reads a page just then.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()

# Pages are answered meanwhile; a search would wait for it.
Thread(target=warm_up, name="warm-up", daemon=True).start()
