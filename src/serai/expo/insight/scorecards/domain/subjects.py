"""What a scorecard can be of: a country, a group of countries, an industry, a chain.

At a fair these are the groups that it chose and its own chains; without one, all groups and the chains of the package.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.groups.domain import US_AND_EUROPE, choosable, members
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.world.classifications import countries
from serai.world.classifications.industries import industries
from serai.world.classifications.titles import industry_titles
from serai.world.readers import MAKERS, default_table
from serai.world.scorecards import chains_of_the_package

COUNTRY, GROUP, INDUSTRY, CHAIN = "country", "group", "industry", "chain"
KINDS: Mapping[str, Promise] = {
    COUNTRY: _("Countries and regions"),
    GROUP: _("Groups of countries"),
    CHAIN: _("Chains"),
    INDUSTRY: _("Industries"),
}
"""The kinds of subjects, with the title of their list."""


@dataclass(frozen=True)
class Subject:
    """One subject by kind and code: alpha-2 of a country, key of a group, label of an industry, slug of a chain.

    ``language`` is set where the title is not in the reader's.
    """

    kind: str
    code: str
    title: str
    language: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.code}"


def subject(edition: Edition | None, kind: str, code: str) -> Subject | None:
    """The subject of this kind and code, at a fair where one is given; None where there is none."""
    return next((other for other in subjects(edition, kind) if other.code == code), None)


def subjects(edition: Edition | None, kind: str) -> list[Subject]:
    """All subjects of a kind: countries by title, the others in their own order."""
    if kind == COUNTRY:
        return _countries(get_language() or "en")
    if kind == GROUP:
        keys = edition.country_groups if edition else dict(choosable())
        return [Subject(GROUP, key, title) for key, title in choosable([key for key in keys if key != US_AND_EUROPE])]
    if kind == INDUSTRY:
        rows = industries(CLASSIFICATION).items()
        return [_titled(INDUSTRY, label, industry_titles(label, row["name"])) for label, row in rows]
    if kind == CHAIN:
        chains = chains_of_edition(edition) if edition else chains_of_the_package()
        return [_titled(CHAIN, chain.slug, chain.title) for chain in chains]
    return []


@cache
def _countries(language: str) -> list[Subject]:
    named = [Subject(COUNTRY, code, countries.name(code, language)) for code in countries.countries()]
    return sorted(named, key=lambda subject: subject.title)


def _titled(kind: str, code: str, title: Mapping[str, str]) -> Subject:
    text = in_language(title)
    return Subject(kind, code, text.text, "" if text.language == get_language() else text.language)


CLASSIFICATION = "oecd2025-45"
"""The industries of the table of makers in the package. Another table, named by SERAI_TABLE, has its own."""


def table_of_makers() -> str:
    """The name of the table by which industries and chains are measured."""
    return default_table(MAKERS)


def members_of(edition: Edition | None, group: str) -> Sequence[str]:
    """The alpha-3 codes of a group's members on the opening day of the fair, else today."""
    day = edition.starts_on if edition else timezone.localdate()
    return sorted(countries.country(code).alpha3 for code in members(group, day))
