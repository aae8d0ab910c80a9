"""What monitoring asks for. That its process lives, the web server says by itself (``/health/live``)."""

import hmac

from django.conf import settings
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
    return _plain("ready\n")


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus, for whoever sends the token of SERAI_METRICS; nothing for anybody else."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS or not hmac.compare_digest(sent.encode(), settings.METRICS.encode()):
        return _plain("There is nothing at this address.\n", status=404)
    from prometheus_client import CONTENT_TYPE_LATEST

    from serai.expo.site.operation.domain.metrics import exposition

    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
