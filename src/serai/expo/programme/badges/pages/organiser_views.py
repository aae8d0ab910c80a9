"""Badges on the organiser's desk: a list by kind and state, decisions, sheets by kind, and the door."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.expo.base import filters
from serai.expo.base.numbers import numbers_of
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.programme.badges.domain import badges as domain
from serai.expo.programme.badges.domain.badges import rules_of, set_rule
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.domain.door import read
from serai.expo.programme.badges.models import Badge, Kind
from serai.expo.programme.badges.pages.forms import BadgeRulesForm, OrganisersBadgeForm
from serai.expo.programme.badges.pages.views import MOST_AT_ONCE, sheets_of

A_PAGE = 50


@organiser_required("GET", "POST")
def badges(request: OrganiserRequest) -> HttpResponse:
    """All badges with a filter, a decision on the chosen ones, and the number to print by kind."""
    wanted = filters.read(domain.BadgeFilter, request.GET)
    if request.method == "POST":
        _decide(request)
        return redirect(request.get_full_path())
    rows = domain.narrowed(Badge.objects.filter(edition=request.edition), wanted)
    rows = rows.select_related("participation__firm", "edition").order_by("-made_at", "-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    kinds = domain.to_print(request.edition).order_by().values("kind")
    waiting = Counter(dict(kinds.annotate(count=Count("pk")).values_list("kind", "count")))
    context = {
        "page": page,
        "listed": [(badge, token_of(badge)) for badge in page],
        "kinds": Kind.choices,
        "states": Badge.State.choices,
        **asdict(wanted),
        "waiting": waiting.total(),
        "by_kind": [(member.value, member.label, waiting[member.value]) for member in Kind if waiting[member.value]],
        "asked": domain.to_decide(request.edition).count(),
        "speakers": domain.speakers_without(request.edition).count(),
        "most": MOST_AT_ONCE,
    }
    return render(request, "programme/badges/badge_list.html", context)


def _decide(request: OrganiserRequest) -> None:
    numbers = numbers_of(request.POST.getlist("chosen"))
    if not numbers:
        messages.error(request, _("Choose at least one badge."))
        return
    chosen = Badge.objects.filter(edition=request.edition, pk__in=numbers).select_related(
        "edition", "participation", "speaker", "member__delegation"
    )

    with told_to(request, domain.BadgeRefusedError):
        done = domain.decide(chosen, request.POST.get("to", ""), request.POST.get("reason", ""), user=request.user)
        messages.success(request, ngettext("%d badge is decided on.", "%d badges are decided on.", done) % done)


@require_POST
@organiser_required
def sheets(request: OrganiserRequest) -> HttpResponse:
    """Badges that were not printed yet, of all kinds or of one, at most MOST_AT_ONCE, as PDF."""
    kind = request.POST.get("kind", "")
    if kind and kind not in Kind.values:
        raise Http404(_("There are no badges to print."))
    waiting = domain.to_print(request.edition, kind).select_related("participation__firm", "edition")
    by_firm = waiting.order_by("kind", F("participation__firm__sort_name").asc(nulls_last=True), "pk")
    return sheets_of(request, list(by_firm[:MOST_AT_ONCE]))


@require_POST
@organiser_required
def speakers(request: OrganiserRequest) -> HttpResponse:
    """Make a badge for every speaker of the programme without one."""
    done = domain.for_speakers(request.edition, user=request.user)
    messages.success(request, ngettext("%d badge is made.", "%d badges are made.", done) % done)
    return redirect("badges-to-print", request.edition.slug)


@organiser_required("GET", "POST")
def badge(request: OrganiserRequest, number: int = 0) -> HttpResponse:
    """The form of a new badge without a participant, or of an existing one, with buttons for what else can be done."""
    rows = Badge.objects.filter(edition=request.edition).select_related("participation__firm", "edition")
    new = Badge(edition=request.edition, kind=Kind.STAFF)
    row = row_of(rows, number, _("There is no such badge.")) if number else new
    if request.method == "POST" and number and (answer := _done(request, row)):
        return answer
    form = OrganisersBadgeForm(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, domain.BadgeRefusedError):
            kept = domain.keep_badge(form.instance, user=request.user)
            messages.success(request, _("The badge is kept."))
            return redirect("organisers-badge", request.edition.slug, kept.pk)
    page = {"form": form, "badge": row if number else None, "code": token_of(row) if number else ""}
    return render(request, "programme/badges/organisers_badge.html", page, status=400 if form.errors else 200)


def _done(request: OrganiserRequest, row: Badge) -> HttpResponse | None:
    """Do what a button beside the form asks for. Returns None where the form itself is sent."""
    here = redirect("organisers-badge", request.edition.slug, row.pk)
    if "remove" in request.POST:
        domain.remove_badge(row, user=request.user)
        return redirect("badges-to-print", request.edition.slug)
    if "anew" in request.POST:
        domain.make_anew(row, user=request.user)
        messages.success(request, _("The old code answers no more. Print the badge again."))
        return here
    if "to" in request.POST:
        with told_to(request, domain.BadgeRefusedError):
            domain.decide([row], request.POST["to"], request.POST.get("reason", ""), user=request.user)
        return here
    if "print" in request.POST:
        return sheets_of(request, [row] if Badge.objects.filter(domain.can_be_printed(), pk=row.pk).exists() else [])
    return None


@organiser_required("GET", "POST")
def rules(request: OrganiserRequest) -> HttpResponse:
    """Which kinds of badges the organiser decides on, and how many a participant may ask for."""
    form = BadgeRulesForm(rules_of(request.edition), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        for kind, (decided, most) in form.rules_given().items():
            set_rule(request.edition, kind, decided=decided, most=most, user=request.user)
        messages.success(request, _("Saved."))
        return redirect("badges-to-print", request.edition.slug)
    return render(request, "programme/badges/rules.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("GET")
def door(request: OrganiserRequest) -> HttpResponse:
    """Read a code at the door: whose badge it is, of what kind, and whether it lets in."""
    code = request.GET.get("code", "")[:300]
    page: dict[str, Any] = {"code": code}
    if code.strip():
        page["reading"] = read(request.edition, code, get_language() or "en")
    return render(request, "programme/badges/door.html", page)
