"""The identifier of a firm: country, year, day of the year, five random characters and a check digit.

``CN2026328K7Q2M4`` is a firm of China entered on day 328 of 2026. The pattern is that of Open Supply Hub; the check
digit is ISO 7064 MOD 37,36, which finds every single wrong character and nearly every swap of neighbours.
"""

import re
import secrets
from datetime import date
from typing import Protocol

from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
PATTERN = re.compile(rf"[A-Z]{{2}}\d{{7}}[{ALPHABET}]{{5}}[0-9A-Z]")


class Chooser(Protocol):
    def choice(self, sequence: str, /) -> str: ...


def new_identifier(country: str, on: date, chooser: Chooser | None = None) -> str:
    """A new identifier for a firm of ``country`` (ISO 3166 alpha-2) entered ``on`` that day."""
    draw = chooser.choice if chooser else secrets.choice
    body = f"{country}{on:%Y%j}" + "".join(draw(ALPHABET) for _ in range(5))
    return body + str(mod_37_36.calc_check_digit(body))


def is_identifier(text: str) -> bool:
    """Whether ``text`` has the form of an identifier and its check digit is right."""
    return bool(PATTERN.fullmatch(text)) and bool(mod_37_36.is_valid(text))
