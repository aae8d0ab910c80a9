"""Look up known firms by identifier, by name, or by a similar name; a person decides on similar names.

Firms are compared within a country. Two names are alike when what sets them apart from other firms' names there (the
words that are not common to many) differs by a slip of the pen at most. Measured on the 4,159 names of a real fair, of
which no two are one firm: 54 have another that is taken for alike; of names with one wrong letter 81 % are found.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from serai.expo.firms.identity.domain.comparison import LARGEST_BLOCK, blocks_of, in_blocks
from serai.expo.firms.identity.domain.known_firms import (
    SERAI,
    Candidate,
    Known,
    host_of,
    keys_of,
    load,
    match_keys,
)
from serai.expo.firms.identity.domain.likeness import POSSIBLE, Record, likeness
from serai.expo.firms.identity.domain.name_words import generic_words, translated
from serai.expo.firms.record.domain.names import legal_form, romanised, written_names

__all__ = ["SERAI", "Candidate", "Found", "Sought", "alike_within", "find_firms"]

MOST_CANDIDATES = 3
LEAST_SIMILARITY = 50
"""Of 100: below it two whole names are not alike even where their distinctive words are."""

_COMMON_SHARE = 0.005
_COMMON_COUNT = 4
_GENERIC = frozenset(
    """
    america asia auto automation automotive bio business center china communication communications consulting data
    design development digital display electric electrical electronic electronics energy engineering enterprise
    enterprises environmental equipment europe export financial foods global health healthcare import industrial
    industries industry information innovation innovations innovative intelligence intelligent international lab labs
    laboratories machinery management manufacturing material materials media medical mobile network networks new
    optical optoelectronics pharma pharmaceutical pharmaceuticals plastics power precision product products research
    resources robotics science sciences security semiconductor service services smart software solution solutions
    studio supply systems tech techno technologies technology telecom the trade trading usa world
    """.split()  # noqa: SIM905  a list of words reads better as words
)
_LONG_WORD = 8
_CHUNK = 500


@dataclass(frozen=True)
class Sought:
    """A firm that is looked for: its country (alpha-2), its names in any language, its identifiers by scheme."""

    country: str
    names: tuple[str, ...]
    identifiers: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    website: str = ""
    cities: frozenset[str] = frozenset()
    """The city as each language writes it, folded."""

    def record(self) -> Record:
        """The fields of the firm that are compared."""
        return Record(
            self.country,
            tuple(dict.fromkeys(written for name in self.names for written in written_names(name))),
            self.address,
            frozenset(self.identifiers.items()),
            host_of(self.website),
            legal_form(self.names),
            self.cities,
        )


@dataclass(frozen=True)
class Found:
    """Primary key of the known firm, or candidates with the best first. A new firm has neither.

    ``by_likeness`` says that the names differ, and that names and addresses are so like that nobody needs to be asked.
    """

    firm: int | None = None
    candidates: tuple[Candidate, ...] = ()
    by_likeness: bool = False
    by_number: bool = field(default=False, compare=False)
    """Whether a number of a register said which firm it is."""


def find_firms(sought: Sequence[Sought]) -> list[Found]:
    """Look up several firms at once, in a fixed number of queries. Returns one answer per firm, in order.

    An identifier decides. Without one a firm of the same country and name is it, unless identifiers, addresses, cities
    or legal forms contradict each other, or several firms have the name: then these are candidates, as are firms of a
    like name, unless one of these has a like address too.
    """
    numbers = {number for row in sought for number in row.identifiers.values()}
    firms_by_country = load({row.country for row in sought}, numbers)
    answers: list[Found | None] = [None] * len(sought)
    by_identifier = {
        (scheme, number): firm
        for firm in firms_by_country
        for scheme, numbers in firm.identifiers.items()
        for number in numbers
    }
    by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for firm in firms_by_country:
        for key in match_keys(firm.keys).kept:
            by_name[firm.country, key].append(firm)
    rest: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(sought):
        if named := [by_identifier[item] for item in row.identifiers.items() if item in by_identifier]:
            answers[index] = Found(named[0].pk, by_number=True)
            continue
        namesakes = {
            firm.pk: firm
            for key in sorted(match_keys(row.names).sought)
            for firm in by_name.get((row.country, key), ())
        }
        record = row.record()
        same = [firm for firm in namesakes.values() if may_be(record, firm.record())]
        if len(same) == 1:
            answers[index] = Found(same[0].pk)
        elif namesakes:
            answers[index] = Found(
                candidates=tuple(firm.candidate(1.0) for firm in namesakes.values())[:MOST_CANDIDATES]
            )
        else:
            rest[row.country].append(index)
    everywhere = _common(key for firm in firms_by_country for key in firm.keys)
    for country, indices in rest.items():
        firms = [firm for firm in firms_by_country if firm.country == country]
        records = {firm.pk: firm.record() for firm in firms}
        rows = [sought[index] for index in indices]
        wanted = [row.record() for row in rows]
        candidates = zip(_similar(rows, firms, everywhere), _possible(wanted, firms, records), strict=True)
        for index, record, (similar, possible) in zip(indices, wanted, candidates, strict=True):
            answers[index] = _judged(record, _best(similar, possible), records)
    return [row or Found() for row in answers]


def alike_within(sought: Sequence[Sought]) -> list[tuple[int, int, float]]:
    """Firms of the list with a name like an earlier firm's: (index, earlier index, similarity), best first.

    Names with the same key are no finding here, nor such as are told apart by a letter or a number alone.
    """
    pairs: list[tuple[int, int, float]] = []
    everywhere = _common(key for row in sought for key in keys_of(row.names))
    countries: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(sought):
        countries[row.country].append(index)
    for indices in countries.values():
        rows = [sought[index] for index in indices]
        firms = [_as_known(index, row) for index, row in zip(indices, rows, strict=True)]
        for index, candidates in zip(indices, _similar(rows, firms, everywhere), strict=True):
            own = keys_of(sought[index].names)
            pairs += [
                (index, row.firm, row.similarity)
                for row in candidates
                if row.firm < index and not _are_told_apart(own, keys_of(sought[row.firm].names))
            ]
    return pairs


def _are_told_apart(names: Iterable[str], other: Iterable[str]) -> bool:
    """Whether the keys have one in common, or two that differ in marks only, as 'plant a' and 'plant b'."""
    pairs = [(set(a.split()), set(b.split())) for a in names for b in other]
    marks = [(a - b, b - a) for a, b in pairs]
    return any(not (a or b) or (a and b and all(len(word) < 3 or word.isdigit() for word in a | b)) for a, b in marks)


def _as_known(index: int, sought: Sought) -> Known:
    numbers = {scheme: frozenset({number}) for scheme, number in sought.identifiers.items()}
    return Known(
        index,
        "",
        sought.country,
        sought.names[0],
        keys_of(sought.names),
        numbers,
        sought.address,
        sought.website,
        sought.names,
        sought.cities,
    )


def _judged(record: Record, candidates: tuple[Candidate, ...], records: Mapping[int, Record]) -> Found:
    """The one candidate that is certain enough to need no decision, or else all candidates."""
    sure = [candidate for candidate in candidates if likeness(record, records[candidate.firm]).is_automatic]
    return Found(sure[0].firm, by_likeness=True) if len(sure) == 1 else Found(candidates=candidates)


def _possible(
    wanted: Iterable[Record], firms: Iterable[Known], records: Mapping[int, Record]
) -> list[tuple[Candidate, ...]]:
    """Candidates for each record by all that is known of both: words in another language or script, the web site."""
    firms_by_key = {firm.pk: firm for firm in firms}
    members = in_blocks(records)
    answers = []
    for record in wanted:
        shared = (members.get(block, ()) for block in blocks_of(record))
        near = sorted({firm for block in shared if len(block) <= LARGEST_BLOCK for firm in block})
        judged = [(firm, likeness(record, records[firm])) for firm in near]
        answers.append(tuple(firms_by_key[firm].candidate(how.probability) for firm, how in judged if how.is_possible))
    return answers


def _best(*lists: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The best candidates of several lists, each firm once."""
    best: dict[int, Candidate] = {}
    for candidate in chain.from_iterable(lists):
        present = best.get(candidate.firm)
        if present is None or candidate.similarity > present.similarity:
            best[candidate.firm] = candidate
    ordered = sorted(best.values(), key=lambda candidate: (-candidate.similarity, candidate.firm))
    return tuple(ordered[:MOST_CANDIDATES])


def may_be(row: Record, firm: Record) -> bool:
    """Whether a firm of the same name may be it: numbers, legal forms, cities and addresses do not contradict."""
    if have_other_numbers(row, firm) or row.told_apart(firm):
        return False
    return not (row.address and firm.address) or likeness(row, firm).probability >= POSSIBLE


def have_other_numbers(row: Record, firm: Record) -> bool:
    """Whether a scheme gives the two different numbers."""
    numbers: dict[str, frozenset[str]] = defaultdict(frozenset)
    for scheme, value in firm.numbers:
        numbers[scheme] |= {value}
    return _contradict(dict(row.numbers), numbers)


def _contradict(one: Mapping[str, str], other: Mapping[str, frozenset[str]]) -> bool:
    """Whether a scheme gives them different numbers."""
    return any(scheme in other and number not in other[scheme] for scheme, number in one.items())


def _similar(
    sought: Sequence[Sought], firms: Sequence[Known], everywhere: frozenset[str]
) -> list[tuple[Candidate, ...]]:
    """Candidates for each firm: firms of its country with a similar name."""
    keys = [(key, firm) for firm in firms for key in _writings(firm.keys)]
    asked = [(key, index) for index, wanted in enumerate(sought) for key in _writings(keys_of(wanted.names))]
    best: list[dict[int, Candidate]] = [{} for _one in sought]
    if not keys:
        return [()] * len(sought)
    common = everywhere | _common(key.text for key, _firm in keys)
    common |= _misspelt((key.text for key, _index in asked), common)
    known_names = _Names.of([key.text for key, _firm in keys], common)
    romanised_ = np.array([key.is_romanised for key, _firm in keys])
    for start in range(0, len(asked), _CHUNK):
        part = asked[start : start + _CHUNK]
        similarity = _alike(_Names.of([key.text for key, _index in part], common), known_names)
        # Two names in one script are compared as they are written: many words have one sound.
        similarity[np.logical_and.outer([key.is_romanised for key, _index in part], romanised_)] = 0
        for row, column in np.argwhere(similarity):
            firm, index = keys[column][1], part[row][1]
            if _contradict(sought[index].identifiers, firm.identifiers):
                continue
            candidate = firm.candidate(int(similarity[row, column]) / 100)
            if candidate.similarity > best[index].get(firm.pk, firm.candidate(0)).similarity:
                best[index][firm.pk] = candidate
    return [_best(candidates.values()) for candidates in best]


class _Writing(NamedTuple):
    text: str
    is_romanised: bool


def _writings(keys: Iterable[str]) -> list[_Writing]:
    """The keys, and those in another script in Latin letters too."""
    texts = (key if key.isascii() else translated(key) for key in sorted(keys))
    writings = [(text, romanised(text)) for text in texts]
    latin = [_Writing(latin, True) for key, latin in writings if latin != key]
    return [_Writing(key, False) for key, _latin in writings] + latin


@dataclass(frozen=True)
class _Names:
    """Keys in the forms in which they are compared."""

    whole: Sequence[str]
    joined: Sequence[str]
    distinctive: Sequence[str]
    slips: np.ndarray[tuple[int], np.dtype[np.uint8]]
    initials: np.ndarray[tuple[int], np.dtype[np.str_]]

    @classmethod
    def of(cls, keys: Sequence[str], common: frozenset[str]) -> "_Names":
        distinctive = [_distinctive(key, common) for key in keys]
        return cls(
            whole=keys,
            joined=[key.replace(" ", "") for key in keys],
            distinctive=distinctive,
            slips=np.array([_slips(len(part)) for part in distinctive], dtype=np.uint8),
            initials=np.array([part[:1] for part in distinctive]),
        )


def _alike(sought: _Names, names: _Names) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Similarity of the whole names (0 to 100) where the distinctive parts are the same but for slips, else 0.

    Shape (sought, known).
    """
    distance = process.cdist(sought.distinctive, names.distinctive, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    alike = distance <= np.minimum.outer(sought.slips, names.slips)
    alike &= sought.initials[:, None] == names.initials[None, :]
    words = process.cdist(sought.whole, names.whole, scorer=fuzz.token_sort_ratio, dtype=np.uint8)
    letters = process.cdist(sought.joined, names.joined, scorer=fuzz.ratio, dtype=np.uint8)
    similarity = np.maximum(words, letters)
    return np.where(alike & (similarity >= LEAST_SIMILARITY), similarity, 0)


def _distinctive(key: str, common: frozenset[str]) -> str:
    """The words of a key that are not common, as one; the whole key where they are too little to go by."""
    own = "".join(word for word in key.split() if word not in common)
    return own if len(own) > 1 else key.replace(" ", "")


def _slips(length: int) -> int:
    """How many letters may be wrong, missing, too many or swapped in a text of this length."""
    return (length >= 5) + (length >= 12)


def _common(keys: Iterable[str]) -> frozenset[str]:
    """The words that many of the keys have, and those that many names have anywhere."""
    words = [set(key.split()) for key in keys]
    counts = Counter(word for words_of_key in words for word in words_of_key)
    least = max(_COMMON_COUNT, _COMMON_SHARE * len(words))
    return _GENERIC | generic_words() | {word for word, count in counts.items() if count >= least}


def _misspelt(keys: Iterable[str], common: frozenset[str]) -> frozenset[str]:
    """The long words of the keys that are one slip away from a common word, and so mean it."""
    words = sorted({word for key in keys for word in key.split() if len(word) >= _LONG_WORD} - common)
    right = [word for word in common if len(word) >= _LONG_WORD]
    if not (words and right):
        return frozenset()
    distance = process.cdist(words, right, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
    return frozenset(words[row] for row in np.flatnonzero(distance.min(axis=1) <= 1))
