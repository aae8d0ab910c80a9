"""Badges of an exhibitor's staff, their sheets to print, the certificate, and the address of a scanned badge."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from serai.expo.base.downloads import PDF, download
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.participants.exhibitors.domain.desks import desks_of
from serai.expo.participants.exhibitors.pages.guards import DeskRequest, desk_required
from serai.expo.participants.participation.domain.representation import desks_of as acting_desks_of
from serai.expo.programme.badges.domain.badges import BadgeRefusedError, badges_of, keep_badge
from serai.expo.programme.badges.domain.documents import certificate_pdf
from serai.expo.programme.badges.domain.tokens import badge_of, token_of
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.badges.pages.forms import BadgeForm
from serai.expo.programme.badges.pages.responses import changed, sheets_of


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
