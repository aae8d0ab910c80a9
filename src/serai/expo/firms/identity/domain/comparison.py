"""Which records are compared, and how two records stand beside one another."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from serai.expo.base.text import country_name, in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.identity.domain.likeness import Record, core
from serai.expo.firms.identity.domain.name_words import heard, words_of
from serai.expo.firms.identity.models import FirmPair
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.domain.names import romanised
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import reach_of
from serai.expo.people.account.models import User

REASONS: Mapping[str, str | Promise] = {
    "same_number": _("the same number: %s"),
    "other_number": _("different numbers: %s"),
    "names": _("names alike by %s"),
    "addresses": _("addresses alike by %s"),
    "no_address": _("no addresses to compare"),
    "other_country": _("different countries: %s"),
    "other_unit": _("different unit numbers"),
    "other_form": _("different legal forms"),
    "other_city": _("different cities"),
    "same_site": _("the same web site: %s"),
}


@dataclass(frozen=True)
class Line:
    """A field of both firms, and whether they say the same."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


@dataclass(frozen=True)
class Shown:
    """A pair with its fields, how likely it is one firm, why, and whether the reader may merge it."""

    pair: FirmPair
    percent: int
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]
    may_merge: bool


def side_by_side(pairs: Sequence[FirmPair], user: User) -> list[Shown]:
    """The pairs as they are shown, in a fixed number of queries."""
    firms = {firm.pk: firm for pair in pairs for firm in (pair.one, pair.other)}
    for pair in pairs:
        pair.one, pair.other = firms[pair.one_id], firms[pair.other_id]
    prefetch_related_objects(list(firms.values()), "identifiers", "aliases")
    with scopes_disabled():
        taking_part = Participation.objects.filter(firm__in=firms).order_by().values_list("firm")
        fairs = dict(taking_part.annotate(Count("edition", distinct=True)))
    reach = reach_of(user, firms)
    return [
        Shown(
            pair,
            round(100 * (pair.probability or 0)),
            tuple(_sentence(code, details) for code, details in pair.reasons),
            tuple(_lines(pair.one, pair.other, fairs)),
            pair.one_id in reach and pair.other_id in reach,
        )
        for pair in pairs
    ]


def _sentence(code: str, said: str) -> str:
    words = str(REASONS.get(code, code))
    return words % said if "%s" in words else words


def _lines(one: Firm, other: Firm, fairs: Mapping[int, int]) -> list[Line]:
    said = (_fields(one, fairs), _fields(other, fairs))
    return [Line(label, said[0][label], said[1][label]) for label in said[0] if said[0][label] or said[1][label]]


def _fields(firm: Firm, fairs: Mapping[int, int]) -> dict[str, str]:
    return {
        str(FIRM["legal_name"].words): firm.legal_name,
        str(FIRM["name"].words): " · ".join(firm.name.values()),
        str(FIRM["aliases"].words): " · ".join(alias.name for alias in firm.aliases.all()),
        str(_("Identifier")): firm.identifier,
        str(FIRM["country"].words): country_name(firm.country),
        str(FIRM["city"].words): str(in_language(firm.city)),
        str(FIRM["address"].words): str(in_language(firm.address)),
        str(FIRM["website"].words): firm.website,
        str(FIRM["identifiers"].words): " · ".join(str(number) for number in firm.identifiers.all()),
        str(FIRM["founded"].words): str(firm.founded or ""),
        str(_("Fairs")): str(fairs.get(firm.pk, 0)),
    }


LARGEST_BLOCK = 60
"""A word that more firms of a country have says nothing of who they are."""

_HEAD = 4
_OWN_HEAD = 6

type Block = tuple[str, str]


def in_blocks[Key](records: Mapping[Key, Record]) -> dict[Block, list[Key]]:
    """The records of each block."""
    members: dict[Block, list[Key]] = defaultdict(list)
    for key, record in records.items():
        for block in blocks_of(record):
            members[block].append(key)
    return members


def blocks_of(record: Record) -> set[Block]:
    """What may lead to another record of the same firm: a number, a site, a word, a head or the sound of a name."""
    return set(_blocks(record))


def _blocks(record: Record) -> Iterator[Block]:
    yield from record.numbers
    if record.host:
        yield "site", record.host
    for name in record.names:
        words = words_of(name)
        yield from ((record.country, word) for word in romanised(name).split() if len(word) > 1)
        yield from ((record.country, f"own:{word}") for word in words.own if len(word) > 1)
        yield record.country, f"head:{core(name)[:_HEAD]}"
        yield record.country, f"own head:{words.joined[:_OWN_HEAD]}"
        yield record.country, f"heard:{heard(words)}"
