"""What this room tells the registries: letters, withdrawal, items taken off the market."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from serai.expo.base.text import in_language, isolated
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.offers.interests.domain import (
    end_interests,
    end_quotation,
    received,
    standing_by,
    take_back,
    tell_withdrawn,
)
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.domain.items import taken_off
from serai.expo.offers.market.models import Interest, MarketItem, Need, Offer
from serai.expo.participants.desk.domain import Answer, Due, dues, entry
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends

State = Interest.State

ITEM: dict[str, Place] = {"title": (gettext_lazy("the title of the offer or need"), gettext_lazy("Separator film"))}
WORDS: dict[str, Place] = {"words": (gettext_lazy("what the other side wrote"), gettext_lazy("We look for a partner."))}

taken_off.register(end_interests)

letter(
    "interest-ended",
    title=gettext_lazy("What one was interested in is taken down"),
    when=gettext_lazy("To the owners of a firm whose expression of interest was not answered."),
    places=ITEM,
    needed=("title",),
    words=lambda: (
        _("On the market no more: %s") % "{title}",
        "{title}\n\n" + _("It was taken off the market before your expression of interest was answered."),
    ),
)


def _about(key: str, title: Promise, subject: Callable[[], str]) -> None:
    letter(
        key,
        title=title,
        when=gettext_lazy("To the owners of the firm. It names nobody, since one side may stay unnamed."),
        places=ITEM | WORDS,
        needed=("title",),
        words=lambda: (
            subject(),
            "{title}\n\n{words}\n\n" + _("Read it among your expressions of interest."),
        ),
    )


_about("interest-said", gettext_lazy("Somebody is interested"), lambda: _("Interest in: %s") % "{title}")
_about("interest-accepted", gettext_lazy("Interest is accepted"), lambda: _("Accepted: %s") % "{title}")
_about("interest-declined", gettext_lazy("Interest is declined"), lambda: _("Declined: %s") % "{title}")
_about("quotation-said", gettext_lazy("A quotation is made"), lambda: _("A quotation: %s") % "{title}")
_about(
    "quotation-withdrawn",
    gettext_lazy("A quotation is withdrawn"),
    lambda: _("A quotation was withdrawn: %s") % "{title}",
)


def _asked(participation: Participation, _at: datetime) -> list[MarketItem]:
    """Its offers and needs in which somebody's interest waits for an answer."""
    items = []
    for model, name in ((Offer, "offer"), (Need, "need")):
        waiting = Interest.objects.filter(state=State.OPEN, **{name: OuterRef("pk")})
        items.append(model.objects.filter(Exists(waiting), participation=participation))
    return list(chain.from_iterable(items))


def _end(leaving: Leaving, items: list[MarketItem]) -> None:
    for item in items:
        end_interests(item, leaving.user)


def _withdraw(leaving: Leaving, interests: list[Interest]) -> None:
    for interest in interests:
        take_back(Acting(leaving.user, leaving.participation), interest)


def _end_quotations(leaving: Leaving, quotations: list[Quotation]) -> None:
    """Nobody stands behind its prices any more; who has no answer yet is told of the end of the interest alone."""
    by = Acting(leaving.user, leaving.participation)
    for quotation in quotations:
        end_quotation(quotation, Quotation.State.WITHDRAWN, by)
        if quotation.interest.state == State.ACCEPTED:
            tell_withdrawn(quotation.interest, by)


ends(
    "quotations",
    order=40,  # before its interests end, with which the prices of others end
    rows=lambda participation, _at: standing_by(participation),
    end=_end_quotations,
    words=ngettext_lazy("%d quotation that stands is withdrawn.", "%d quotations that stand are withdrawn."),
)
ends("interests-in-it", rows=_asked, end=_end)
ends(
    "interests",
    rows=lambda participation, _at: Interest.objects.filter(asker=participation, state=State.OPEN),
    end=_withdraw,
)

entry("interests", "market", title=gettext_lazy("Interest"), duty="meet", order=30)


@dues
def unanswered_interests(participation: Participation, _now: datetime) -> Iterator[Due]:
    """Expressions of interest in an offer or a need of this participant."""
    slug = participation.edition.slug
    for interest in received(participation).filter(state=Interest.State.OPEN):
        address = reverse("interest", args=[slug, interest.pk])
        firm = in_language(interest.asker.firm.name).text or interest.asker.firm.legal_name
        item = in_language(interest.item.title).text
        yield Due(
            "interests",
            _("%(firm)s is interested in: %(item)s") % {"firm": isolated(firm), "item": isolated(item)},
            lost=_("They wait for your answer and may go to another firm."),
            address=reverse("interests", args=[slug]),
            about=interest.cooperation,
            answers=(
                Answer(_("Accept"), address, "accept"),
                Answer(_("Decline"), address, "decline", is_first=False),
            ),
            duty="meet",
        )
