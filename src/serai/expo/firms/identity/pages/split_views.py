"""The organiser parts a record that mixes two firms, and takes a parting back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.base.choices import country_choices
from serai.expo.base.numbers import numbers_of
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.identity.domain.splits import (
    OF_FIRM,
    OF_MARKET,
    Chosen,
    PartingRefusedError,
    choices,
    part,
    rejoin,
)
from serai.expo.firms.record.domain.fields import FIRM, longest
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import FirmParting
from serai.expo.firms.record.rules import may_merge
from serai.expo.firms.verification.pages.claim_views import firm_here
from serai.world.classifications import countries


@organiser_required
@require_http_methods(["GET", "POST"])
def firm_part(request: OrganiserRequest, identifier: str) -> HttpResponse:
    """Choose what goes to the new record."""
    firm = firm_here(request, identifier)
    if not may_merge(request.user, [firm]):
        raise PermissionDenied
    if request.method == "POST":
        try:
            made = part(firm, _chosen(request), user=request.user, edition=request.edition)
        except PartingRefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                _("%s is a firm of its own now; its identifier is %s. This can be taken back below.")
                % (shown_name(made.parted), made.parted.identifier),
            )
            return redirect("duplicate-list", request.edition.slug)
    found = choices(firm)
    titles = {
        **{name: str(FIRM[name].words if name in FIRM else "") for name in OF_FIRM},
        "participations": _("Participations"),
        "roles": _("People"),
        "media": _("Pictures and films"),
        "offers": _("Offers"),
        "needs": _("Needs"),
    }
    groups = [
        (name, titles[name], [(row.pk, _word(name, row)) for row in rows]) for name, rows in found.items() if rows
    ]
    return render(
        request,
        "firms/identity/part.html",
        {"firm": firm, "groups": groups, "countries": country_choices(), "said": request.POST},
    )


def _chosen(request: OrganiserRequest) -> Chosen:
    country = request.POST.get("country", "")
    if country not in countries.countries():
        raise PartingRefusedError(_("There is no such country or region. Choose one of the list."))
    rows = {name: frozenset(numbers_of(request.POST.getlist(name))) for name in (*OF_FIRM, *OF_MARKET)}
    name = request.POST.get("legal_name", "").replace("\0", "")[: longest("legal_name")]
    return Chosen(name, country, frozenset(request.POST.getlist("names")), rows)


def _word(name: str, row: Any) -> str:
    """A row as it is called where it is chosen."""
    if name == "participations":
        return f"{row.edition.slug} · {row.get_kind_display()} · {row.get_state_display()}"
    if name == "roles":
        return f"{row.user} · {row.get_kind_display()}"
    if name in OF_MARKET:
        return f"{next(iter(row.title.values()), row.number)} · {row.edition.slug}"
    if name == "plants":
        place = next(iter(row.place.values()), "")
        return " · ".join(part for part in (countries.name(row.country, "en"), place) if part)
    if name == "flows":
        return f"{row.get_direction_display()} {row.code}"
    if name == "positions":
        return f"{next(iter(row.node.title.values()))} · {row.get_role_display()}"
    if name == "media":
        return f"{row.get_kind_display()} {row.number}"
    return str(row)


@organiser_required
@require_POST
def parting_undo(request: OrganiserRequest, number: int) -> HttpResponse:
    here = FirmParting.objects.filter(origin__participations__edition=request.edition, undone_at=None)
    made = get_object_or_404(here.select_related("origin", "parted").distinct(), pk=number)
    if not may_merge(request.user, [made.origin, made.parted]):
        raise PermissionDenied
    try:
        rejoin(made, user=request.user, edition=request.edition)
    except PartingRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The parting is taken back: all of it is %s again.") % shown_name(made.origin))
    return redirect("duplicate-list", request.edition.slug)
