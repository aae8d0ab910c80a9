"""The programme of an edition."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render

from serai.expo.editions.access import EditionRequest
from serai.expo.programme.models import Session


def programme(request: EditionRequest) -> HttpResponse:
    zone = ZoneInfo(request.edition.time_zone)
    sessions = Session.objects.filter(edition=request.edition).select_related("forum__chain")
    days: Iterable[tuple[date, Iterable[Session]]] = groupby(
        sessions, key=lambda session: session.starts_at.astimezone(zone).date()
    )
    return render(
        request, "programme/programme.html", {"days": [(day, list(held)) for day, held in days], "zone": zone}
    )
