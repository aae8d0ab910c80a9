"""The list of fairs, the front page of an edition, and the organiser's desk."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from serai.expo.chains.domain import chains_of_edition
from serai.expo.chains.standing import chain_counts
from serai.expo.editions.access import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.editions.desk import todos
from serai.expo.editions.forms import PhasesForm
from serai.expo.editions.models import Edition
from serai.expo.editions.phases import set_phases, standings
from serai.expo.market.models import Offer
from serai.expo.programme.models import Forum, Session
from serai.expo.report.domain import figures


def home(request: HttpRequest) -> HttpResponse:
    """All fairs that the reader may see; where there is one only, that one."""
    editions = [
        edition
        for edition in Edition.objects.select_related("organisation")
        if request.user.has_perm("expo.see_edition", edition)
    ]
    if len(editions) == 1:
        return redirect("edition", editions[0].slug)
    return render(request, "editions/home.html", {"editions": editions})


HEADLINES = ("exhibitors", "countries", "area", "buyers", "needs", "sessions")


def edition(request: EditionRequest) -> HttpResponse:
    counts = chain_counts(request.edition)
    known = {figure.code: figure for figure in figures(request.edition, codes=HEADLINES)}
    forums = (
        Forum.objects.filter(edition=request.edition)
        .exclude(kind__in=[Forum.Kind.SIDE_EVENT, Forum.Kind.BOOTH_EVENT])
        .prefetch_related(Prefetch("sessions", Session.objects.order_by("starts_at")))
    )
    launches = (
        Offer.objects.filter(edition=request.edition, launch=True)
        .select_related("participation__firm")
        .order_by("pk")[:6]
    )
    return render(
        request,
        "editions/edition.html",
        {
            "cards": [(chain, counts.get(chain.slug, 0)) for chain in chains_of_edition(request.edition)],
            "headlines": [known[code] for code in HEADLINES if code in known and known[code].value],
            "forums": [(forum, next(iter(forum.sessions.all()), None)) for forum in forums],
            "launches": launches,
        },
    )


@organiser_required
def organiser(request: OrganiserRequest) -> HttpResponse:
    return render(
        request,
        "editions/organiser.html",
        {"todos": todos(request.edition), "figures": figures(request.edition)},
    )


@organiser_required
@require_http_methods(["GET", "POST"])
def phases(request: OrganiserRequest) -> HttpResponse:
    """When each part of the fair opens and closes, on the clock of the fair's own place."""
    with timezone.override(ZoneInfo(request.edition.time_zone)):
        form = PhasesForm(standings(request.edition), request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            changed = set_phases(request.edition, form.spans(), user=request.user)
            messages.success(request, ngettext("%d phase was changed.", "%d phases were changed.", changed) % changed)
            return redirect("phases", request.edition.slug)
        return render(request, "editions/phases.html", {"form": form}, status=400 if form.errors else 200)
