"""Schemes of certificates with one name each, for firms, offers and needs."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST_SCHEME = 100
"""Characters of a scheme's name."""

SCHEMES: Mapping[Promise, tuple[str, ...]] = {
    _("Management of quality, environment and safety"): (
        *("ISO 9001", "ISO 14001", "ISO 45001", "ISO 50001", "ISO/IEC 27001", "ISO 37001", "ISO 28000", "ISO 14064-1"),
        *("ISO 22301", "ISO/IEC 17025"),
    ),
    _("Vehicles, aviation, rail, energy"): (
        *("IATF 16949", "AS9100", "ISO/TS 22163", "ISO 26262", "IEC 61400-22", "IEC 61215", "IEC 62619", "UN 38.3"),
        "API Spec Q1",
    ),
    _("Medicine and food"): (
        *("ISO 13485", "GMP", "GDP", "ISO 22000", "FSSC 22000", "HACCP", "BRCGS Food Safety", "GLOBALG.A.P.", "Halal"),
        "Kosher",
    ),
    _("Marks on products"): ("CE", "CCC", "UL", "UKCA", "EAC", "BIS", "FCC", "RoHS", "REACH", "VDE"),
    _("Organic, forest, fibre, fair trade"): (
        *("EU Organic", "USDA Organic", "China Organic", "FSC", "PEFC", "MSC", "RSPO", "OEKO-TEX Standard 100", "GOTS"),
        *("Fairtrade", "Rainforest Alliance"),
    ),
    _("Conduct, customs, information"): (
        *("SA8000", "amfori BSCI", "SMETA", "EcoVadis", "RMI RMAP", "AEO", "C-TPAT", "TISAX", "SOC 2", "PCI DSS"),
    ),
}
"""The names of schemes by subject. The list is not complete: other names are kept as they are written."""

_YEAR = re.compile(r"\s*[:：]\s*(19|20)\d\d\s*$")


def choices() -> list[tuple[Promise, list[tuple[str, str]]]]:
    """The schemes for a field of a form, in their groups."""
    return [(group, [(name, name) for name in names]) for group, names in SCHEMES.items()]


def is_known(name: str) -> bool:
    """Whether the scheme stands in the list under this name."""
    return _by_key().get(_key(name)) == name


def canonical(name: str) -> str:
    """The name of a scheme in the list: ``iso9001:2015`` is ``ISO 9001``. Other names lose only their year."""
    bare = " ".join(_YEAR.sub("", name).split())
    return _by_key().get(_key(bare), bare)


def canonical_list(names: Iterable[str]) -> list[str]:
    """The names of several schemes, each once."""
    return list(dict.fromkeys(canonical(name) for name in names if name.strip()))


@cache
def _by_key() -> Mapping[str, str]:
    return {_key(name): name for names in SCHEMES.values() for name in names}


def _key(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
