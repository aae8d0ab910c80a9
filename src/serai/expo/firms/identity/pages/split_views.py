"""The organiser splits a record that mixes two firms, and undoes a split."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.choices import country_choices
from serai.expo.base.numbers import numbers_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.identity.domain import splits
from serai.expo.firms.identity.models import FirmParting
from serai.expo.firms.record.domain.fields import longest
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.rules import may_merge
from serai.expo.firms.verification.pages.claim_views import firm_here
from serai.world.classifications import countries


@organiser_required("GET", "POST")
def firm_split(request: OrganiserRequest, identifier: str) -> HttpResponse:
    """Choose what goes to the new record."""
    firm = firm_here(request, identifier)
    if not may_merge(request.user, [firm]):
        raise PermissionDenied
    if request.method == "POST":
        with told_to(request, splits.SplitRefusedError):
            made = splits.split_firm(firm, _chosen(request), user=request.user, edition=request.edition)
            messages.success(
                request,
                _("%s is a firm of its own now; its identifier is %s. This can be taken back below.")
                % (shown_name(made.parted), made.parted.identifier),
            )
            return redirect("duplicate-list", request.edition.slug)
    parts = splits.splittables()
    groups = [
        (name, parts[name].title, [(row.pk, parts[name].words(row)) for row in rows])
        for name, rows in splits.choices(firm).items()
        if rows
    ]
    return render(
        request,
        "firms/identity/part.html",
        {"firm": firm, "groups": groups, "countries": country_choices(), "said": request.POST},
    )


def _chosen(request: OrganiserRequest) -> splits.Chosen:
    country = request.POST.get("country", "")
    if country not in countries.countries():
        raise splits.SplitRefusedError(_("There is no such country or region. Choose one of the list."))
    rows = {name: frozenset(numbers_of(request.POST.getlist(name))) for name in splits.splittables()}
    name = request.POST.get("legal_name", "").replace("\0", "")[: longest("legal_name")]
    return splits.Chosen(name, country, frozenset(request.POST.getlist("names")), rows)


@organiser_required("POST")
def split_undo(request: OrganiserRequest, number: int) -> HttpResponse:
    here = FirmParting.objects.filter(origin__participations__edition=request.edition, undone_at=None)
    made = get_object_or_404(here.select_related("origin", "parted").distinct(), pk=number)
    if not may_merge(request.user, [made.origin, made.parted]):
        raise PermissionDenied
    with told_to(request, splits.SplitRefusedError):
        splits.undo_split(made, user=request.user, edition=request.edition)
        messages.success(request, _("The parting is taken back: all of it is %s again.") % shown_name(made.origin))
    return redirect("duplicate-list", request.edition.slug)
