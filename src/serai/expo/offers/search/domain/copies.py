"""What a process keeps of each edition: the words that there are and, where the database cannot, its vectors."""

from collections import defaultdict
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.search.domain import encoders
from serai.expo.offers.search.domain.meanings import Meanings, meanings_of
from serai.expo.offers.search.models import SearchEntry
from serai.match.search import Vocabulary
from serai.match.vectors import PACKAGED, Encoder, Vectors

REBUILT_AT = 1.5
"""A copy is made anew when so many times as many rows have been read as there are: until then it counts the words that
a changed row had before."""

READ_AT_ONCE = 20_000


@dataclass
class Copy:
    """What the process knows of an edition, up to a revision. `by` is the encoder whose vectors count, if any can."""

    by: Encoder | None
    meanings: Meanings
    revision: int = 0
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    seen: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    """Entries whose meaning was worked out by another encoder."""
    rows_read: int = 0
    samples: dict[str, Vectors] = field(default_factory=dict)
    """Vectors of some entries, spread evenly, that matching keeps until something changes."""

    @property
    def compares(self) -> bool:
        """Whether meanings can be compared: while some are of another encoder, what has none would come last."""
        return self.by is not None and not self.others

    def read(self, edition: Edition) -> None:
        """Take in what has changed since."""
        self.samples = {}
        new = SearchEntry.objects.filter(edition=edition, revision__gt=self.revision)
        columns = ("pk", "kind", "terms", "revision", "encoder", *(["vector"] if self.meanings.needs_vectors else []))
        name = self.by.name if self.by else ""
        keys: dict[str, list[int]] = defaultdict(list)
        vectors: dict[str, list[bytes]] = defaultdict(list)
        for key, kind, terms, revision, made_by, *vector in new.values_list(*columns).iterator(READ_AT_ONCE):
            self.revision = max(self.revision, revision)
            self.vocabulary.add(terms.split())
            self.seen.add(key)
            self.rows_read += 1
            if made_by not in ("", name):
                self.others.add(key)
                continue
            self.others.discard(key)
            if made_by and vector != [None]:
                keys[kind].append(key)
                vectors[kind].extend(map(bytes, vector))
        for kind, some in keys.items():
            joined = np.frombuffer(b"".join(vectors.pop(kind, [])), dtype="<f2")
            self.meanings.add(kind, some, joined.reshape(-1, self.by.dimension if self.by else 1))


_copies: dict[int, Copy] = {}
_lock = Lock()


def copy_of(edition: Edition) -> Copy:
    """The copy, brought up to date: one query for the last revision where nothing has changed."""
    last = last_revision(edition)
    with _lock:
        copy = _copies.get(edition.pk)
        if copy is None or last < copy.revision:
            copy = _copies[edition.pk] = _empty(edition)
        if last > copy.revision:
            if copy.rows_read > REBUILT_AT * len(copy.seen):
                copy = _copies[edition.pk] = _empty(edition)
            copy.read(edition)
            if copy.others and (anew := _empty(edition)).by is not copy.by:  # another encoder has taken over
                copy = _copies[edition.pk] = anew
                copy.read(edition)
        return copy


def _empty(edition: Edition) -> Copy:
    by = serving(edition)
    return Copy(by, meanings_of(edition.pk, by))


def serving(edition: Edition) -> Encoder | None:
    """The encoder by which an edition is searched: that of all its vectors where it can be had, else the chosen one.

    So the one before goes on until all was read by the chosen one. None where neither can be had.
    """
    # The first and the last name, each found at an end of the index, tell whether there are several.
    made = SearchEntry.objects.filter(edition=edition, vector__isnull=False).values_list("encoder", flat=True)
    names = {name for order in ("encoder", "-encoder") for name in made.order_by(order)[:1]}
    wanted = encoders.chosen_name()
    if wanted not in names and len(names) == 1 and (before := encoders.named(*names)):
        return before
    return encoders.named(wanted) or (None if names else encoders.named(PACKAGED))


def last_revision(edition: Edition) -> int:
    """The number of the last change to the entries of an edition, 0 where there are none."""
    # The last pair of the index, in whatever state its statistics are: where all rows of an edition have one revision,
    # SQLite would read the whole index for the largest.
    pairs = SearchEntry._base_manager.filter(edition__lte=edition.pk).order_by("-edition_id", "-revision")
    of, last = pairs.values_list("edition_id", "revision").first() or (edition.pk, 0)
    return last if of == edition.pk else 0
