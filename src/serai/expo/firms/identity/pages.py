"""The organiser's pages of duplicates, merges and splits."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.field_form import country_choices
from serai.expo.base.numbers import numbers_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.identity.domain import duplicates, splits
from serai.expo.firms.identity.domain.comparison import side_by_side
from serai.expo.firms.identity.domain.duplicates import ANSWERS, decide_each
from serai.expo.firms.identity.domain.merges import MergeRefusedError, undo_merge
from serai.expo.firms.identity.models import FirmMerge, FirmPair, FirmParting
from serai.expo.firms.record.domain.fields import longest
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.rules import may_merge
from serai.expo.firms.verification.pages import firm_here
from serai.world.classifications import countries

A_PAGE = 20


@organiser_required("GET", "POST")
def duplicate_list(request: OrganiserRequest) -> HttpResponse:
    if request.method == "POST":
        new = duplicates.look(request.edition)
        sentence = ngettext("%d new pair was found.", "%d new pairs were found.", new) % new
        messages.success(request, sentence)
        return redirect("duplicate-list", request.edition.slug)
    page = Paginator(duplicates.pairs_of(request.edition), A_PAGE).get_page(request.GET.get("page"))
    shown = side_by_side(list(page), request.user)
    may_decide = any(pair.may_merge for pair in shown)
    merges = FirmMerge.objects.filter(undone_at=None, survivor__participations__edition=request.edition)
    recent = merges.select_related("survivor", "merged").distinct()[:20]
    parted = FirmParting.objects.filter(undone_at=None, origin__participations__edition=request.edition)
    partings = parted.select_related("origin", "parted").distinct()[:20]
    return render(
        request,
        "firms/identity/duplicates.html",
        {"page": page, "pairs": shown, "several": may_decide, "merges": recent, "partings": partings},
    )


@organiser_required("POST")
def duplicate_decide(request: OrganiserRequest, number: int) -> HttpResponse:
    """Merge the pair into the firm that is kept, or keep it apart."""
    pair = get_object_or_404(duplicates.pairs_of(request.edition), pk=number)
    if not may_merge(request.user, [pair.one, pair.other]):
        raise PermissionDenied
    return _decided(request, [pair])


@organiser_required("POST")
def duplicates_decide(request: OrganiserRequest) -> HttpResponse:
    """One answer for all pairs chosen, each done by itself and told in words."""
    chosen = numbers_of(request.POST.getlist("chosen"))[:A_PAGE]
    pairs = list(duplicates.pairs_of(request.edition).filter(pk__in=chosen))
    if not pairs:
        messages.error(request, _("Choose the pairs that you decide on."))
    return _decided(request, pairs)


def _decided(request: OrganiserRequest, pairs: Sequence[FirmPair]) -> HttpResponse:
    answer = request.POST.get("answer", "")
    if answer in ANSWERS:
        for told in decide_each(pairs, answer, user=request.user, edition=request.edition):
            (messages.success if told.done else messages.error)(request, told.sentence)
    return redirect("duplicate-list", request.edition.slug)


@organiser_required("POST")
def merge_undo(request: OrganiserRequest, number: int) -> HttpResponse:
    merges = FirmMerge.objects.select_related("survivor", "merged")
    made = get_object_or_404(merges.filter(survivor__participations__edition=request.edition).distinct(), pk=number)
    if not may_merge(request.user, [made.survivor]):
        raise PermissionDenied
    with told_to(request, MergeRefusedError):
        left = undo_merge(made, user=request.user, edition=request.edition)
        messages.success(
            request,
            _("The merge is taken back: %s and %s are two firms again.")
            % (shown_name(made.survivor), shown_name(made.merged)),
        )
        if left:
            sentence = ngettext(
                "%d thing that has changed since stays as it is now.",
                "%d things that have changed since stay as they are now.",
                len(left),
            )
            messages.warning(request, sentence % len(left))
    return redirect("duplicate-list", request.edition.slug)


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


urlpatterns = [
    path("organiser/firms/<slug:identifier>/part/", firm_split, name="firm-part"),
    path("organiser/partings/<int:number>/undo/", split_undo, name="parting-undo"),
    path("organiser/duplicates/", duplicate_list, name="duplicate-list"),
    path("organiser/duplicates/decide/", duplicates_decide, name="duplicates-decide"),
    path("organiser/duplicates/<int:number>/", duplicate_decide, name="duplicate-decide"),
    path("organiser/merges/<int:number>/undo/", merge_undo, name="merge-undo"),
]
