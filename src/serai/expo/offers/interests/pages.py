"""The market for everyone, expressions of interest of participants, and quotations as their two sides see them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from serai.expo.base.field_form import country_choices
from serai.expo.base.files.pages import handed_out
from serai.expo.base.filters import read
from serai.expo.base.forms import FilterForm
from serai.expo.base.rows import row_of
from serai.expo.base.submission import back_or, told_in, told_to
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.interests import domain as interests_of
from serai.expo.offers.interests.domain import TERMS, InterestRefusedError, with_standing
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.domain.specification import UNITS
from serai.expo.offers.market.domain.visibility import (
    ItemFilter,
    answering,
    is_private,
    listed,
    named_to,
    narrowed,
    visible_to,
)
from serai.expo.offers.market.models import Agreement, Incoterm, Interest, Need, Offer
from serai.expo.offers.market.pages.structured_data import market_item as structured_item
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import Acting, acting, desks_of
from serai.expo.participants.participation.pages.guards import (
    CHOSEN,
    ParticipantRequest,
    acting_among,
    participant_required,
)
from serai.world.classifications.country_groups import groups


class InterestForm(forms.Form):
    """The three questions, and the kind of agreement."""

    agreement = forms.ChoiceField(label=_("Kind of agreement"), required=False)
    cooperation = forms.CharField(
        label=_("What kind of cooperation do you mean?"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    unclear = forms.CharField(
        label=_("What is unclear to you?"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    about = forms.CharField(
        label=_("Who are you?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you do, how large you are, with whom you work. Your firm is named to the other side."),
    )

    def __init__(self, agreements: list[str], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["agreement"]
        assert isinstance(field, forms.ChoiceField)
        choices = [choice for choice in Agreement.choices if not agreements or choice[0] in agreements]
        field.choices = [("", "—"), *choices]


def filter_form(edition: Edition, kind: str, wanted: ItemFilter) -> FilterForm:
    """What of the market is shown: needs or offers, and the conditions that a call takes too."""
    shown = forms.ChoiceField(
        label=_("What"), choices=[("need", _("Needs")), ("offer", _("Offers"))], required=False, initial=kind
    )
    return FilterForm(
        wanted,
        first={"kind": shown},
        always=("q", "family", "unnamed"),
        choices={
            "chain": [(chain.slug, in_language(chain.title).text) for chain in chains_of_edition(edition)],
            "country": country_choices(),
            "group": [(group.key, in_language(group.titles).text) for group in groups()],
        },
    )


class QuotationForm(forms.Form):
    """A price, for how much of what, delivered how and where, in what time, and until when it holds."""

    price = forms.DecimalField(label=_("Price"), max_digits=16, decimal_places=4, min_value=Decimal("0.0001"))
    currency = forms.CharField(
        label=_("Currency (ISO 4217)"), max_length=3, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
    per = forms.DecimalField(
        label=_("For how many"),
        max_digits=16,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        initial=1,
        help_text=_("Of the unit below: 1000 where the price is for a thousand."),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS[1:])
    incoterm = forms.ChoiceField(
        label=_("Term of delivery (Incoterms 2020)"), choices=[("", "—"), *Incoterm.choices], required=False
    )
    place = forms.CharField(label=_("Place that the term names"), max_length=200, required=False)
    quantity = forms.DecimalField(
        label=_("Quantity that it holds for"), max_digits=16, decimal_places=2, min_value=Decimal(0), required=False
    )
    lead_time_days = forms.IntegerField(label=_("Lead time in days"), min_value=0, max_value=3_650, required=False)
    valid_until = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=_("The quotation as a document"), required=False, help_text=_("PDF or picture, up to 8 MB.")
    )

    def __init__(self, standing: Quotation | None, data: Any = None, files: Any = None) -> None:
        initial = {name: getattr(standing, name) for name in TERMS} if standing else {}
        for name in ("price", "per", "quantity"):
            if isinstance(amount := initial.get(name), Decimal):
                initial[name] = amount.normalize() if amount == amount.to_integral() else amount
                initial[name] = format(initial[name], "f")
        super().__init__(data, files, initial=initial)
        if standing and standing.file:
            self.fields["file"].help_text = gettext("Without a new file %s stays with it.") % standing.file.name

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(gettext("A currency has three letters, such as CNY."))
        return code

    def clean(self) -> dict[str, Any]:
        """A day that is not over, and a place for a term that names one."""
        values = super().clean() or self.cleaned_data
        if values.get("incoterm") and not values.get("place"):
            self.add_error("place", gettext("Say the place that the term of delivery names."))
        if (until := values.get("valid_until")) is not None and until < timezone.localdate():
            self.add_error("valid_until", gettext("The day until which it holds is over already."))
        return values


MODELS: dict[str, type[Offer] | type[Need]] = {"offer": Offer, "need": Need}
A_PAGE = 30


@require_GET
def market(request: EditionRequest) -> HttpResponse:
    """What is looked for, or what is offered: the newest first, with words the best; who stays unnamed is not named."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in MODELS else "need"
    wanted = read(ItemFilter, request.GET)
    rows = narrowed(listed(request.user, request.edition, MODELS[kind]), wanted, request.edition, request.user)
    # Thousands of keys are put in order many times as fast as thousands of whole items.
    keys = answering(request.edition, rows, wanted.words) if wanted.words else rows.values_list("pk", flat=True)
    page = Paginator(keys, A_PAGE).get_page(request.GET.get("page"))
    by_key = rows.in_bulk(list(page.object_list))
    items = [by_key[key] for key in page.object_list]
    is_named = named_to(request.user, request.edition)
    return render(
        request,
        "offers/interests/market.html",
        {
            "form": filter_form(request.edition, kind, wanted),
            "kind": kind,
            "page": page,
            "items": [(item, is_named(item), is_private(item)) for item in items],
            "acts": bool(_by(request)),
        },
    )


def _by(request: EditionRequest) -> Acting | None:
    """For whom the reader acts at this fair, if for anybody."""
    if not request.user.is_authenticated:
        return None
    user = request.user
    desks = desks_of(user, request.edition)
    chosen = request.session.get(CHOSEN)
    own = next((desk for desk in desks if desk.firm.identifier == chosen), desks[0] if desks else None)
    return acting(user, own) if own else None


@require_http_methods(["GET", "POST"])
def market_item(request: EditionRequest, kind: str, number: int) -> HttpResponse:
    """An offer or a need with all that it says, and the form of an expression of interest."""
    items = _visible(request, kind).select_related("participation__firm", "participation__edition", "node__chain")
    missing = gettext("There is no such offer or need on the market.")
    item = row_of(items.prefetch_related("files"), number, missing)
    named, by = named_to(request.user, request.edition)(item), _by(request)
    is_own = by is not None and by.participation.firm_id == item.participation.firm_id
    own_interest = _said(item, by)
    form = InterestForm(item.agreements, request.POST if request.method == "POST" else None)
    if request.method == "POST" and by is not None and form.is_valid():
        with told_in(form, interests_of.InterestRefusedError):
            interests_of.say(by, item, form.cleaned_data)
            messages.success(request, gettext("Your interest is with the other side."))
            return redirect("interests", request.edition.slug)
    page = {
        "item": item,
        "kind": kind,
        "named": named,
        "unnamed": not named,
        "has_page": item.participation.kind in EXHIBITING,
        "is_own": is_own,
        "by": by,
        "said": own_interest,
        "form": form
        if by is not None and not is_own and (own_interest is None or own_interest.state == "withdrawn")
        else None,
        "structured": structured_item(item, request, named=not item.anonymous),
    }
    return render(request, "offers/interests/item.html", page, status=400 if form.errors else 200)


def _visible(request: EditionRequest, kind: str) -> QuerySet[Any]:
    user, edition = request.user, request.edition
    return visible_to(user, edition, Need) if kind == "need" else visible_to(user, edition, Offer)


def _said(item: Offer | Need, by: Acting | None) -> Interest | None:
    if by is None:
        return None
    of_item = {"need": item} if isinstance(item, Need) else {"offer": item}
    return Interest.objects.filter(asker=by.participation, **of_item).first()


@participant_required("GET")
def interests(request: ParticipantRequest) -> HttpResponse:
    """Expressions of interest received and sent."""
    own = request.by.participation
    received: list[Any] = list(with_standing(interests_of.received(own)))
    page = {
        "own": own,
        "by": request.by,
        "desks": request.desks,
        "received": received,
        "sent": list(with_standing(interests_of.sent(own))),
        "quoted": {row.need_id: row.need for row in received if row.need and row.standing and row.state != "declined"},
    }
    return render(request, "offers/interests/interests.html", page)


@participant_required("POST")
def interest(request: ParticipantRequest, number: int) -> HttpResponse:
    """Accept or decline what was said of one's own, or withdraw what one has said."""
    rows = interests_of.visible_to(request.user, request.edition)
    rows = rows.select_related("offer__participation", "need__participation", "asker")
    row = row_of(rows, number, gettext("There is no such expression of interest of yours."))
    by = acting_among(request, row.asker, row.item.participation) or request.by
    act, words = request.POST.get("act"), request.POST.get("words", "")
    with told_to(request, interests_of.InterestRefusedError):
        if act == "withdraw":
            interests_of.withdraw(by, row)
        else:
            interests_of.answer(by, row, accept=act == "accept", words=words)
        messages.success(request, gettext("It is done; the other side is told."))
    return back_or(request, "interests", request.edition.slug)


ORDERS = (
    ("price", gettext_lazy("Price")),
    ("lead", gettext_lazy("Lead time")),
    ("until", gettext_lazy("Valid until")),
)


@participant_required("GET", "POST")
def quotation(request: ParticipantRequest, number: int) -> HttpResponse:
    """What is quoted in an expression of interest, and what was before; who would sell says, replaces or withdraws."""
    own = request.by.participation
    interest = _interest(request, number)
    history = interests_of.history(interest)
    standing = next((row for row in history if row.state == Quotation.State.STANDS), None)
    sells = interests_of.seller_of(interest).pk == own.pk and interest.state in interests_of.OPEN_TO_QUOTES
    posted = request.method == "POST"
    withdraws = posted and request.POST.get("act") == "withdraw"
    data = (request.POST, request.FILES) if posted and not withdraws else ()
    form = QuotationForm(standing, *data) if sells else None
    try:
        if withdraws:
            interests_of.withdraw_quotation(request.by, interest)
            messages.success(request, gettext("Your quotation is withdrawn; the other side is told."))
            return redirect("quotation", request.edition.slug, number)
        if posted and form is None:
            raise InterestRefusedError(gettext("Only the side that would sell says a price."))
        if form is not None and form.is_valid():
            terms = dict(form.cleaned_data)
            interests_of.quote(request.by, interest, terms, file=terms.pop("file"))
            messages.success(request, gettext("Your quotation is with the other side."))
            return redirect("quotation", request.edition.slug, number)
    except InterestRefusedError as refusal:
        if form is None or withdraws:
            messages.error(request, str(refusal))
            return redirect("quotation", request.edition.slug, number)
        form.add_error(None, str(refusal))
    is_asker = interest.asker_id == own.pk
    other = interest.item.participation if is_asker else interest.asker
    page = {
        "interest": interest,
        "other": other,
        "named": not is_asker or not interest.item.anonymous or interest.state == Interest.State.ACCEPTED,
        "standing": standing,
        "earlier": [row for row in history if row is not standing],
        "form": form,
    }
    return render(
        request, "offers/interests/quotation.html", page, status=400 if form is not None and form.errors else 200
    )


@participant_required("GET")
def quotation_file(request: ParticipantRequest, number: int) -> FileResponse:
    """The document of a quotation, for its two sides."""
    row = get_object_or_404(Quotation.objects.select_related("file", "interest"), pk=number, file__isnull=False)
    _interest(request, row.interest_id)
    assert row.file is not None
    return handed_out(row.file)


@participant_required("GET")
def compare(request: ParticipantRequest, number: int) -> HttpResponse:
    """The quotations for a need of one's own, in one table."""
    own = request.by.participation
    need = get_object_or_404(Need.objects.filter(participation=own), pk=number)
    order = request.GET.get("order", "price")
    order = order if order in dict(ORDERS) else "price"
    rows = interests_of.compared(need, own, order=order)
    page = {
        "need": need,
        "found": rows,
        "orders": ORDERS,
        "order": order,
        "differ": len({(row.currency, row.unit) for row in rows}) > 1,
    }
    return render(request, "offers/interests/quotations.html", page)


def _interest(request: ParticipantRequest, number: int) -> Interest:
    interest = interests_of.of_side(request.by.participation, number)
    if interest is None:
        raise Http404(gettext("There is no such expression of interest of yours."))
    return interest


urlpatterns = [
    path("market/", market, name="market"),
    path("market/interests/", interests, name="interests"),
    path("market/interests/<int:number>/", interest, name="interest"),
    path("market/interests/<int:number>/quotation/", quotation, name="quotation"),
    path("market/quotations/<int:number>/file/", quotation_file, name="quotation-file"),
    path("market/needs/<int:number>/quotations/", compare, name="quotations"),
    *(
        path(f"market/{kind}s/<int:number>/", market_item, {"kind": kind}, name=f"market-{kind}")
        for kind in ("offer", "need")
    ),
]
