"""The market for everyone, and expressions of interest of participants."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from serai.expo.base.filters import read
from serai.expo.base.submission import back_or, told_in, told_to
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.offers.interests.domain import interests as interests_of
from serai.expo.offers.interests.domain.quotations import with_standing
from serai.expo.offers.interests.pages.forms import InterestForm, filter_form
from serai.expo.offers.market.domain.visibility import (
    ItemFilter,
    answering,
    is_private,
    listed,
    named_to,
    narrowed,
    visible_to,
)
from serai.expo.offers.market.models import Interest, Need, Offer
from serai.expo.offers.market.pages.structured_data import market_item as structured_item
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import Acting, acting, desks_of
from serai.expo.participants.participation.pages.guards import (
    CHOSEN,
    ParticipantRequest,
    acting_among,
    participant_required,
)

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
    item = (
        _visible(request, kind)
        .filter(pk=number)
        .select_related("participation__firm", "participation__edition", "node__chain")
        .prefetch_related("files")
        .first()
    )
    if item is None:
        raise Http404(_("There is no such offer or need on the market."))
    named, by = named_to(request.user, request.edition)(item), _by(request)
    is_own = by is not None and by.participation.firm_id == item.participation.firm_id
    own_interest = _said(item, by)
    form = InterestForm(item.agreements, request.POST if request.method == "POST" else None)
    if request.method == "POST" and by is not None and form.is_valid():
        with told_in(form, interests_of.InterestRefusedError):
            interests_of.say(by, item, form.cleaned_data)
            messages.success(request, _("Your interest is with the other side."))
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
    row = rows.select_related("offer__participation", "need__participation", "asker").filter(pk=number).first()
    if row is None:
        raise Http404(_("There is no such expression of interest of yours."))
    by = acting_among(request, row.asker, row.item.participation) or request.by
    act, words = request.POST.get("act"), request.POST.get("words", "")
    with told_to(request, interests_of.InterestRefusedError):
        if act == "withdraw":
            interests_of.withdraw(by, row)
        else:
            interests_of.answer(by, row, accept=act == "accept", words=words)
        messages.success(request, _("It is done; the other side is told."))
    return back_or(request, "interests", request.edition.slug)
