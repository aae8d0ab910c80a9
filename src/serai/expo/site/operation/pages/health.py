"""Whether the site can answer. That its process lives, the web server says by itself (``/health/live``)."""

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse

from serai.expo.base.plain_answers import unavailable


def ready(request: HttpRequest) -> HttpResponse:
    """200 if the database answers, else 503: a proxy sends visitors elsewhere meanwhile."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except (DatabaseError, InterfaceError):
        return unavailable(request)
    return HttpResponse("ready\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
