"""The programme of an edition."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from serai.expo.editions.access import EditionRequest
from serai.expo.programme.calendar import MEDIA_TYPE, calendar_of
from serai.expo.programme.models import Session
from serai.expo.programme.schedule import Address, schedule_json, schedule_xml


def programme(request: EditionRequest) -> HttpResponse:
    zone = ZoneInfo(request.edition.time_zone)
    sessions = _sessions(request)
    days: Iterable[tuple[date, Iterable[Session]]] = groupby(
        sessions, key=lambda session: session.starts_at.astimezone(zone).date()
    )
    return render(
        request, "programme/programme.html", {"days": [(day, list(held)) for day, held in days], "zone": zone}
    )


def calendar(request: EditionRequest) -> HttpResponse:
    """The public programme to subscribe to."""
    made = calendar_of(request.edition, _sessions(request), _address(request))
    name = f"{request.edition.slug}-programme.ics"
    return HttpResponse(made, MEDIA_TYPE, headers={"Content-Disposition": f'inline; filename="{name}"'})


def schedule_as_xml(request: EditionRequest) -> HttpResponse:
    made = schedule_xml(request.edition, _sessions(request), _address(request))
    return HttpResponse(made, "application/xml; charset=utf-8")


def schedule_as_json(request: EditionRequest) -> HttpResponse:
    made = schedule_json(request.edition, _sessions(request), _address(request))
    return JsonResponse(made, json_dumps_params={"ensure_ascii": False})


def _sessions(request: EditionRequest) -> QuerySet[Session]:
    return Session.objects.filter(edition=request.edition).select_related("forum__chain")


def _address(request: EditionRequest) -> Address:
    """Where a session stands on the page of the programme."""
    page = request.build_absolute_uri(reverse("programme", args=[request.edition.slug]))
    return lambda session: f"{page}#session-{session.pk}"
