"""The page of a firm: what it says of itself under headings, in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.code_titles import code_titles
from serai.expo.base.fields import Field
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.base.numbers import rounded
from serai.expo.base.text import country_name, in_language, language_name
from serai.expo.firms.record.domain.fields import FIRM, Row
from serai.expo.firms.record.domain.profile import Said, said_of
from serai.expo.firms.record.domain.record_pages import Group
from serai.expo.firms.record.domain.size_classes import NAMES, Sized
from serai.expo.firms.record.domain.visibility import RANK, audience_of, hidden_from, may_read
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.firms.verification.domain import level_of
from serai.expo.firms.verification.models import Verification
from serai.expo.people.account.models import User

HEADINGS: Mapping[str, str | Promise] = {
    "firm": _("The firm"),
    "trade": _("Trade"),
    "sustainability": _("Sustainability"),
}
"""Under which the fields of a firm stand on its page."""


@dataclass(frozen=True)
class Fact:
    """A field in words; ``only`` names its readers where these are not everyone."""

    name: str
    label: str
    text: str
    only: str = ""
    language: str = ""


@dataclass(frozen=True)
class Certificate:
    """A certificate and how it stands on the day."""

    row: Certification
    is_expired: bool
    file: str


@dataclass(frozen=True)
class Profile:
    """All that a reader sees of a firm beyond its name."""

    groups: tuple[tuple[str, tuple[Fact, ...]], ...]
    identifiers: tuple[FirmIdentifier, ...]
    inputs: tuple[Flow, ...]
    outputs: tuple[Flow, ...]
    plants: tuple[Plant, ...]
    certificates: tuple[Certificate, ...]
    verification: Verification | None
    sources: tuple[tuple[str, Said], ...]
    website: str
    logo: str


def profile(firm: Firm, reader: Audience, on: date, sized: Sized | None = None) -> Profile:
    """The firm as a reader (``visibility.reads_as``) sees it on a day, in a fixed number of queries.

    ``sized`` is its size class at the fair where it is seen (``sizing.size_of``).
    """
    hidden = hidden_from(firm, reader)
    inside = RANK[reader] >= RANK[Audience.ORGANISER]

    def rows(name: str) -> list[Any]:
        return [] if name in hidden else list(getattr(firm, name).all())

    aliases = rows("aliases")
    flows = rows("flows")
    files = may_read(firm, "certificate_files", reader)
    facts = list(_facts(firm, aliases, hidden, sized, inside=inside))
    groups = tuple(
        (str(title), under)
        for heading, title in HEADINGS.items()
        if (under := tuple(fact for fact in facts if FIRM[fact.name].heading == heading))
    )
    statements = sorted(said_of(firm).items(), key=lambda item: item[1].at, reverse=True) if inside else []
    certifications = [] if "certifications" in hidden else list(firm.certifications.select_related("file"))
    return Profile(
        groups,
        tuple(rows("identifiers")),
        tuple(flow for flow in flows if flow.direction == Flow.Direction.INPUT),
        tuple(flow for flow in flows if flow.direction == Flow.Direction.OUTPUT),
        tuple(rows("plants")),
        tuple(
            Certificate(
                row,
                row.valid_until is not None and row.valid_until < on,
                row.file.token if row.file and files and RANK[reader] >= RANK[row.file.audience] else "",
            )
            for row in certifications
        ),
        level_of(firm, on),
        tuple(
            (str(FIRM[name].words) if name in FIRM else name, statement)
            for name, statement in statements
            if name not in hidden
        ),
        "" if "website" in hidden else firm.website,
        firm.logo.token if firm.logo else "",
    )


def _facts(
    firm: Firm, aliases: Iterable[FirmAlias], hidden: frozenset[str], sized: Sized | None, *, inside: bool
) -> Iterable[Fact]:
    for name, field in FIRM.items():
        if not field.heading or name in hidden:
            continue
        text = " · ".join(alias.name for alias in aliases) if name == "aliases" else words_of(firm, field)
        if name == "size" and sized and sized.is_computed:
            text = gettext("%(size)s, computed by the rule of this fair") % {"size": NAMES[sized.size]}
        if text:
            audience = audience_of(firm, name)
            only = str(Audience(audience).label) if inside and audience != Audience.PUBLIC else ""
            yield Fact(name, str(field.words), text, only, _language_of(firm, field))


def words_of(firm: Firm, field: Field) -> str:
    """A field of the firm in words, nothing where it says nothing."""
    value = getattr(firm, field.name)
    if value in (None, "", [], {}):
        return ""
    return _MADE_OF_SEVERAL[field.name](firm) if field.name in _MADE_OF_SEVERAL else in_words(field, value)


def in_words(field: Field, value: Any) -> str:
    """A value of a field as people read it."""
    if field.choices:
        return str(dict(field.choices.choices).get(value, value))
    return _IN_WORDS.get(field.kind, str)(value)


def _language_of(firm: Firm, field: Field) -> str:
    """The language of a field in words, nothing where it is the reader's."""
    if field.kind in {"cpc", "incoterms"}:
        return "en"
    return firm.language if field.kind in {"line", "texts", "firm", "rows"} or field.name == "carbon_per_unit" else ""


def _address(firm: Firm) -> str:
    parts = [str(in_language(text)) for text in (firm.address, firm.city, firm.subdivision)]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _emissions(firm: Firm, tonnes: float) -> str:
    return _number(tonnes) + (f" ({firm.emissions_year})" if firm.emissions_year else "")


def _number(value: float) -> str:
    return rounded(value, 2 if value < 10 else 0)


_MADE_OF_SEVERAL: Mapping[str, Callable[[Any], str]] = {
    "address": _address,
    "scope_1": lambda firm: _emissions(firm, firm.scope_1),
    "scope_2": lambda firm: _emissions(firm, firm.scope_2),
    "carbon_per_unit": lambda firm: " / ".join(filter(None, (_number(firm.carbon_per_unit), firm.carbon_unit))),
}
"""Fields that are told together with others."""

_IN_WORDS: Mapping[str, Callable[[Any], str]] = {
    "texts": lambda texts: str(in_language(texts)),
    "day": date_format,
    "days": lambda days: ngettext("%d day", "%d days", days) % days,
    "decimal": lambda value: number_format(value.normalize() if value % 1 else int(value), force_grouping=True),
    "number": _number,
    "yes_no": lambda value: str(_("yes")) if value else "",
    "firm": lambda firm: str(in_language(firm.name)) or firm.legal_name,
    "isic": lambda codes: _codes("isic", codes),
    "cpc": lambda codes: _codes("cpc", codes),
    "country": country_name,
    "countries": lambda codes: " · ".join(map(country_name, codes)),
    "language": language_name,
    "languages": lambda codes: " · ".join(map(language_name, codes)),
    "incoterms": " · ".join,
}
"""How a value of each kind is written for people; of the kinds that are not here as it is."""


def _codes(scheme: str, codes: Iterable[str]) -> str:
    return " · ".join(f"{code} {in_language(code_titles(scheme, code))}".strip() for code in codes)


@dataclass(frozen=True)
class Source:
    """Who said a field and when: what kind of source, and the person where that is known and still here."""

    words: str
    at: datetime
    person: str


@dataclass(frozen=True)
class Told:
    """A field of a row in words; ``file`` is the token of what it opens."""

    label: str
    text: str
    language: str = ""
    file: str = ""


def sources_of(firm: Firm) -> dict[str, Source]:
    """The source of each field and list of the firm, in one query."""
    statements = said_of(firm)
    people_keys = {statement.by for statement in statements.values() if statement.by is not None}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=people_keys)} if people_keys else {}
    return {
        name: Source(statement.words, statement.at, people.get(statement.by or 0, ""))
        for name, statement in statements.items()
    }


def row_in_words(group: Group, row: Row, *, files: bool) -> list[Told]:
    """What a row says, its fields in the order of the page; ``files`` is whether the reader may open them."""
    found = [told for field in group.fields if (told := _told(field, row, files=files))]
    return [*found, *(Told("", str(getattr(row, f"get_{name}_display")())) for name in group.told), *_seen(row)]


def _told(field: Field, row: Row, *, files: bool) -> Told | None:
    value = getattr(row, field.name)
    if value in (None, "", [], {}):
        return None
    label = str(field.title)
    if isinstance(value, StoredFile):
        return Told(label, value.name, file=value.token) if files else None
    if field.kind == "texts":
        text = in_language(value)
        return Told(label, text.text, text.language) if text.text else None
    return Told(label, in_words(field, value), "en" if field.kind in {"line", "code"} else "")


def _seen(row: Row) -> list[Told]:
    if isinstance(row, Certification):
        return [Told("", gettext("seen by the organiser") if row.verified_at else gettext("stated by the firm"))]
    return []
