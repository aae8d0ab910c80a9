"""How likely two records are one firm: from their names, addresses, numbers in registers and web sites.

A logistic model of four features, fitted on the 112 pairs of facilities that Open Supply Hub labelled by hand. Cross
validated in ten folds, with records that occur in several pairs kept in one fold, F1 is 0.92; above ``AUTOMATIC``,
within one country, no pair of two firms was taken for one in ten repetitions, and 4 of 10 pairs of one firm were found
(tests/expo/firms/identity/test_likeness.py holds this).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz

from serai.expo.base.collation import fold
from serai.expo.firms.identity.domain import name_words
from serai.expo.firms.identity.domain.name_words import likeness_of_names
from serai.expo.firms.record.domain.names import LegalForm, bare_name, romanised

AUTOMATIC, POSSIBLE, POSSIBLE_BY_NAME = 0.93, 0.5, 0.37
"""Above the first two records are taken for one firm without asking, above the second a person is asked."""

NOTHING_SAID = (0.6, 0.5)
"""What stands for likeness of address and of its numbers where one record has no address: neither for nor against."""

_END = re.compile(
    r"(?:co|company|corp|corporation|ltd|limited|pvt|private|llc|inc|incorporated|plc|sarl|srl|spa|sadecv|sacv|sa|doo"
    r"|d00|ood|as|sanvetic|santic|sti|lda|gmbh|ag|bv|oy|ab|jsc|branch|kft|sro)$"
)
_UNIT = re.compile(r"(?<!\d)\d{1,3}(?!\d)|\b(?:ii|iii|iv)\b")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4"}
_STREET_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")  # longer ones are postal codes
_SHORTEST = 4
_ONE_CITY = 85
_LEAST_ALIKE = 0.4
"""Likeness of names from which one web site says that two firms are one."""
_APART = 0.2
"""What remains of the odds where legal forms or cities differ and no addresses say more."""
_UNSPELT = re.compile(r"[\u0590-\u06ff\u3041-\u30ff\uac00-\ud7a3]|[\u3400-\u9fff]")
"""Scripts whose writing of a city is not that of its Latin name letter by letter."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_COMMON_HOSTS = frozenset(
    {"alibaba.com", "baidu.com", "facebook.com", "gmail.com", "google.com", "instagram.com", "linkedin.com"}
    | {
        "made-in-china.com",
        "qq.com",
        "weibo.com",
        "wixsite.com",
        "wordpress.com",
        "youtube.com",
        "1688.com",
        "taobao.com",
    }
)


@dataclass(frozen=True)
class Record:
    """What is compared of a firm. ``numbers`` are pairs of scheme and value; ``host`` is that of its web site."""

    country: str
    names: tuple[str, ...]
    address: str = ""
    numbers: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    host: str = ""
    form: LegalForm = field(default_factory=LegalForm)
    cities: frozenset[str] = frozenset()
    """The city as each language writes it, folded."""

    def told_apart(self, other: "Record") -> "list[Reason]":
        """What says that firms of one name are two: legal forms or cities that differ."""
        forms = self.form.contradicts(other.form)
        compared = [city_likeness(mine, theirs) for mine in self.cities for theirs in other.cities]
        places = bool(compared) and all(like is not None and like < _ONE_CITY for like in compared)
        return [Reason(code) for code, differs in (("other_form", forms), ("other_city", places)) if differs]


class Reason(NamedTuple):
    """Why two records are taken for one or for two: a code, and what its sentence needs."""

    code: str
    said: str = ""


@dataclass(frozen=True)
class Likeness:
    """How likely two records are one firm (0 to 1), and why."""

    probability: float
    reasons: tuple[Reason, ...]

    @property
    def is_possible(self) -> bool:
        """Whether a person is to be asked: sooner where no addresses tell firms of a like name apart."""
        least = POSSIBLE_BY_NAME if any(reason.code == "no_address" for reason in self.reasons) else POSSIBLE
        return self.probability >= least

    @property
    def is_automatic(self) -> bool:
        return self.probability >= AUTOMATIC


WEIGHTS = np.array([-14.8836, 8.1808, 7.1102, 5.2302, -4.7343])
"""Constant, likeness of names, likeness of addresses, numbers of addresses in common, unit numbers that contradict."""


def likeness(first: Record, other: Record) -> Likeness:
    """Compare two records.

    A number of a register that both have decides, and so do numbers of one register that differ where it gives a firm
    one number only. Without such numbers, records of two countries are at most possible.
    """
    if shared := sorted(first.numbers & other.numbers):
        return Likeness(1.0, tuple(Reason("same_number", f"{scheme} {value}") for scheme, value in shared))
    if apart := _contradicting(first, other):
        return Likeness(0.0, (Reason("other_number", apart),))
    features = features_of(first, other)
    has_addresses = _comparable(first.address, other.address)
    apart_by = first.told_apart(other)
    if not has_addresses:
        features[0] = max((likeness_of_names(a, b) for a in first.names for b in other.names), default=0.0)
    probability = float(probabilities(WEIGHTS, features[None, :])[0])
    is_abroad = first.country != other.country
    if (apart_by or is_abroad) and not has_addresses:
        probability *= _APART / (1 - (1 - _APART) * probability)
    # A group has one web site for its firms of several forms and countries.
    forms_differ = any(reason.code == "other_form" for reason in apart_by)
    if not (forms_differ or is_abroad) and _share_site(first, other, float(features[0])):
        probability = 1 - (1 - probability) * 0.3
    if is_abroad or not has_addresses or apart_by:
        probability = min(probability, AUTOMATIC - 0.01)
    return Likeness(probability, (*_reasons(first, other, features), *apart_by))


def features_of(first: Record, other: Record) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Names, addresses, numbers of the addresses: each from 0 to 1; and whether unit numbers contradict. Shape (4,)."""
    name = max((fuzz.ratio(a, b) / 100 for a in _cores(first.names) for b in _cores(other.names)), default=0.0)
    units = _units(first.names), _units(other.names)
    conflict = bool(units[0] and units[1] and not units[0] & units[1])
    return np.array([name, *_address_likeness(first.address, other.address), conflict], dtype=np.float64)


def probabilities(
    weights: np.ndarray[tuple[int], np.dtype[np.float64]], features: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The logistic model. Shape (pairs,)."""
    return np.asarray(1 / (1 + np.exp(-(features @ weights[1:] + weights[0]))))


def fitted(
    features: np.ndarray[tuple[int, int], np.dtype[np.float64]], same: Sequence[bool], *, ridge: float = 0.05
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The weights that fit labelled pairs best, held small by ``ridge``. Shape (features + 1,)."""
    from scipy.optimize import minimize  # only fitting needs it

    sign = 2 * np.asarray(same, dtype=np.float64) - 1

    def loss(weights: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        margin = sign * (features @ weights[1:] + weights[0])
        return float(np.logaddexp(0, -margin).sum() + ridge * (weights[1:] ** 2).sum() / 2)

    return np.asarray(minimize(loss, np.zeros(features.shape[1] + 1), method="L-BFGS-B").x)


def _share_site(first: Record, other: Record, names_alike: float) -> bool:
    """Whether they have one web site of their own: a university's or a pavilion's is shared by firms of other names."""
    if not first.host or first.host != other.host or first.host in _COMMON_HOSTS:
        return False
    own = "".join(re.findall(r"[a-z0-9]+", max(first.host.split(".")[:-1], key=len, default="")))
    named = any(own and own in core(name) for name in (*first.names, *other.names))
    scripts = [any(_UNSPELT.search(name) for name in record.names) for record in (first, other)]
    return named or scripts[0] != scripts[1] or names_alike >= _LEAST_ALIKE


def city_likeness(first: str, other: str) -> float | None:
    """How alike two folded names of cities are, 0 to 100; None where one says in a script what the other can't."""
    names = name_words.canonical(first), name_words.canonical(other)
    if names[0] == names[1]:
        return 100.0
    are_listed = name_words.is_known(first) and name_words.is_known(other)
    if bool(_UNSPELT.search(first)) != bool(_UNSPELT.search(other)) and not are_listed:
        return None
    return float(fuzz.partial_ratio(*map(romanised, names)))


@lru_cache(maxsize=32_768)
def core(name: str) -> str:
    """The letters of a name in Latin writing, without legal forms and numbers, whatever spaces stand between them."""
    letters = bare_name(romanised(name)).replace(" ", "")
    while (shorter := _END.sub("", letters)) != letters and len(shorter) >= _SHORTEST:
        letters = shorter
    return re.sub(r"\d", "", letters) or letters


def _cores(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(core(name) for name in names))


def _units(names: Sequence[str]) -> set[str]:
    found = {_ROMAN.get(unit, unit.lstrip("0")) for name in names for unit in _UNIT.findall(fold(name))}
    return found - {""}


def _address_likeness(first: str, other: str) -> tuple[float, float]:
    if not _comparable(first, other):
        return NOTHING_SAID
    a, b = romanised(first), romanised(other)
    words, letters = fuzz.token_set_ratio(a, b), fuzz.partial_ratio(a.replace(" ", ""), b.replace(" ", ""))
    there, here = ({number.lstrip("0") for number in _STREET_NUMBER.findall(address)} - {""} for address in (a, b))
    # One number in common may be chance; with half a number added on each side few numbers say little.
    numbers = (len(there & here) + 0.5) / (min(len(there), len(here)) + 1)
    return (words + letters) / 200, numbers


def _comparable(one: str, other: str) -> bool:
    """Whether both are said, and in one script: a translated address is not like the original."""
    return bool(one and other) and bool(_HAN.search(one)) == bool(_HAN.search(other))


def _contradicting(first: Record, other: Record) -> str:
    """The register that gives the two different numbers, where it gives a firm one only; else nothing."""
    mine, theirs = dict(first.numbers), dict(other.numbers)
    both = [scheme for scheme in ONE_NUMBER if scheme in mine and scheme in theirs]
    differing = (f"{scheme} {mine[scheme]} ≠ {theirs[scheme]}" for scheme in both)
    return next(differing, "")


ONE_NUMBER = ("LEI", "USCC", "DUNS")
"""Registers that give a firm one number."""


def _reasons(first: Record, other: Record, features: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[Reason]:
    name, address, _numbers, conflict = (float(value) for value in features)
    reasons = [Reason("names", f"{round(name * 100)} %")]
    if _comparable(first.address, other.address):
        reasons.append(Reason("addresses", f"{round(address * 100)} %"))
    else:
        reasons.append(Reason("no_address"))
    if first.country != other.country:
        reasons.append(Reason("other_country", f"{first.country} ≠ {other.country}"))
    if conflict:
        reasons.append(Reason("other_unit"))
    if first.host and first.host == other.host:
        reasons.append(Reason("same_site", first.host))
    return reasons
