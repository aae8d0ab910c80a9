"""Operations on what is one's own, with a key."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from serai.expo.api import shown
from serai.expo.api.caller import caller_of, in_edition, require
from serai.expo.api.models import ApiKey
from serai.expo.api.pages import page_of
from serai.expo.api.problems import ProblemError
from serai.expo.api.public import Cut, own_firms, with_firm
from serai.expo.editions.models import Edition, Participation
from serai.expo.leads.models import Lead
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
        rows = Lead.objects.filter(edition=edition, participation__firm__in=own_firms(request))
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
