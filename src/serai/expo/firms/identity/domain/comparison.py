"""Two firms side by side, for a person who decides whether they are one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.identity.models import FirmPair
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import reach_of
from serai.expo.people.account.models import User
from serai.world.classifications import countries

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
        str(FIRM["country"].words): countries.name(firm.country, get_language() or "en"),
        str(FIRM["city"].words): str(in_language(firm.city)),
        str(FIRM["address"].words): str(in_language(firm.address)),
        str(FIRM["website"].words): firm.website,
        str(FIRM["identifiers"].words): " · ".join(str(number) for number in firm.identifiers.all()),
        str(FIRM["founded"].words): str(firm.founded or ""),
        str(_("Fairs")): str(fairs.get(firm.pk, 0)),
    }
