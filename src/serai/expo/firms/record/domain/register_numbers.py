"""The numbers under which registers know a firm: brought into one writing, their check digits verified.

The check digits are those of ISO 17442 (LEI), GB 32100-2015 (USCC), GS1 (GLN) and the countries' own VAT numbers, as
python-stdnum knows them. A D-U-N-S number and a number of UNGM have none.
"""

import re
from importlib import import_module
from typing import Any

from stdnum import ean, get_cc_module, lei
from stdnum.cn import uscc

from serai.expo.firms.record.models import FirmIdentifier

Scheme, CheckDigit = FirmIdentifier.Scheme, FirmIdentifier.CheckDigit


def compact(value: str) -> str:
    """The number without spaces, hyphens and dots, letters in upper case."""
    return re.sub(r"[\s.\-‐‑–/]", "", value).upper()[:64]


def check_digit(scheme: str, value: str, country: str = "") -> FirmIdentifier.CheckDigit:
    """Whether the check digit of a number is right; a VAT number is looked at by the rules of the firm's country."""
    number = compact(value)
    module = _MODULES.get(scheme) or (_vat(number, country) if scheme == Scheme.VAT else None)
    if module is None:
        return CheckDigit.NONE
    right = module.is_valid(number) and (scheme != Scheme.GLN or len(number) == 13)
    return CheckDigit.RIGHT if right else CheckDigit.WRONG


_MODULES: dict[str, Any] = {Scheme.LEI: lei, Scheme.USCC: uscc, Scheme.GLN: ean}


def _vat(number: str, country: str) -> Any:
    """The module for a VAT number: that of the prefix within the European Union, else of the firm's country."""
    try:
        eu = import_module("stdnum.eu.vat")
        prefix = number[:2].lower()
        if prefix in eu.MEMBER_STATES or prefix == "el":
            return eu
        return get_cc_module(country.lower(), "vat") if country else None
    except (ImportError, AttributeError):
        return None


def identifier(firm: Any, scheme: str, value: str, *, source: str = "", on: Any = None) -> FirmIdentifier:
    """A number of the firm, not yet written, with the state of its check digit as of ``on``."""
    number = compact(value)
    return FirmIdentifier(
        firm=firm,
        scheme=scheme,
        value=number,
        check_digit=check_digit(scheme, number, firm.country),
        source=source,
        checked_on=on,
    )
