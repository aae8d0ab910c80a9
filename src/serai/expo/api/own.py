"""Operations on what is one's own, with a key."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from serai.expo.api import shown
from serai.expo.api.caller import caller_of, in_edition, require
from serai.expo.api.models import ApiKey
from serai.expo.api.pages import page_of
from serai.expo.api.problems import ProblemError
from serai.expo.api.public import Cut, own_firms, with_firm
from serai.expo.certificates import canonical_list
from serai.expo.editions.models import Edition, Participation, Phase
from serai.expo.editions.phases import closed_sentence
from serai.expo.exhibitors.access import desks
from serai.expo.exhibitors.rules import DUTIES
from serai.expo.leads.models import Lead
from serai.expo.market.keeping import ItemRefusedError, keep_item, submit_for_review
from serai.expo.market.models import Need, Offer
from serai.expo.people.models import User
from serai.expo.programme.models import Session
from serai.expo.programme.signing_up import SignUpRefusedError, sign_up, withdraw

router = Router(tags=["My own"])


@router.get("/me", response=shown.CallerShown, operation_id="me", summary="Whose key this is")
def me(request: HttpRequest) -> Any:
    user = require(request, ApiKey.Scope.READ)
    key = caller_of(request).key
    assert key is not None
    return shown.CallerShown(
        mail=user.email, name=str(user), scopes=key.scopes, only_in=key.only_in.slug if key.only_in else None
    )


@router.get(
    "/editions/{slug}/my/participations",
    response=list[shown.ParticipationShown],
    operation_id="my_participations",
    summary="As what my firms take part",
)
def my_participations(request: HttpRequest, slug: str) -> Any:
    require(request, ApiKey.Scope.READ)
    with in_edition(request, slug) as edition:
        rows = with_firm(Participation.objects.filter(edition=edition, firm__in=own_firms(request)))
        return [shown.participation(row) for row in rows.order_by("pk")]


@router.get(
    "/editions/{slug}/my/leads",
    response=shown.Page[shown.LeadShown],
    operation_id="my_leads",
    summary="My firm's leads",
)
def my_leads(request: HttpRequest, slug: str, cut: Query[Cut]) -> Any:
    """Whom your firm met. Leads belong to the firm alone; not even the organiser reads them."""
    require(request, ApiKey.Scope.READ)
    with in_edition(request, slug) as edition:
        keeping = [kind for kind, duties in DUTIES.items() if "leads" in duties]
        rows = Lead.objects.filter(edition=edition, participation__firm__in=own_firms(request, keeping))
        return page_of(rows.select_related("participation__firm"), shown.lead, cursor=cut.cursor, limit=cut.limit)


def _session(edition: Edition, number: int) -> Session:
    found = Session.objects.filter(edition=edition, pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404(_("The programme has no such session."))
    return found


@router.post(
    "/editions/{slug}/programme/{number}/seat",
    response={200: shown.SeatShown},
    operation_id="take_seat",
    summary="Sign up for a session",
)
def take_seat(request: HttpRequest, slug: str, number: int) -> Any:
    """A seat, or a place on the waiting list. Doing it twice changes nothing."""
    user = require(request, ApiKey.Scope.WRITE)
    with in_edition(request, slug) as edition:
        try:
            seat = sign_up(user, _session(edition, number))
        except SignUpRefusedError as refusal:
            raise ProblemError(409, str(refusal)) from None
        return shown.SeatShown(session=number, state=seat.state)


@router.delete(
    "/editions/{slug}/programme/{number}/seat",
    response={204: None},
    operation_id="give_seat_up",
    summary="Withdraw from a session",
)
def give_seat_up(request: HttpRequest, slug: str, number: int) -> Any:
    user = require(request, ApiKey.Scope.WRITE)
    with in_edition(request, slug) as edition:
        withdraw(user, _session(edition, number))
    return HttpResponse(status=204)


def _desk(request: HttpRequest, edition: Edition, identifier: str, permission: str) -> tuple[User, Participation]:
    """The participation of a firm for which the caller may do what ``permission`` says."""
    user = require(request, ApiKey.Scope.WRITE)
    found = desks(edition).filter(firm__identifier=identifier.upper()).first()
    if found is None:
        raise Http404(_("No exhibitor of this fair has this identifier."))
    if not user.has_perm(permission, found):
        raise ProblemError(403, _("You may not change what this firm offers and needs."))
    return user, found


def _fields(given: shown.ItemGiven) -> dict[str, Any]:
    fields = given.model_dump(exclude={"submit"})
    fields["certificates"] = canonical_list(fields["certificates"])
    if (quantity := fields.get("quantity")) is not None:
        fields["quantity"] = Decimal(str(round(quantity, 2)))
    return fields


def _hand_in(item: Offer | Need, user: User) -> None:
    try:
        submit_for_review(item, user=user)
    except ItemRefusedError as refusal:
        raise ProblemError(409, str(refusal)) from None


def _enter(
    request: HttpRequest, slug: str, identifier: str, given: shown.ItemGiven, model: type[Offer] | type[Need]
) -> Any:
    with in_edition(request, slug) as edition:
        user, participation = _desk(request, edition, identifier, "expo.edit_market")
        if closed := closed_sentence(edition, Phase.Kind.NEEDS if model is Need else Phase.Kind.PROFILE):
            raise ProblemError(409, closed)
        item = model(edition=edition, participation=participation, **_fields(given))
        try:
            item.full_clean(exclude=["number", "review"])
        except ValidationError as faults:
            errors = [{"at": f"body/{name}", "fault": " ".join(words)} for name, words in faults.message_dict.items()]
            raise ProblemError(
                422, _("This cannot be kept; see 'errors'. Nothing was changed."), errors=errors
            ) from None
        with transaction.atomic():
            keep_item(item, user=user)
            if given.submit:
                _hand_in(item, user)
        return shown.EnteredShown(number=item.pk, review=item.review)


@router.post(
    "/editions/{slug}/firms/{identifier}/offers",
    response=shown.EnteredShown,
    operation_id="enter_offer",
    summary="Enter an offer",
)
def enter_offer(request: HttpRequest, slug: str, identifier: str, given: shown.OfferGiven) -> Any:
    """A draft of what your firm offers, handed in for review with ``submit``."""
    return _enter(request, slug, identifier, given, Offer)


@router.post(
    "/editions/{slug}/firms/{identifier}/needs",
    response=shown.EnteredShown,
    operation_id="enter_need",
    summary="Enter a need",
)
def enter_need(request: HttpRequest, slug: str, identifier: str, given: shown.NeedGiven) -> Any:
    """A draft of what your firm looks for, handed in for review with ``submit``."""
    return _enter(request, slug, identifier, given, Need)
