"""The reader's badges: of participants they act for, of the delegation they lead, and as a speaker."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.expo.base.numbers import number_of
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.participants.exhibitors.domain.tasks import desks_of
from serai.expo.programme.badges.domain import badges as domain
from serai.expo.programme.badges.domain.badges import rules_of
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.badges.pages.forms import BadgeForm
from serai.expo.programme.badges.pages.views import MOST_AT_ONCE, changed, sheets_of
from serai.expo.programme.sessions.models import Speaker


@user_required("GET", "POST")
def badges(request: UserRequest) -> HttpResponse:
    """All badges of the reader, by participant, delegation and speaker, with the form of a new one."""
    desks = list(domain.asked_for_by(request.user, request.edition))
    led = domain.delegation_of(request.user, request.edition)
    speakers = list(domain.speaking(request.edition).filter(user=request.user).select_related("edition", "user"))
    if request.method == "POST" and not desks and led is None and not speakers:
        raise PermissionDenied
    form = _begun(request, desks)
    if request.method == "POST":
        with told_to(request, domain.BadgeRefusedError):
            if _made(request, form, led, speakers):
                messages.success(request, _("The badge is asked for."))
                return redirect("my-badges", request.edition.slug)
    page = _page(request, desks, led, speakers) | {"form": form}
    return render(request, "programme/badges/mine.html", page, status=400 if form and form.errors else 200)


def _begun(request: UserRequest, desks: list[Participation]) -> BadgeForm | None:
    """The form of a new badge for the chosen participant. None if the reader acts for no participant."""
    if not desks:
        return None
    chosen = number_of(request.POST.get("participation", ""))
    participation = next((desk for desk in desks if desk.pk == chosen), desks[0])
    sent = request.POST if request.method == "POST" and "save" in request.POST else None
    user = request.user
    latin = user.name if user.native_name not in ("", user.name) else ""
    own = {"name": user.native_name or user.name, "name_latin": latin, "position": user.position, "email": user.email}
    has_own = Badge.objects.filter(edition=request.edition, email__iexact=user.email).exists()
    badge = Badge(edition=request.edition, participation=participation, kind=participation.kind)
    return BadgeForm(badge, sent, initial={} if has_own else own)


def _made(request: UserRequest, form: BadgeForm | None, led: Delegation | None, speakers: list[Speaker]) -> bool:
    """Make the badge that was asked for. Returns False if the form has errors."""
    language = get_language() or "en"
    if "speaker" in request.POST:
        number = number_of(request.POST["speaker"])
        speaker = next((row for row in speakers if row.pk == number), None)
        if speaker is None:
            raise Http404(_("There is no such speaker."))
        domain.for_speaker(speaker, language, user=request.user)
        return True
    if "member" in request.POST:
        rows = DelegationMember.objects.filter(delegation=led).select_related("delegation", "participation", "edition")
        member = row_of(rows, number_of(request.POST["member"]) or 0, _("There is no such member."))
        domain.for_member(member, language, user=request.user)
        return True
    if form is None or not form.is_valid():
        return False
    domain.keep_badge(form.instance, user=request.user)
    return True


def _page(
    request: UserRequest, desks: list[Participation], led: Delegation | None, speakers: list[Speaker]
) -> dict[str, Any]:
    rows = domain.own_of(request.user, request.edition).select_related("participation__firm", "edition")
    listed = list(rows.order_by("pk"))
    of_desk = defaultdict(list)
    for badge in listed:
        if badge.member_id is None and badge.participation_id:
            of_desk[badge.participation_id].append((badge, token_of(badge)))
    members = list(DelegationMember.objects.filter(delegation=led).order_by("pk")) if led else []
    of_member = {badge.member_id: badge for badge in listed if badge.member_id}
    of_speaker = {badge.speaker_id: badge for badge in listed if badge.speaker_id}
    rules = rules_of(request.edition)
    return {
        "desks": [(desk, of_desk[desk.pk], rules[desk.kind]) for desk in desks],
        "led": led,
        "members": [(member, of_member.get(member.pk)) for member in members],
        "speakers": [(speaker, of_speaker.get(speaker.pk)) for speaker in speakers],
        "booths": list(desks_of(request.user, request.edition)),
        "can_print": rows.filter(domain.can_be_printed()).exists(),
    }


@user_required("GET", "POST")
def badge(request: UserRequest, number: int) -> HttpResponse:
    """One of the reader's badges, to change, to make anew after a loss, or to remove."""
    rows = domain.own_of(request.user, request.edition).select_related("participation__firm", "edition")
    row = row_of(rows, number, _("There is no such badge."))
    return changed(request, row, redirect("my-badges", request.edition.slug), "programme/badges/my_badge.html")


@require_POST
@user_required
def sheets(request: UserRequest) -> HttpResponse:
    """The reader's badges that can be printed, or one of them, as PDF."""
    rows = domain.own_of(request.user, request.edition).filter(domain.can_be_printed())
    if "number" in request.POST:
        rows = rows.filter(pk=number_of(request.POST["number"]) or 0)
    rows = rows.select_related("participation__firm", "edition").order_by(F("participation").asc(nulls_last=True), "pk")
    return sheets_of(request, list(rows[:MOST_AT_ONCE]))
