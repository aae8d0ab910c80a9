"""Prices, terms and contracts of booths, for the organiser and for the exhibitor."""

from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.base.text import in_language, language_name
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required
from serai.expo.participants.exhibitors.pages import DeskRequest, desk_required
from serai.expo.venue.contracts.domain.contracts import (
    ContractRefusedError,
    confirmed_stands,
    current_terms,
    hand_in,
    is_outdated,
    of_participation,
    offer,
    offer_all,
    publish_terms,
    withdraw,
)
from serai.expo.venue.contracts.domain.document import parts
from serai.expo.venue.contracts.models import STANDING, BoothContract, BoothTerms


class BoothTermsForm(forms.Form):
    """A new version of the terms of exhibiting."""

    text = LocalizedTextFormField(label=_("Terms"), long=True, max_length=40_000)
    party = forms.CharField(
        label=_("The organiser as a party"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Legal name, address, number in a register, who signs."),
    )
    language = forms.ChoiceField(
        label=_("Language of the fair"), help_text=_("It stands beside the language of each reader.")
    )
    currency = forms.CharField(label=_("Currency of the prices of booths (ISO 4217)"), max_length=3, required=False)

    def __init__(self, terms: BoothTerms | None, data: Any = None) -> None:
        initial = {name: getattr(terms, name) for name in ("text", "party", "language", "currency")} if terms else {}
        super().__init__(data, initial=initial)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [(code, language_name(code)) for code, _name in settings.LANGUAGES]

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(gettext("A currency has three letters, such as CNY."))
        return code


class SignedForm(forms.Form):
    """The signed page, who signed it and when."""

    file = forms.FileField(label=_("The signed page"), help_text=_("PDF or picture, up to 8 MB."))
    signed_by = forms.CharField(label=_("Who has signed"), max_length=160)
    signed_as = forms.CharField(label=_("Position"), max_length=160, required=False)
    signed_on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )


A_PAGE = 100


@organiser_required("GET", "POST")
def contracts(request: OrganiserRequest) -> HttpResponse:
    """Every confirmed booth with its contract, and the terms; a POST offers one or all, or publishes new terms."""
    edition = request.edition
    publishes = request.method == "POST" and "publish" in request.POST
    form = BoothTermsForm(current_terms(edition), request.POST if publishes else None)
    try:
        if publishes and form.is_valid():
            publish_terms(edition, by=request.user, **form.cleaned_data)
            messages.success(request, gettext("The new version of the terms is published."))
            return redirect("booth-contracts", edition.slug)
        if request.method == "POST" and not publishes:
            messages.success(request, _offered(request))
            return redirect("booth-contracts", edition.slug)
    except ContractRefusedError as refusal:
        if not publishes:
            messages.error(request, str(refusal))
            return redirect("booth-contracts", edition.slug)
        form.add_error(None, str(refusal))
    stands = Paginator(confirmed_stands(edition), A_PAGE).get_page(request.GET.get("page"))
    standing = BoothContract.objects.filter(edition=edition, state__in=STANDING)
    by_stand = {(row.participation_id, row.booth_id): row for row in standing.defer("content")}
    states = Counter(row.state for row in by_stand.values())
    page = {
        "form": form,
        "terms": current_terms(edition),
        "page": stands,
        "rows": [(stand, by_stand.get((stand.participation_id, stand.booth_id))) for stand in stands],
        "offered": states[BoothContract.State.OFFERED],
        "signed": states[BoothContract.State.SIGNED],
    }
    return render(request, "venue/contracts/contracts.html", page, status=400 if form.errors else 200)


def _offered(request: OrganiserRequest) -> str:
    edition = request.edition
    if "all" in request.POST:
        count = offer_all(edition, by=request.user)
        return ngettext("%d contract is offered.", "%d contracts are offered.", count) % count
    stands = confirmed_stands(edition)
    offer(get_object_or_404(stands, pk=number_of(request.POST.get("stand")) or 0), by=request.user)
    return gettext("The contract is offered, and the exhibitor is told.")


@organiser_required("GET", "POST")
def contract(request: OrganiserRequest, pk: int) -> HttpResponse:
    """One contract to print; a POST hands the signed page in, or withdraws it."""
    related = ("participation__firm", "terms", "booth__hall", "file", "offered_by", "handed_in_by")
    row = get_object_or_404(BoothContract.objects.select_related(*related), edition=request.edition, pk=pk)
    back = redirect("booth-contract", request.edition.slug, pk)
    if request.method == "POST" and "withdraw" in request.POST:
        with told_to(request, ContractRefusedError):
            withdraw(row, by=request.user)
            messages.success(request, gettext("The contract is withdrawn."))
        return back
    form, done = _signed(request, row)
    if done:
        return back
    page = {"shown": _document(row), "form": form, "outdated": is_outdated(row)}
    return render(
        request, "venue/contracts/contract.html", page, status=400 if form is not None and form.errors else 200
    )


@desk_required("expo.edit_desk", "GET", "POST")
def desk_contract(request: DeskRequest) -> HttpResponse:
    """The exhibitor's contracts to print, and what hands the signed page in."""
    rows = of_participation(request.participation)
    asked = number_of(request.POST.get("number")) if request.method == "POST" else None
    if request.method == "POST" and asked not in {row.pk for row in rows}:
        raise Http404(gettext("There is no such contract."))
    shown, wrong = [], False
    for row in rows:
        form, done = _signed(request, row, posted=row.pk == asked)
        if done:
            return redirect("desk-contract", request.edition.slug, request.participation.firm.identifier)
        wrong = wrong or bool(form is not None and form.errors)
        shown.append(_document(row) | {"form": form})
    return render(request, "venue/contracts/desk_contract.html", {"contracts": shown}, status=400 if wrong else 200)


def _signed(request: UserRequest, contract: BoothContract, *, posted: bool = True) -> tuple[SignedForm | None, bool]:
    """The form where the contract waits for a signature, and whether the signed page has just been handed in."""
    if contract.state != BoothContract.State.OFFERED:
        return None, False
    if request.method != "POST" or not posted:
        return SignedForm(), False
    form = SignedForm(request.POST, request.FILES)
    if not form.is_valid():
        return form, False
    values = dict(form.cleaned_data)
    try:
        hand_in(contract, values.pop("file"), user=request.user, **values)
    except ContractRefusedError as refusal:
        form.add_error(None, str(refusal))
        return form, False
    messages.success(request, gettext("The signed page is handed in."))
    return form, True


def _document(contract: BoothContract) -> dict[str, Any]:
    """What its page shows: the fair's language, and the reader's beside it where that is another."""
    languages = list(dict.fromkeys([contract.terms.language, get_language() or "en"]))
    terms = [in_language(contract.terms.text, code) for code in languages]
    content = contract.content
    return {
        "contract": contract,
        "languages": languages,
        "parts": parts(contract, languages),
        "terms": terms,
        "signing": [in_language(content["organiser"]["name"]).text, content["exhibitor"]["legal_name"]],
    }


urlpatterns = [
    path("organiser/booths/contracts/", contracts, name="booth-contracts"),
    path("organiser/booths/contracts/<int:pk>/", contract, name="booth-contract"),
    path("desk/<slug:identifier>/contract/", desk_contract, name="desk-contract"),
]
