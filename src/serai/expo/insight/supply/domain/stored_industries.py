"""Industries in stored results, which hold their English name; what they are called is made when they are shown."""

from collections.abc import Mapping
from typing import Any


def name_of_industry(row: Mapping[str, Any]) -> str:
    """The English name of an industry of a result. Some of before hold titles by language instead, and stay as they
    are: a run of the lab is never changed."""
    return str(row["name"] if "name" in row else row["title"]["en"])
