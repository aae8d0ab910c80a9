"""Answers that pages of badges share: the page of one badge, and sheets to print."""

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from serai.expo.base.downloads import PDF, download
from serai.expo.fairs.edition.pages.guards import UserRequest
from serai.expo.programme.badges.domain.badges import keep_badge, make_anew, note_printed, remove_badge
from serai.expo.programme.badges.domain.documents import badges_pdf
from serai.expo.programme.badges.domain.tokens import token_of
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
