"""Claiming a firm, entering a new one, and the organiser's list of claims."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, user_required
from serai.expo.firms.identity.domain.duplicates import like, record_of
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import duties_in, is_visible_at
from serai.expo.firms.verification.domain import claims as claiming
from serai.expo.firms.verification.models import Claim
from serai.expo.firms.verification.pages.forms import ClaimForm, RegisterForm


def firm_here(request: Any, identifier: str) -> Firm:
    """A firm that takes part in the edition, by its own identifier or one that leads to it."""
    firm = get_object_or_404(Firm, identifier=leading(identifier))
    get_object_or_404(Participation.objects.filter(edition=request.edition, firm=firm).order_by("pk")[:1])
    return firm


def edited_firm(request: Any, identifier: str) -> Firm:
    """A firm of the edition that the reader may change. Raises PermissionDenied, or Http404 for who may not see it."""
    firm = firm_here(request, identifier)
    if "edit" not in duties_in(request.user, firm.pk):
        _require_known(request, firm)
        raise PermissionDenied
    return firm


def _require_known(request: Any, firm: Firm) -> None:
    # That a buyer takes part, or who has applied, is nobody else's to learn.
    if not is_visible_at(request.user, request.edition, firm):
        raise Http404(_("No exhibitor of this fair has this identifier."))


@user_required("GET", "POST")
def firm_claim(request: Any, identifier: str) -> HttpResponse:
    """Claim a firm that everyone sees, or one that an organiser gave a code."""
    firm = firm_here(request, identifier)
    if not firm.claim_codes.filter(used_at=None, expires_at__gt=timezone.now()).exists():
        _require_known(request, firm)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, claiming.ClaimError):
            made = claiming.claim(firm, request.user, **form.cleaned_data, edition=request.edition)
            granted = made.state == Claim.State.GRANTED
            sentence = _("You speak for the firm now.") if granted else _("Your claim waits for the organiser.")
            messages.success(request, sentence)
            return redirect("firm", request.edition.slug, firm.identifier)
    of_domain = claiming.has_its_domain(request.user, firm)
    return render(request, "firms/verification/claim.html", {"firm": firm, "form": form, "of_domain": of_domain})


@user_required("GET", "POST")
def register_firm(request: Any) -> HttpResponse:
    """Enter a firm; one that may be known is shown first."""
    form = RegisterForm(request.POST or None, asked=request.method == "POST")
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        entered = (given["country"], [given["legal_name"]], given["address"])
        alike = like(record_of(*entered, website=given["website"]))
        if not alike or given["sure"]:
            language = get_language() or "en"
            made = claiming.register(
                legal_name=given["legal_name"],
                country=given["country"],
                name={language: given["legal_name"]},
                address={language: given["address"]} if given["address"] else {},
                website=given["website"],
                language=language,
                user=request.user,
                edition=request.edition,
                on=timezone.localdate(),
            )
            messages.success(request, _("%s is entered; its identifier is %s.") % (made.legal_name, made.identifier))
            return redirect("edition", request.edition.slug)
    return render(request, "firms/verification/register.html", {"form": form, "found": alike})


@organiser_required("GET", "POST")
def claim_list(request: OrganiserRequest) -> HttpResponse:
    """The claims that wait, and codes for firms."""
    waiting = claiming.waiting(request.edition)
    if request.method == "POST":
        if "identifier" in request.POST:
            firm = firm_here(request, request.POST["identifier"].strip()[:16])
            code = claiming.new_code(firm, request.edition, user=request.user)
            messages.success(request, _("Code for %s, shown this once: %s") % (shown_name(firm), code))
        else:
            claim = get_object_or_404(waiting, pk=number_of(request.POST.get("claim")) or 0)
            with told_to(request, claiming.ClaimError):
                claiming.decide(claim, request.edition, grant=request.POST.get("answer") == "grant", user=request.user)
        return redirect("claim-list", request.edition.slug)
    return render(request, "firms/verification/claims.html", {"claims": waiting})
