"""The list of fairs, the front page of an edition, phases, and what waits for a decision."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from serai.expo.base.filters import read
from serai.expo.base.numbers import numbers_of
from serai.expo.base.revisions import by_revision
from serai.expo.fairs.desk.domain import waiting
from serai.expo.fairs.edition.domain.changes import organisations_of
from serai.expo.fairs.edition.domain.phases import set_phases, standings
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation
from serai.expo.fairs.edition.pages.forms import DECISIONS, DecisionForm, PhasesForm
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.fairs.edition.rules import rights_in
from serai.expo.fairs.organisers.domain import is_organised
from serai.expo.offers.chains.domain.chain_maps import chain_counts
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.market.models import PUBLISHED, Offer
from serai.expo.participants.participation.domain.applications import answers_of
from serai.expo.participants.participation.domain.decisions import NEXT, decide_many, in_state
from serai.expo.participants.participation.domain.exhibitors import ParticipationFilter, narrowed
from serai.expo.participants.questions.domain.answers import answers_of_all
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.session_list import first_of_forums
from serai.expo.programme.sessions.models import Forum
from serai.expo.site.web.domain.accessibility import HELD, LIMITS, REVIEWED, STANDARD
from serai.expo.site.web.domain.front_page import front_page
from serai.expo.site.web.pages.search_engines import event


def home(request: HttpRequest) -> HttpResponse:
    """All fairs that the reader may see; a single one is shown at once."""
    editions = [
        edition
        for edition in Edition.objects.select_related("organisation")
        if request.user.has_perm("expo.see_edition", edition)
    ]
    may_open = isinstance(request.user, User) and organisations_of(request.user).exists()
    if len(editions) == 1 and not may_open:
        return redirect("edition", editions[0].slug)
    page = {"editions": editions, "may_open": may_open, "is_organised": bool(editions) or is_organised()}
    return render(request, "site/web/home.html", page)


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(
        request,
        "site/web/accessibility.html",
        {"standard": STANDARD, "held": HELD, "limits": LIMITS, "reviewed": REVIEWED},
    )


def edition(request: EditionRequest) -> HttpResponse:
    return render(
        request,
        "site/web/edition.html",
        {
            "front": front_page(request.edition),
            "offered": by_revision(
                "front page", [request.edition, get_language()], partial(_offered_on_front_page, request.edition)
            ),
            "structured": event(request.edition, request),
        },
    )


def _offered_on_front_page(edition: Edition) -> Mapping[str, SafeString]:
    """The parts of the front page that are the same for everybody who reads a language: chains, and the programme."""
    counts = chain_counts(edition)
    forums = (
        Forum.objects.filter(edition=edition)
        .exclude(kind__in=[Forum.Kind.SIDE_EVENT, Forum.Kind.BOOTH_EVENT])
        .select_related("chain")
    )
    begin = first_of_forums(edition)
    launches = (
        Offer.objects.filter(
            PUBLISHED, edition=edition, launch=True, participation__state=Participation.State.CONFIRMED
        )
        .select_related("participation__firm")
        .order_by("pk")[:6]
    )
    context = {
        "edition": edition,
        "cards": [(chain, counts.get(chain.slug, 0)) for chain in chains_of_edition(edition)],
        "forums": [(forum, begin.get(forum.pk)) for forum in forums],
        "launches": launches,
    }
    return {part: render_to_string(f"site/web/front/{part}.html", context) for part in ("chains", "programme")}


@organiser_required("GET", "POST")
def phases(request: OrganiserRequest) -> HttpResponse:
    """When each part of the fair opens and closes, on the clock of the fair's own place."""
    with timezone.override(ZoneInfo(request.edition.time_zone)):
        form = PhasesForm(standings(request.edition), request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            changed = set_phases(request.edition, form.spans(), user=request.user)
            messages.success(request, ngettext("%d phase was changed.", "%d phases were changed.", changed) % changed)
            return redirect("phases", request.edition.slug)
        return render(request, "site/web/phases.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("GET")
def queues(request: OrganiserRequest) -> HttpResponse:
    """Everything that waits for a decision, with counts and pages."""
    return render(
        request, "site/web/queues.html", {"waiting": waiting(request.edition, rights_in(request.user, request.edition))}
    )


APPLICATION_TABS = (Participation.State.APPLIED, Participation.State.WAITING, Participation.State.REJECTED)
APPLICATIONS_A_PAGE = 50


@organiser_required("GET", "POST")
def applications(request: OrganiserRequest) -> HttpResponse:
    """Applications by state, with a decision on one or many of them at a time."""
    wanted = read(ParticipationFilter, request.GET)
    tab = wanted.state if wanted.state in APPLICATION_TABS else Participation.State.APPLIED
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = numbers_of(request.POST.getlist("chosen"))
        if chosen:
            _decide(request, chosen, form)
        else:
            messages.error(request, _("Choose the applications that you decide on."))
        return redirect(f"{reverse('applications', args=[request.edition.slug])}?state={tab}")
    rows = narrowed(in_state(request.edition, tab), replace(wanted, state=tab))
    counts = dict(
        Participation.objects.filter(edition=request.edition, state__in=APPLICATION_TABS)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    decisions = ApplicationDecision.objects.select_related("decided_by")
    page = Paginator(rows.prefetch_related(Prefetch("decisions", decisions)), APPLICATIONS_A_PAGE)
    shown = page.get_page(request.GET.get("page"))
    own = answers_of_all(shown)
    for application in shown:
        application.said = [*answers_of(application), *own[application.pk]]  # type: ignore[attr-defined]  # for its row alone
    return render(
        request,
        "site/web/applications.html",
        {
            "tab": tab,
            "tabs": [(state, state.label, counts.get(state, 0)) for state in APPLICATION_TABS],
            "kinds": Participation.Kind.choices,
            "kind": wanted.kind,
            "page": shown,
            "form": form,
            "choices": [(to, label) for to, label in DECISIONS if to in NEXT[tab]],
        },
        status=400 if form.errors else 200,
    )


def _decide(request: OrganiserRequest, chosen: list[int], form: DecisionForm) -> None:
    decided = decide_many(
        request.edition, chosen, form.cleaned_data["to"], form.cleaned_data["reason"], user=request.user
    )
    if decided.done:
        messages.success(
            request,
            ngettext("%d application was decided.", "%d applications were decided.", decided.done) % decided.done,
        )
    for sentence in decided.refused[:5]:
        messages.error(request, sentence)
