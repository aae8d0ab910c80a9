"""Who should meet whom in an edition, with the reasons in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import get_language
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import members
from serai.expo.firms.record.domain.size_classes import computed_size
from serai.expo.firms.record.models import Firm as FirmRow
from serai.expo.meetings.matchmaking.domain.market import Read, read_chains, read_market
from serai.expo.meetings.matchmaking.domain.partners import (
    Partner,
    links_for,
    weighted_links,
    with_reasons,
    with_reasons_of_all,
)
from serai.expo.meetings.matchmaking.domain.trade_table import trading
from serai.expo.meetings.matchmaking.models import Exposure, MatchingChoice
from serai.expo.meetings.meeting.domain.permission import Side, permits
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.market.models import Need
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING, exhibitors
from serai.match import partners as matcher
from serai.match.fairness.floors import Ledger, Point
from serai.match.partners import Between, LinkValues, Match, Spread
from serai.match.ranking import JUDGED, Weights, weights_from
from serai.match.reasons import explain_cut
from serai.match.trade_links import Link, Trade, links


@dataclass(frozen=True)
class Explained:
    """Two participants compared: their match if any, its reasons, and the offers that hard requirements exclude."""

    match: Match | None
    sentences: tuple[str, ...]
    cut: tuple[str, ...]
    link: Mapping[str, float] | None
    """Effect of their link on each property by the world table, positive for the better; None if the table lacks them.
    """


def partners_of(participation: Participation, *, public: bool, most: int = 20) -> list[Partner]:
    """The best partners of one participant.

    With ``public`` only exhibitors are considered, since a buyer's needs are private. Only the participant's nodes and
    their neighbours are read, so that a page is fast; links between industries are added if these give few partners.
    """
    edition, choice = participation.edition, choice_of(participation.edition)
    of_own = Placement.objects.filter(edition=edition, participation=participation)
    chains = read_chains(edition)
    own = {chains.place[node] for node in of_own.values_list("node_id", flat=True) if node in chains.place}
    seen = Q(participation__kind__in=EXHIBITING) | Q(participation=participation) if public else Q()
    placements, refused = Placement.objects.filter(seen, edition=edition), _refused(edition, participation)
    # A need meets what is offered on a node of its own: those next to it on the chain trade by their offers alone.
    asked_for = Q(need__in=placements.filter(node__in=chains.nodes(own)).exclude(need=None).order_by().values("need"))

    def matches_by(trading_links: Sequence[Link]) -> tuple[Read, list[Match]] | None:
        near = [link for link in trading_links if not own.isdisjoint(link.ends)]
        nodes = chains.nodes({end for link in near for end in link.ends})
        read = read_market(placements.filter(asked_for | Q(need=None), node__in=nodes), chains, near)
        if str(participation.pk) not in read.market.firms:
            return None
        weights = _weights(choice)
        return read, matcher.partners_of(
            read.market, str(participation.pk), most=most, excluded=refused, weights=weights
        )

    # Industries that trade are a thousand more to read, and rank below who stands next on a chain: so they are looked
    # at where these are few.
    answer = matches_by(links(chains.chains))
    if answer is not None and len(answer[1]) < ENOUGH:
        answer = matches_by(trading(chains.chains, choice))
    if answer is None:
        return []
    read, matches = answer
    return with_reasons(read, participation, matches)


def suppliers_for(need: Need) -> tuple[Read, list[Match]]:
    """Exhibitors that offer what a need states, the best first; `with_reasons` gives the reasons.

    Only the nodes of this need are read. Other needs of the buyer do not count.
    """
    edition, buyer = need.edition, need.participation
    chains = read_chains(edition)
    of_need = Placement.objects.filter(edition=edition, need=need).values_list("node_id", flat=True)
    own = {chains.place[node] for node in of_need if node in chains.place}
    near = [link for link in links(chains.chains) if link.trade is Trade.STATED and link.ends[0] in own]
    # What the buyer itself offers tells which of the nodes its need means.
    offered = Q(need=None) & (Q(participation__kind__in=EXHIBITING) | Q(participation=buyer))
    placements = Placement.objects.filter(offered | Q(need=need), edition=edition, node__in=chains.nodes(own))
    read = read_market(placements, chains, near)
    key = str(buyer.pk)
    if key not in read.market.firms:
        return read, []
    matches = matcher.partners_of(
        read.market, key, most=len(read.market.firms), excluded=_refused(edition, buyer), weights=weights_of(edition)
    )
    return read, matches


ENOUGH = 10
"""With so many partners along the chains, a list does not look at industries."""


def partners_of_edition(
    edition: Edition,
    *,
    most: int = 10,
    floor: int | None = None,
    meaning: bool = False,
    weights: Weights | None = None,
) -> dict[int, list[Partner]]:
    """The partners proposed to every participant, with the reasons, by primary key of its participation."""
    with scope(edition=edition):
        lists = lists_of_edition(edition, most=most, floor=floor, meaning=meaning, weights=weights)
        return with_reasons_of_all(lists.read, lists.matches)


@dataclass(frozen=True)
class Lists:
    """Matches of each participant, by primary key of its participation."""

    read: Read
    matches: Mapping[int, list[Match]]
    promised: Mapping[int, int]
    """Number of lists in which each protected participant should stand on this day, before what earlier days gave."""


def lists_of_edition(
    edition: Edition,
    *,
    most: int = 10,
    floor: int | None = None,
    meaning: bool = False,
    weights: Weights | None = None,
    on: date | None = None,
) -> Lists:
    """The lists of a day, by default today.

    Lists are spread over the fair. Each protected participant stands in at least ``floor`` lists, by default the number
    that the organiser chose, less what earlier days gave beyond their promise, plus what they lacked. The organiser's
    weights of a link count within the relevance that a list may lose. Two participants that the fair's rules keep apart
    are in no list of each other. With ``meaning`` texts are also compared by meaning in any language. ``weights``
    default to `weights_of`.
    """
    choice = choice_of(edition)
    weights = weights or _weights(choice)
    read = _kept_apart(edition, read_edition(edition, meaning=meaning))
    promised = _promised(edition, choice.floor if floor is None else floor)
    owed = _owed(edition, promised, on or timezone.localdate())

    def matched(link_values: LinkValues | None) -> dict[str, list[Match]]:
        return matcher.partners_in(
            read.market,
            per_firm=most,
            excluded=_refused(edition),
            weights=weights,
            link_values=link_values,
            spread=Spread(floors={str(pk): lists for pk, lists in owed.items()}),
        )

    lists = matched(None)
    if choice.link_weights:
        matches = [match for of_firm in lists.values() for match in of_firm]
        lists = matched(weighted_links(read, matches, choice))
    return Lists(read, {int(firm): matches for firm, matches in lists.items()}, promised)


def weights_of(edition: Edition) -> Weights:
    """Weights of the signals of an edition: learned from answers, or the judged ones."""
    return _weights(choice_of(edition))


def _weights(choice: MatchingChoice) -> Weights:
    return weights_from(choice.learned) if choice.learned else JUDGED


def trade_off_of_edition(edition: Edition, floors: Iterable[int], *, most: int = 10) -> list[Point]:
    """What each floor gives to the protected participants and costs everyone: the curve for the organiser's choice."""
    with scope(edition=edition):
        read = _kept_apart(edition, read_edition(edition))
        shielded = {str(pk) for pk in protected(edition)}
        shown = {str(pk) for pk in exhibitors(edition).values_list("pk", flat=True)}
        return matcher.trade_off(
            read.market, shielded, floors, per_firm=most, counted=shown, excluded=_refused(edition)
        )


def explain_pair(first: Participation, second: Participation, *, meaning: bool = False) -> Explained:
    """The match of two participants, in words for the people of the first."""
    with scope(edition=first.edition):
        read = read_edition(first.edition, meaning=meaning)
        keys = str(first.pk), str(second.pk)
        between = Between(None, ())
        if all(key in read.market.firms for key in keys):
            between = matcher.between(read.market, *keys, weights=weights_of(first.edition))
        language = get_language() or "en"
        names = read.names(key for need, offer, _cut in between.cut for key in (need, offer))
        cut = tuple(explain_cut(cut, names[need], names[offer], language) for need, offer, cut in between.cut)
        if between.match is None:
            return Explained(None, (), cut, None)
        (partner,) = with_reasons(read, first, [between.match])
        link = links_for(read, [between.match]).of(*keys)
        return Explained(between.match, (*partner.sentences, *partner.supply), cut, link)


def reasons_with(participation: Participation, others: Iterable[Participation]) -> dict[int, tuple[str, ...]]:
    """Reasons to meet each of ``others``, by primary key; without those on no common link.

    Only the placements of these participants are read, so that a page of meetings is fast.
    """
    edition = participation.edition
    keys = {participation.pk, *(other.pk for other in others)}
    chains = read_chains(edition)
    read = read_market(
        Placement.objects.filter(edition=edition, participation__in=keys, node__in=chains.place),
        chains,
        trading(chains.chains, choice_of(edition)),
    )
    own = str(participation.pk)
    there = [pk for pk in sorted(keys - {participation.pk}) if str(pk) in read.market.firms]
    if own not in read.market.firms or not there:
        return {}
    matches = matcher.matches_with(read.market, own, map(str, there))
    partners = with_reasons(read, participation, matches)
    return {partner.participation.pk: (*partner.sentences, *partner.supply) for partner in partners}


def choice_of(edition: Edition) -> MatchingChoice:
    """The organiser's choice, or unsaved defaults."""
    return MatchingChoice.objects.filter(edition=edition).first() or MatchingChoice(edition=edition)


def protected(edition: Edition) -> set[int]:
    """Participations of exhibitors that are small by the fair's limits or from a least developed country."""
    small = Q(size_here__in=(FirmRow.Size.MICRO, FirmRow.Size.SMALL))
    poor = Q(firm__country__in=members("LDC", edition.starts_on))
    sized = exhibitors(edition).annotate(size_here=computed_size(edition))
    return set(sized.filter(small | poor).values_list("pk", flat=True))


def _promised(edition: Edition, floor: int) -> dict[int, int]:
    """Number of lists a day for each participant that is protected or was promised meetings."""
    asked = dict(
        Participation.objects.filter(edition=edition, meetings_minimum__gt=0).values_list("pk", "meetings_minimum")
    )
    shielded = dict.fromkeys(protected(edition), floor)
    return {pk: max(asked.get(pk, 0), shielded.get(pk, 0)) for pk in sorted(asked.keys() | shielded.keys())}


def _owed(edition: Edition, promised: Mapping[int, int], on: date) -> dict[int, int]:
    """Number of lists that a day owes each participant, after what earlier days promised and gave."""
    before = Exposure.objects.filter(edition=edition, day__lt=on, participation__in=promised).order_by()
    sums = before.values_list("participation").annotate(Sum("promised"), Sum("given"))
    sums_of = {pk: (of_old, given) for pk, of_old, given in sums}
    of_old, given = np.array([sums_of.get(pk, (0, 0)) for pk in promised], dtype=np.int64).reshape(-1, 2).T
    owed = Ledger(of_old, given).floor(list(promised.values()))
    return dict(zip(promised, owed.tolist(), strict=True))


def _refused(edition: Edition, participation: Participation | None = None) -> frozenset[tuple[str, str]]:
    """Pairs of which a side said no thanks; only those of ``participation`` if it is given."""
    of_one = Q(wisher=participation) | Q(wished=participation) if participation else Q()
    vetoes = Wish.objects.filter(of_one, edition=edition, strength=Wish.Strength.NO_THANKS)
    return frozenset((str(wisher), str(wished)) for wisher, wished in vetoes.values_list("wisher_id", "wished_id"))


def _kept_apart(edition: Edition, read: Read) -> Read:
    """The market without the pairs that the fair's rules keep apart."""
    permitted = permits(edition)
    if not permitted.rules:
        return read
    rows = Participation.objects.filter(edition=edition).values_list("pk", "kind", "section", "firm__country")
    sides = {str(pk): Side(kind, section, country) for pk, kind, section, country in rows}
    return replace(read, market=replace(read.market, sorts=permitted.apart([sides[key] for key in read.market.firms])))


def read_edition(edition: Edition, *, meaning: bool = False) -> Read:
    """The whole market of an edition."""
    chains = read_chains(edition)
    placements = Placement.objects.filter(edition=edition, node__in=chains.place)
    return read_market(placements, chains, trading(chains.chains, choice_of(edition)), meaning=meaning)
