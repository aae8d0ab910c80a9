"""Who should meet whom in an edition, with the reasons in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import get_language
from django_scopes import scope

from serai.expo.base.rows import among
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import members
from serai.expo.firms.record.domain.size_classes import computed_size
from serai.expo.firms.record.models import Firm as FirmRow
from serai.expo.meetings.matchmaking.domain import entries
from serai.expo.meetings.matchmaking.domain.market import Read, Wanted, read_chains, read_market, said_by
from serai.expo.meetings.matchmaking.domain.partners import Partner, with_reasons, with_reasons_of_all
from serai.expo.meetings.matchmaking.domain.source_values import weighed
from serai.expo.meetings.matchmaking.domain.trade_table import trading
from serai.expo.meetings.matchmaking.models import Exposure, MatchingChoice, SourceValue
from serai.expo.meetings.meeting.domain.permission import Side, permits
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.market.models import Need
from serai.expo.offers.search.domain.index import keep_up
from serai.expo.offers.search.domain.search import catch_up
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING, exhibitors
from serai.match import partners as matcher
from serai.match.fairness.floors import Ledger, Point
from serai.match.firm_pairs import EVERYBODY
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
    """What the source in this match changes by property, above 0 for the better; None where nothing can be told."""


def partners_of(participation: Participation, *, public: bool, most: int = 20) -> list[Partner]:
    """The best partners of one participant.

    With ``public`` only exhibitors are considered, since a buyer's needs are private. Only what is near the
    participant's offers and needs is read, by meaning, by words and along the chains, so that a page is fast; links
    between industries are added if these give nobody.
    """
    edition, choice = participation.edition, choice_of(participation.edition)
    chains, refused, weights = read_chains(edition), _refused(edition, participation), _weights(choice)
    own = Q(participation=participation)
    of_own = Placement.objects.filter(own, edition=edition)
    nodes = {chains.place[node] for node in of_own.values_list("node_id", flat=True) if node in chains.place}
    near = _near(participation)
    seen = Q(participation__kind__in=EXHIBITING) if public else Q()

    def matches_by(trading_links: Sequence[Link]) -> tuple[Read, list[Match]]:
        joining = {end for link in trading_links if not nodes.isdisjoint(link.ends) for end in link.ends}
        on_nodes = Placement.objects.filter(edition=edition, node__in=chains.nodes(joining)).order_by()
        asked = Placement.objects.filter(edition=edition, node__in=chains.nodes(nodes), need__isnull=False).order_by()
        offers, firms = on_nodes.filter(offer__isnull=False), on_nodes.filter(offer=None, need=None)
        wanted = Wanted(
            offers=own | among("pk", near["offer"]) | Q(pk__in=offers.values("offer")),
            needs=own | ((among("pk", near["need"]) | Q(pk__in=asked.values("need"))) & seen),
            firms=Q(pk=participation.pk) | among("pk", near["firm"]) | Q(pk__in=firms.values("participation")),
        )
        read = read_market(edition, chains, trading_links, wanted)
        key = str(participation.pk)
        if key not in read.market.firms:
            return read, []
        return read, matcher.partners_of(read.market, key, most=most, excluded=refused, weights=weights)

    # Industries that trade are a thousand more to read, and rank below all others: so they are looked at where there
    # is nobody else.
    read, matches = matches_by(links(chains.chains))
    if nodes and not matches:
        read, matches = matches_by(trading(chains.chains, choice))
    return with_reasons(read, participation, matches)


def _near(participation: Participation, need: Need | None = None) -> Mapping[str, set[int]]:
    """The primary keys of offers, needs and participations nearest to all that one says, or to one need."""
    edition = participation.edition
    catch_up(edition)
    return entries.by_kind(entries.near(edition, said_by(participation, need), participation.pk))


NOTHING = Q(pk__in=())


def suppliers_for(need: Need) -> tuple[Read, list[Match]]:
    """Exhibitors that offer what a need states, the best first; `with_reasons` gives the reasons.

    Other needs of the buyer do not count.
    """
    edition, buyer = need.edition, need.participation
    chains = read_chains(edition)
    near = _near(buyer, need)
    of_need = Placement.objects.filter(edition=edition, need=need).order_by().values("node")
    makers = Placement.objects.filter(edition=edition, side=Placement.Side.OFFER, node__in=of_need).order_by()
    # What the buyer itself offers tells which of the nodes its need means.
    wanted = Wanted(
        offers=Q(participation=buyer)
        | among("pk", near["offer"])
        | Q(pk__in=makers.exclude(offer=None).values("offer")),
        needs=NOTHING,
        firms=Q(pk=buyer.pk) | among("pk", near["firm"]) | Q(pk__in=makers.filter(offer=None).values("participation")),
        unpublished=[need.pk],
    )
    stated = [link for link in links(chains.chains) if link.trade is Trade.STATED]
    read = read_market(edition, chains, stated, wanted)
    key = str(buyer.pk)
    if key not in read.market.firms:
        return read, []
    return read, matcher.partners_of(
        read.market,
        key,
        most=len(read.market.firms),
        excluded=_refused(edition, buyer),
        weights=weights_of(edition),
        limits=EVERYBODY,
    )


def partners_of_edition(
    edition: Edition,
    *,
    most: int = 10,
    floor: int | None = None,
    meaning: bool = True,
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
    meaning: bool = True,
    weights: Weights | None = None,
    on: date | None = None,
) -> Lists:
    """The lists of a day, by default today.

    Lists are spread over the fair. Each protected participant stands in at least ``floor`` lists, by default the number
    that the organiser chose, less what earlier days gave beyond their promise, plus what they lacked. The organiser's
    weights of a link count within the relevance that a list may lose. Two participants that the fair's rules keep apart
    are in no list of each other. Without ``meaning`` texts are compared by their words alone. ``weights`` default to
    `weights_of`.
    """
    choice = choice_of(edition)
    weights = weights or _weights(choice)
    read = _kept_apart(edition, read_edition(edition, meaning=meaning))
    promised = _promised(edition, choice.floor if floor is None else floor)
    owed = _owed(edition, promised, on or timezone.localdate())

    spread = Spread(floors={str(pk): lists for pk, lists in owed.items()})
    lists = lists_of_read(edition, read, weights, most, values_for(read, choice, weights, most), spread)
    return Lists(read, {int(firm): matches for firm, matches in lists.items()}, promised)


def lists_of_read(
    edition: Edition,
    read: Read,
    weights: Weights,
    most: int,
    values: LinkValues | None,
    spread: Spread | None = None,
) -> dict[str, list[Match]]:
    """The lists of a market that is read, by the keys of its firms, spread over the fair."""
    return matcher.partners_in(
        read.market,
        per_firm=most,
        excluded=_refused(edition),
        weights=weights,
        link_values=values,
        spread=spread or Spread(),
    )


def values_for(read: Read, choice: MatchingChoice, weights: Weights, most: int) -> LinkValues | None:
    """What the sources of the best candidates of each firm are worth to its lists: of twice as many as are listed, so
    that one that is nearly as relevant can come in. None where nothing counts or nothing is stored."""
    edition = choice.edition
    if not any(choice.link_weights.values()) or not SourceValue.objects.filter(edition=edition).exists():
        return None
    wide = matcher.partners_in(read.market, per_firm=2 * most, excluded=_refused(edition), weights=weights)
    matches = [match for of_firm in wide.values() for match in of_firm]
    return weighed(edition.pk, matches, choice.link_weights, choice.most_lost)


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


def explain_pair(first: Participation, second: Participation, *, meaning: bool = True) -> Explained:
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
        link = weighed(first.edition_id, [between.match], {}, 0.0).of(*keys)
        told = (*partner.sentences, *partner.wishes, *partner.supply)
        return Explained(between.match, told, cut, link)


def reasons_with(participation: Participation, others: Iterable[Participation]) -> dict[int, tuple[str, ...]]:
    """Reasons to meet each of ``others``, by primary key; without those with whom nothing joins the participant."""
    partners = partners_among(participation, others)
    return {pk: (*partner.sentences, *partner.wishes, *partner.supply) for pk, partner in partners.items()}


def told_with(participation: Participation, other: Participation) -> dict[str, Any]:
    """For a page about the two: the ``reasons`` to meet, and the ``value`` of the source where it can be told."""
    partner = partners_among(participation, [other]).get(other.pk)
    if partner is None:
        return {"reasons": (), "value": None}
    return {"reasons": (*partner.sentences, *partner.wishes), "value": partner.value}


def partners_among(participation: Participation, others: Iterable[Participation]) -> dict[int, Partner]:
    """Each of ``others`` as a partner, by primary key; without those with whom nothing joins the participant.

    Only the offers and needs of these participants are read, so that a page of meetings is fast.
    """
    edition = participation.edition
    keys = {participation.pk, *(other.pk for other in others)}
    chains = read_chains(edition)
    theirs = Q(among("participation", keys))
    wanted = Wanted(offers=theirs, needs=theirs, firms=Q(among("pk", keys)))
    read = read_market(edition, chains, trading(chains.chains, choice_of(edition)), wanted)
    own = str(participation.pk)
    there = [pk for pk in sorted(keys - {participation.pk}) if str(pk) in read.market.firms]
    if own not in read.market.firms or not there:
        return {}
    matches = matcher.matches_with(read.market, own, map(str, there))
    return {partner.participation.pk: partner for partner in with_reasons(read, participation, matches)}


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


def read_edition(edition: Edition, *, meaning: bool = True) -> Read:
    """The whole market of an edition."""
    if meaning:
        keep_up(edition)
    chains = read_chains(edition)
    return read_market(edition, chains, trading(chains.chains, choice_of(edition)), meaning=meaning)
