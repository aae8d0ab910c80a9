"""A quotation as its two sides see it, and those for one need side by side."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.files.pages.response import handed_out
from serai.expo.offers.interests.domain import quotations
from serai.expo.offers.interests.domain.interests import InterestRefusedError
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.interests.pages.forms import QuotationForm
from serai.expo.offers.market.models import Interest, Need
from serai.expo.participants.participation.pages.guards import ParticipantRequest, participant_required

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
    history = quotations.history(interest)
    standing = next((row for row in history if row.state == Quotation.State.STANDS), None)
    sells = quotations.seller_of(interest).pk == own.pk and interest.state in quotations.OPEN_TO_QUOTES
    posted = request.method == "POST"
    withdraws = posted and request.POST.get("act") == "withdraw"
    data = (request.POST, request.FILES) if posted and not withdraws else ()
    form = QuotationForm(standing, *data) if sells else None
    try:
        if withdraws:
            quotations.withdraw_quotation(request.by, interest)
            messages.success(request, _("Your quotation is withdrawn; the other side is told."))
            return redirect("quotation", request.edition.slug, number)
        if posted and form is None:
            raise InterestRefusedError(_("Only the side that would sell says a price."))
        if form is not None and form.is_valid():
            terms = dict(form.cleaned_data)
            quotations.quote(request.by, interest, terms, file=terms.pop("file"))
            messages.success(request, _("Your quotation is with the other side."))
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
    rows = quotations.compared(need, own, order=order)
    page = {
        "need": need,
        "found": rows,
        "orders": ORDERS,
        "order": order,
        "differ": len({(row.currency, row.unit) for row in rows}) > 1,
    }
    return render(request, "offers/interests/quotations.html", page)


def _interest(request: ParticipantRequest, number: int) -> Interest:
    interest = quotations.of_side(request.by.participation, number)
    if interest is None:
        raise Http404(_("There is no such expression of interest of yours."))
    return interest
