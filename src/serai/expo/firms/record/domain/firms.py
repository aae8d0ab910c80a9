"""What is done with firms: entering one, finding it again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from serai.expo.base.collation import sort_name
from serai.expo.base.text import in_language
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.models.identifier import Chooser, new_identifier


def new_firm(
    *,
    legal_name: str,
    country: str,
    on: date,
    name: Mapping[str, str] | None = None,
    chooser: Chooser | None = None,
    **fields: Any,
) -> Firm:
    """A firm not yet written, with its identifier and its keys for finding and ordering."""
    names = dict(name or {})
    return Firm(
        identifier=new_identifier(country, on, chooser),
        legal_name=legal_name,
        name=names,
        name_key=name_key(legal_name)[:300],
        sort_name=sort_name(str(in_language(names, "en")) or legal_name),
        country=country,
        **fields,
    )
