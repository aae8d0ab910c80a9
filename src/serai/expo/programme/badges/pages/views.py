"""Badges of an exhibitor's staff, the certificate, the address of a scanned badge, and the answers that all pages of
badges share.
"""

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from serai.expo.base.exporters import PDF, download
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.participants.exhibitors.domain.tasks import desks_of
from serai.expo.participants.exhibitors.pages import DeskRequest, desk_required
from serai.expo.participants.participation.domain.representation import desks_of as acting_desks_of
from serai.expo.programme.badges.domain.badges import (
    BadgeRefusedError,
    badges_of,
    keep_badge,
    make_anew,
    note_printed,
    remove_badge,
)
from serai.expo.programme.badges.domain.documents import badge_of, badges_pdf, certificate_pdf, token_of
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.badges.pages.forms import BadgeForm

MOST_AT_ONCE = 400
"""Limit of badges in one file."""


def sheets_of(request: UserRequest, printed: list[Badge]) -> HttpResponse:
    """The badges as PDF, four a sheet, noted as printed. Raises Http404 for no badges."""
    if not printed:
        raise Http404(_("There are no badges to print."))
    made = badges_pdf(
        printed, lambda token: request.build_absolute_uri(reverse("badge-seen", args=[request.edition.slug, token]))
    )
    note_printed(printed, user=request.user)
    return download(made, "badges.pdf", PDF, inline=True)


def changed(request: UserRequest, badge: Badge, back: HttpResponse, template: str) -> HttpResponse:
    """The page of a badge with its form, or what was sent from it: the badge removed, made anew, or changed."""
    form = BadgeForm(badge, request.POST if request.method == "POST" else None)
    if request.method == "POST" and "remove" in request.POST:
        remove_badge(badge, user=request.user)
        return back
    if request.method == "POST" and "anew" in request.POST:
        make_anew(badge, user=request.user)
        messages.success(request, _("The old code answers no more. Print the badge again."))
        return back
    if request.method == "POST" and form.is_valid():
        keep_badge(badge, user=request.user)
        return back
    page = {"form": form, "badge": badge, **_square(request, badge)}
    return render(request, template, page, status=400 if form.errors else 200)


def _square(request: UserRequest, badge: Badge) -> dict[str, str]:
    """The code of a badge that lets in, and its square to be read from a screen; nothing for any other."""
    if badge.state != Badge.State.GRANTED:
        return {}
    token = token_of(badge)
    address = request.build_absolute_uri(reverse("badge-seen", args=[request.edition.slug, token]))
    return {"token": token, "square": segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2)}


@desk_required("expo.edit_desk", "GET", "POST")
def badges(request: DeskRequest) -> HttpResponse:
    """Badges of the people at the booth, and the form of a new one."""
    participation = request.participation
    blank = Badge(edition=request.edition, participation=participation, kind=participation.kind)
    form = BadgeForm(blank, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, BadgeRefusedError):
            keep_badge(form.instance, user=request.user)
            return redirect("desk-badges", request.edition.slug, participation.firm.identifier)
    kept = [(badge, token_of(badge)) for badge in badges_of(participation)]
    page = {"form": form, "badges": kept, "confirmed": participation.state == Participation.State.CONFIRMED}
    return render(request, "programme/badges/badges.html", page, status=400 if form.errors else 200)


@desk_required("expo.edit_desk", "GET", "POST")
def badge(request: DeskRequest, number: int) -> HttpResponse:
    """A badge to change, to make anew after a loss, or to remove."""
    rows = Badge.objects.filter(participation=request.participation).select_related("edition")
    row = row_of(rows, number, _("There is no such badge."))
    row.participation = request.participation
    back = redirect("desk-badges", request.edition.slug, request.participation.firm.identifier)
    return changed(request, row, back, "programme/badges/badge.html")


@require_POST
@desk_required("expo.edit_desk")
def sheets(request: DeskRequest) -> HttpResponse:
    """The badges of the exhibitor as PDF. Only those of a confirmed participant are printed."""
    if request.participation.state != Participation.State.CONFIRMED:
        raise Http404(_("Badges are printed once the organiser has confirmed your participation."))
    granted = [badge for badge in badges_of(request.participation) if badge.state == Badge.State.GRANTED]
    return sheets_of(request, granted)


@require_GET
@desk_required("expo.see_desk")
def certificate(request: DeskRequest) -> HttpResponse:
    """The certificate of participation, from the last day of the fair on, in the reader's language."""
    participation = request.participation
    if participation.state != Participation.State.CONFIRMED or today_at(request.edition) < request.edition.ends_on:
        raise Http404(_("The certificate can be had from the last day of the fair on."))
    return download(certificate_pdf(participation, get_language() or "en"), "certificate.pdf", PDF, inline=True)


@user_required
def seen(request: UserRequest, token: str) -> HttpResponse:
    """Redirect from the code of a badge: those who keep leads to a new lead, organisers to the door, other participants
    to a new contact."""
    if badge_of(request.edition, token) is None:
        raise Http404(_("This is not the code of a badge of this fair."))
    for desk in desks_of(request.user, request.edition):
        if request.user.has_perm("expo.use_leads", desk):
            address = reverse("desk-lead-new", args=[request.edition.slug, desk.firm.identifier])
            return redirect(f"{address}?badge={token}")
    if request.user.has_perm("expo.read_entrance", request.edition):
        return redirect(f"{reverse('door', args=[request.edition.slug])}?code={token}")
    if acting_desks_of(request.user, request.edition):
        return redirect(f"{reverse('my-contact-new', args=[request.edition.slug])}?badge={token}")
    raise Http404(_("Only those who take part in this fair keep contacts."))
