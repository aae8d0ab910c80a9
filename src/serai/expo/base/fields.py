"""The fields of firms, offers and needs: each is declared once, in a table that all layers read.

Pages, forms, imports, calls, exports and the rules of visibility have no list of fields of their own. Each has a table
of what it does with a field, by its ``kind``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from django.db.models import Model, TextChoices
from django.utils.functional import Promise

from serai.expo.base.files.models import Audience

# fmt: off
type Kind = Literal[
    "line", "texts", "link", "year", "days", "number", "decimal", "day", "flag", "yes_no", "choice", "country",
    "language", "languages", "countries", "incoterms", "isic", "cpc", "code", "firm", "file", "together", "rows",
    # of offers and needs
    "hs", "node", "schemes", "attributes", "currency", "several", "musts", "moment", "unit", "gtin",
]
# fmt: on
"""What a field holds. ``together`` is a name for several fields with the same readers, ``rows`` a list of rows."""

NO_COLUMN: frozenset[str] = frozenset({"together", "rows"})


_TITLES: dict[str, Mapping[str, str | Promise]] = {}


class FieldError(Exception):
    """A table of fields that cannot be used, found when Serai starts."""


@dataclass(frozen=True)
class Field:
    """A field in all that the layers need to know of it.

    ``audience`` is who usually reads it; where it is ``chosen``, the firm may choose other readers. A field ``under``
    another one has the readers of that one. The firm fills it on this ``page`` of its record, and its public page
    shows it under this ``heading``. ``least`` and ``most`` limit a number; ``most`` also limits the characters of a
    text and the entries of a list, and ``each`` the characters of an entry. The interface says ``description`` where it
    shows the field, and ``given`` where it takes it. The limit of a column, its ``default`` and its decimal ``places``
    are taken from the model.
    """

    name: str
    kind: Kind
    words: str | Promise = ""
    audience: Audience | None = None
    chosen: bool = True
    under: str = ""
    page: str = ""
    heading: str = ""
    label: str | Promise = ""
    help: str | Promise = ""
    required: bool = False
    least: int | None = None
    most: int | None = None
    each: int | None = None
    long: bool = False
    places: int | None = None
    choices: type[TextChoices] | None = None
    imported: bool = True
    searched: bool = False
    description: str = ""
    given: str = ""
    default: Callable[[], Any] = lambda: None

    @property
    def title(self) -> str | Promise:
        """Its name in a form, which may say more than its words elsewhere."""
        return self.label or self.words

    @property
    def is_column(self) -> bool:
        return self.kind not in NO_COLUMN


def table(
    model: type[Model], *fields: Field, under: str = "", chosen: bool = True, made: frozenset[str] | None = None
) -> Mapping[str, Field]:
    """The fields of a model by name, each with the limit of its column.

    ``under`` is the list to which all of them belong. Nobody chooses the readers of such a field, or of a field of a
    table that is not ``chosen``. ``made`` are the columns that Serai fills itself; where it is given, every other
    column needs a field. Raises FieldError for a column without a field, a field without a column, and a field without
    an audience.
    """
    columns: dict[str, Any] = {column.name: column for column in model._meta.concrete_fields}
    readable = {field.name for field in fields if field.audience}
    declared: dict[str, Field] = {}
    for field in fields:
        column = columns.get(field.name)
        if field.is_column and column is None:
            raise FieldError(f"{model.__name__} has no column {field.name}.")
        if field.audience is None and not (under or field.under in readable):
            raise FieldError(f"{model.__name__}.{field.name} has no audience: say who reads it.")
        derived = {"most": field.most or column.max_length, "default": column.get_default} if column else {}
        derived |= {"places": getattr(column, "decimal_places", None)}
        may_choose = field.chosen and chosen and not under
        declared[field.name] = replace(field, **derived, under=field.under or under, chosen=may_choose)
    if made is not None and (missing := sorted(columns.keys() - declared.keys() - made)):
        raise FieldError(f"{model.__name__}.{missing[0]} has no field: declare it, with who reads it.")
    _TITLES[model._meta.model_name or ""] = {field.name: field.words for field in declared.values() if field.words}
    return MappingProxyType(declared)


def title_in_table(model: str, name: str) -> str | Promise:
    """What the table of a model, by its name, calls a field; empty where no table does."""
    return _TITLES.get(model, {}).get(name, "")
