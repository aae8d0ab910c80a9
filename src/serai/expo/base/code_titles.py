"""What codes of goods and activities are called, as texts by language."""

from collections.abc import Mapping
from functools import cache
from string import ascii_uppercase

from serai.world.classifications import cpc
from serai.world.classifications.industries import industries, industry_classifications
from serai.world.classifications.titles import industry_titles, titles


def code_titles(scheme: str, code: str) -> Mapping[str, str]:
    """The title of a code of a scheme, "hs", "isic" or "cpc", by language; empty for a code that is not known.

    A class of ISIC may have the letter of its section before it. CPC has English titles only.
    """
    try:
        if scheme == "cpc":
            return {"en": cpc.product(code).title}
        if scheme == "isic":
            return titles("isic", code.lstrip(ascii_uppercase) or code)
        return titles("hs", code)
    except LookupError:
        return {}


@cache
def titles_of_industry(name: str) -> Mapping[str, str]:
    """The title by language of an industry that a world table calls by this English name."""
    for classification in industry_classifications():
        for code, row in industries(classification).items():
            if row["name"] == name:
                return industry_titles(code, name)
    return {"en": name}
