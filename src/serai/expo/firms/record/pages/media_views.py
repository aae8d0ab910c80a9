"""A firm's page of its logo, its pictures and films."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Phase
from serai.expo.fairs.edition.pages.guards import user_required
from serai.expo.firms.record.domain import media
from serai.expo.firms.record.models import Firm
from serai.expo.firms.verification.pages.claim_views import edited_firm


@user_required("GET", "POST")
def firm_media(request: Any, identifier: str) -> HttpResponse:
    firm = edited_firm(request, identifier)
    closed = closed_sentence(request.edition, Phase.Kind.PROFILE)
    if request.method == "POST" and not closed:
        with told_to(request, media.MediumRefusedError):
            messages.success(request, _answer(request, firm))
        return redirect("firm-media", request.edition.slug, firm.identifier)
    page = {"firm": firm, "media": firm.media.select_related("file"), "closed": closed}
    return render(request, "firms/record/media.html", page)


def _answer(request: Any, firm: Firm) -> str:
    given = request.POST
    caption = {get_language() or "en": given.get("caption", "").replace("\0", "")}
    if number := given.get("remove"):
        medium = get_object_or_404(firm.media.select_related("file"), pk=number_of(number) or 0)
        media.remove(medium, user=request.user)
        return _("It is removed.")
    if given.get("logo") == "remove":
        media.remove_logo(firm, user=request.user)
        return _("It is removed.")
    if link := given.get("link", "").replace("\0", "").strip():
        media.add_film(firm, link, caption, user=request.user)
        return _("The link is kept.")
    upload = request.FILES.get("file")
    if upload is None:
        raise media.MediumRefusedError(_("Choose a picture, or write the address of a film."))
    if "logo" in given:
        media.set_logo(firm, upload, user=request.user)
    else:
        media.add_picture(firm, upload, caption, user=request.user)
    return _("The picture is kept.")
