"""The record of a firm in words: a row of a list, and who said what when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from serai.expo.base.fields import Field
from serai.expo.base.files.models import StoredFile
from serai.expo.base.text import in_language
from serai.expo.firms.record.domain.fields import Row
from serai.expo.firms.record.domain.firm_page import in_words
from serai.expo.firms.record.domain.provenance import said_of
from serai.expo.firms.record.domain.record_pages import Group
from serai.expo.firms.record.models import Certification, Firm
from serai.expo.people.account.models import User


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
    """Who said each field and list of the firm, in one query."""
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
