"""An expression of interest in an offer or a need: said, answered, withdrawn.

Accepting one names to its asker who stayed unnamed; declining names nobody.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.base.collisions import made_once
from serai.expo.base.signals import Hook
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.owners import active_owners
from serai.expo.offers.interests.domain.removal import end_standing
from serai.expo.offers.market.domain.visibility import shown_to_all
from serai.expo.offers.market.models import Interest, MarketItem, Need
from serai.expo.participants.participation.domain.representation import Acting, acted_for, trace
from serai.expo.people.account.models import User

State = Interest.State
MOST_OPEN = 30
"""So many expressions of interest of one participant may wait for an answer at a time."""


vetoes = Hook[[Any, Any], QuerySet[Any]]("vetoes of one participant against another")
"""Answers with the rows that say that the first does not want to meet the second.

Each is a participation, or a reference to one in an outer query.
"""


class InterestRefusedError(ValueError):
    """Why an interest cannot be said or answered, in the reader's language."""


@made_once
def say(by: Acting, item: MarketItem, answers: Mapping[str, str]) -> Interest:
    """Express interest, once for each offer or need; one withdrawn can be said again.

    Raises InterestRefusedError for an item of one's own or one that is on the market no more, for who takes no part,
    and where one waits or was answered already.
    """
    own = by.participation
    if own.state != Participation.State.CONFIRMED:
        raise InterestRefusedError(_("The organiser has to confirm that you take part first."))
    if item.participation_id == own.pk or item.participation.firm_id == own.firm_id:
        raise InterestRefusedError(_("This is your own."))
    if not type(item).objects.filter(shown_to_all(), pk=item.pk).exists():
        raise InterestRefusedError(_("This is on the market no more."))
    if not (answers["cooperation"].strip() and answers["about"].strip()):
        raise InterestRefusedError(_("Say what cooperation you mean, and who you are."))
    if answers.get("agreement") and item.agreements and answers["agreement"] not in item.agreements:
        raise InterestRefusedError(_("Choose one of the kinds of agreement that are sought."))
    waiting = Interest.objects.filter(asker=own, state=State.OPEN).count()
    if waiting >= MOST_OPEN:
        raise InterestRefusedError(_("%d of yours wait for an answer already. Withdraw one first.") % waiting)
    of_item = {"need" if isinstance(item, Need) else "offer": item}
    existing = Interest.objects.select_for_update().filter(asker=own, **of_item).first()
    if existing is not None and existing.state != State.WITHDRAWN:
        raise InterestRefusedError(_("You have expressed interest in this already."))
    before = state(existing) if existing else None
    interest = existing or Interest(edition=by.edition, asker=own, **of_item)
    for name in ("agreement", "cooperation", "unclear", "about"):
        setattr(interest, name, answers.get(name, "").strip())
    interest.state, interest.said_by, interest.said_at = State.OPEN, by.user, timezone.now()
    interest.answered_at, interest.answered_by, interest.answer = None, None, ""
    interest.save()
    trace("interest.said", interest, by, before=before)
    if not has_vetoed(item.participation, own):
        tell(item.participation, "interest-said", item, interest.cooperation)
    return interest


def has_vetoed(participation: Participation, other: Participation) -> bool:
    """Whether ``participation`` does not want to meet ``other``.

    A vetoed side may still ask; it only gets no answer, so that it cannot see the veto.
    """
    return any(rows.exists() for rows in vetoes.call(participation, other))


@transaction.atomic
def answer(by: Acting, interest: Interest, *, accept: bool, words: str = "") -> None:
    """Accept it, which names the owner to the asker, or decline it, which ends its quotation.

    Raises InterestRefusedError.
    """
    held = Interest.objects.select_for_update().get(pk=interest.pk)
    if held.item.participation_id != by.participation.pk:
        raise InterestRefusedError(_("This is not yours to answer."))
    _require_open(held)
    before = state(held)
    held.state = State.ACCEPTED if accept else State.DECLINED
    held.answer, held.answered_at, held.answered_by = words.strip()[:1000], timezone.now(), by.user
    held.save()
    trace(f"interest.{held.state}", held, by, before=before)
    if not accept:
        end_standing(held, by)
    tell(held.asker, "interest-accepted" if accept else "interest-declined", held.item, held.answer)


@transaction.atomic
def withdraw(by: Acting, interest: Interest) -> None:
    """Withdraw it as the asker, before it is answered. Raises InterestRefusedError."""
    held = Interest.objects.select_for_update().get(pk=interest.pk)
    if held.asker_id != by.participation.pk:
        raise InterestRefusedError(_("This is not yours to withdraw."))
    _require_open(held)
    take_back(by, held)


def take_back(by: Acting, held: Interest) -> None:
    """Withdraw an interest that waits for an answer, with its quotation. Call inside of a transaction."""
    before = state(held)
    held.state, held.answered_at = State.WITHDRAWN, timezone.now()
    held.save()
    trace("interest.withdrawn", held, by, before=before)
    end_standing(held, by)


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Interest]:
    """Interests that the user's participants expressed or received. Organisers see none of others."""
    own = acted_for(user, edition).values("pk")
    return _with_owner(edition).filter(Q(asker__in=own) | _told(own))


def received(participation: Participation) -> QuerySet[Interest]:
    """Interests in the offers and needs of a participant, unanswered ones first."""
    rows = _with_owner(participation.edition).filter(_told([participation.pk]))
    return rows.select_related("offer", "need", "asker__firm").order_by("answered_at", "-said_at")


def _with_owner(edition: Edition) -> QuerySet[Interest]:
    owner = Coalesce("offer__participation", "need__participation")
    return Interest.objects.filter(edition=edition).annotate(owner=owner)


def _told(own: Any) -> Q:
    """The condition that one of these participations, by primary key, may read an interest in its item.

    Withdrawn interests are hidden, and open ones of participants that it vetoed.
    """
    told = Q(owner__in=own) & ~Q(state=State.WITHDRAWN)
    for rows in vetoes.call(OuterRef("owner"), OuterRef("asker")):
        told &= ~(Q(state=State.OPEN) & Q(Exists(rows)))
    return told


def sent(participation: Participation) -> QuerySet[Interest]:
    """Interests that a participant expressed in the offers and needs of others."""
    return Interest.objects.filter(asker=participation).select_related(
        "offer__participation__firm", "need__participation__firm"
    )


def _require_open(interest: Interest) -> None:
    if interest.state != State.OPEN:
        raise InterestRefusedError(_("This has been answered or withdrawn."))


def tell(to: Participation, key: str, item: MarketItem, words: str) -> None:
    """Mail to the owners of a firm. It names nobody, because one side may be unnamed."""
    send_letters(
        to.edition,
        active_owners(to.firm_id),
        key,
        lambda _owner: {"title": in_language(item.title).text, "words": words},
    )
