"""What is kept of a request: a line of the log, and the figures for Prometheus."""

import logging

from django.conf import settings

log = logging.getLogger("serai.requests")


def note_request(
    *,
    method: str | None,
    page: str | None,
    edition: str | None = None,
    actor: str = "visitor",
    status: int,
    seconds: float = 0.0,
) -> None:
    """Note a request that was answered. ``page`` is the name of an address, which holds nothing of a person."""
    told = {"method": method, "page": page, "edition": edition, "actor": actor, "status": status}
    log.info("request", extra={"fields": told | {"ms": round(seconds * 1000, 1)}})
    if settings.METRICS:
        from serai.expo.site.operation.domain import metrics  # made only where it is asked for

        metrics.count_request(page=page or "", actor=actor, status=status, seconds=seconds)
