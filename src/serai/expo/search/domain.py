"""Finding firms, offers and needs of an edition, by words, by meaning, and with slips of the pen forgiven."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from django.db import transaction
from django.db.models import Max, Prefetch, QuerySet
from django_scopes import scope

from serai.expo.editions.models import Edition, Participation
from serai.expo.market.models import PUBLISHED, MarketItem, Need, Offer
from serai.expo.search.models import SearchEntry
from serai.expo.search.stores import matching
from serai.match.search import LEAST_MEANING, Candidate, Hit, Index, Plan, Vocabulary, order, plan, terms
from serai.match.vectors import DIMENSION, Vectors, centred, encode, unit
from serai.world.progress import Progress, silent

MOST = 3_000
"""Entries with the words that are ranked; the two databases may differ in which these are where there are more."""

NEAREST = 100
"""Entries whose meaning is looked at although they lack the words."""

FEW = 10
"""Where fewer entries have all words, those with some of them are looked at too."""

NEAR = 0.35
"""Cosine from which a firm is shown that has none of the words, where no firm has them all: below, most are about
something else."""

AT_ONCE = 20
"""Participants whose meaning is worked out before a search answers; `reindex` does the others."""

BATCH = 200
"""Participants that `reindex` takes at once."""

REBUILT_AT = 1.5
"""The copy of an edition's words and vectors is made anew when so many times as many rows have been read as there are:
until then it counts the words that a changed row had before."""

KINDS = tuple(SearchEntry.Kind)

type _Row = tuple[int, int, str, int, str]
"""Key, participation, kind, item and terms of an entry."""

type _Spoken = list[tuple[str, str]]
"""Texts and their languages."""


@dataclass(frozen=True)
class Found:
    """An entry that answers, with what it is and how well it answers."""

    participation: int
    kind: str
    item: int
    hit: Hit


@dataclass(frozen=True)
class Answer:
    """The entries that answer, the best first; the words that were taken for mistyped and what was looked for."""

    found: tuple[Found, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    by_meaning: bool = False
    """No entry has the words: these are the nearest in meaning."""

    @property
    def participations(self) -> list[int]:
        """Their primary keys, each once, the best first."""
        return list(dict.fromkeys(one.participation for one in self.found))


def search(
    edition: Edition,
    words: str,
    *,
    kinds: Collection[str] = KINDS,
    among: QuerySet[Participation] | None = None,
    most: int = 50,
) -> Answer:
    """The entries of `edition` that answer `words`, by words and meaning together. Call inside of the edition's scope.

    `among` are the participants whom the reader may see, all where it is not given.
    """
    known = _known(edition)
    asked = plan(words, known.vocabulary)
    rows = matching(edition.pk, asked.groups, kinds, MOST)
    if len(rows) < FEW:
        loose = matching(edition.pk, asked.groups, kinds, MOST, every=False)
        rows = list({row[0]: row for row in (*rows, *loose)}.values())
    vector = _vector(asked)
    near = [key for key, _ in known.index.nearest(vector, NEAREST, known.of_kinds(kinds))]
    rows += _entries(set(near) - {row[0] for row in rows})
    return _answer(asked, rows, known, vector, among, most)


def search_firms(edition: Edition, words: str, among: QuerySet[Participation] | None = None) -> Answer:
    """The firms that say all of `words`; where none does, those nearest in meaning. In the edition's scope.

    Of a firm all counts that it says, its offers and needs too.
    """
    known = _known(edition)
    asked = plan(words, known.vocabulary)
    kinds = [SearchEntry.Kind.FIRM]
    rows = matching(edition.pk, asked.groups, kinds, MOST)
    vector = _vector(asked)
    answer = _answer(asked, rows, known, vector, among, MOST)
    if answer.found:
        return answer
    near = [key for key, _ in known.index.nearest(vector, NEAREST, known.of_kinds(kinds))]
    nearest = _answer(Plan(asked.query, asked.language, ()), _entries(near), known, vector, among, NEAREST, NEAR)
    return Answer(nearest.found, by_meaning=bool(nearest.found))


def _answer(
    asked: Plan,
    rows: Sequence[_Row],
    known: "_Known",
    vector: Vectors,
    among: QuerySet[Participation] | None,
    most: int,
    least_meaning: float = LEAST_MEANING,
) -> Answer:
    if among is not None and rows:
        seen = set(among.filter(pk__in={row[1] for row in rows}).order_by().values_list("pk", flat=True))
        rows = [row for row in rows if row[1] in seen]
    meaning = known.index.cosines([row[0] for row in rows], vector)
    by_key = {row[0]: row for row in rows}
    candidates = (Candidate(row[0], row[4].split(), meaning.get(row[0])) for row in rows)
    hits = order(asked, candidates, least_meaning=least_meaning)[:most]
    found = tuple(Found(by_key[hit.key][1], by_key[hit.key][2], by_key[hit.key][3], hit) for hit in hits)
    said = {term for hit in hits for term in by_key[hit.key][4].split()}  # what the reader may see says, nothing else
    meant = ((group.word, [term for term in group.terms if term in said]) for group in asked.corrected())
    return Answer(found, tuple((word, terms_[0]) for word, terms_ in meant if terms_))


def _entries(keys: Iterable[int]) -> list[_Row]:
    wanted = list(keys)
    columns = ("pk", "participation_id", "kind", "item", "terms")
    return list(SearchEntry.objects.filter(pk__in=wanted).values_list(*columns)) if wanted else []


def _vector(asked: Plan) -> Vectors:
    return centred(encode([asked.query]), [asked.language])


# The copy of an edition's vectors and words that a process keeps


@dataclass
class _Known:
    """What the process knows of an edition, up to a revision."""

    revision: int = 0
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    vectors: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    rows_read: int = 0
    index: Index = field(default_factory=lambda: Index([], np.zeros((0, DIMENSION), np.float32)))
    kinds: "np.ndarray[tuple[int], np.dtype[np.str_]]" = field(default_factory=lambda: np.zeros(0, "U8"))

    def of_kinds(self, kinds: Collection[str]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Which rows of the index are of these kinds, None for all."""
        return None if set(kinds) == set(KINDS) else np.isin(self.kinds, [str(kind) for kind in kinds])

    def read(self, edition: Edition) -> None:
        new = SearchEntry.objects.filter(edition=edition, revision__gt=self.revision).order_by("revision")
        rows = list(new.values_list("pk", "kind", "terms", "vector", "revision"))
        for key, kind, said, vector, revision in rows:
            self.revision = max(self.revision, revision)
            self.vocabulary.add(said.split())
            self.seen.add(key)
            if vector is not None:
                self.vectors[key] = (kind, bytes(vector))
        self.rows_read += len(rows)
        if rows:
            stacked = np.frombuffer(b"".join(vector for _, vector in self.vectors.values()), dtype="<f2")
            self.index = Index(list(self.vectors), stacked.astype(np.float32).reshape(-1, DIMENSION))
            self.kinds = np.array([kind for kind, _ in self.vectors.values()], dtype="U8")


_copies: dict[int, _Known] = {}
_lock = Lock()


def _known(edition: Edition) -> _Known:
    """The copy, brought up to date: one query for the last revision where nothing has changed."""
    catch_up(edition, AT_ONCE)
    last = _last_revision(edition)
    with _lock:
        known = _copies.get(edition.pk)
        if known is None or last < known.revision:
            known = _copies[edition.pk] = _Known()
        if last > known.revision:
            if known.rows_read > REBUILT_AT * len(known.seen):
                known = _copies[edition.pk] = _Known()
            known.read(edition)
        return known


def _last_revision(edition: Edition) -> int:
    return SearchEntry.objects.filter(edition=edition).aggregate(last=Max("revision"))["last"] or 0


# Keeping up


def reindex(edition: Edition, progress: Progress = silent) -> int:
    """Work out the meaning of all that has changed in `edition`. Returns for how many participants."""
    done = 0
    with scope(edition=edition):
        waiting = SearchEntry.objects.filter(edition=edition, vector__isnull=True).count()
        while made := catch_up(edition, BATCH):
            done += made
            progress("search", done / max(waiting, done))
    return done


def catch_up(edition: Edition, most: int) -> int:
    """Make the entries of up to `most` participants anew whose words have changed. Returns how many there were."""
    changed = list(
        SearchEntry.objects.filter(edition=edition, vector__isnull=True)
        .order_by("participation_id")
        .values_list("participation_id", flat=True)
        .distinct()[:most]
    )
    if not changed:
        return 0
    participations = Participation.objects.filter(pk__in=changed).select_related("firm")
    items = (
        Prefetch("offers", Offer._base_manager.filter(PUBLISHED)),
        Prefetch("needs", Need._base_manager.filter(PUBLISHED)),
    )
    made = [entry for one in participations.prefetch_related(*items) for entry in _entries_of(one)]
    said = [(text, language) for _, spoken in made for text, language in spoken]
    vectors = centred(encode([text for text, _ in said]), [language for _, language in said])
    start = 0
    for entry, spoken in made:
        mean = unit(vectors[start : start + len(spoken)].sum(axis=0, keepdims=True))
        entry.vector = mean.astype("<f2").tobytes()
        start += len(spoken)
    with transaction.atomic():
        revision = _last_revision(edition) + 1
        for entry, _ in made:
            entry.revision = revision
        kept = {(entry.participation_id, entry.kind, entry.item) for entry, _ in made}
        there = SearchEntry.objects.filter(participation__in=changed).values_list(
            "pk", "participation_id", "kind", "item"
        )
        SearchEntry.objects.filter(pk__in=[pk for pk, *thing in there if tuple(thing) not in kept]).delete()
        SearchEntry.objects.bulk_create(
            [entry for entry, _ in made],
            update_conflicts=True,
            unique_fields=["participation", "kind", "item"],
            update_fields=["terms", "vector", "revision"],
        )
    return len(changed)


def _entries_of(participation: Participation) -> Iterable[tuple[SearchEntry, _Spoken]]:
    """The entries of a participant, each with its texts and their languages."""
    firm, language = participation.firm, participation.firm.language
    offers, needs = list(participation.offers.all()), list(participation.needs.all())

    def entry(kind: str, item: int, said: str) -> SearchEntry:
        return SearchEntry(
            edition_id=participation.edition_id, participation=participation, kind=kind, item=item, terms=said
        )

    about = [
        (firm.legal_name, language),
        *_spoken(firm.description),
        *(s for one in offers for s in _spoken(one.title)),
    ]
    yield entry(SearchEntry.Kind.FIRM, 0, participation.tokens), about
    for kind, items in ((SearchEntry.Kind.OFFER, offers), (SearchEntry.Kind.NEED, needs)):
        for one in items:
            yield entry(kind, one.pk, _terms(one)), [*_spoken(one.title), *_spoken(one.text)]


def _spoken(*by_language: Mapping[str, str]) -> _Spoken:
    return [(text, language) for each in by_language for language, text in each.items() if text]


def _terms(item: MarketItem) -> str:
    said = [terms(text, language) for text, language in _spoken(item.title, item.text)]
    codes = [terms(code) for code in (*item.hs, *item.isic, *item.certificates)]
    return f" {' '.join(dict.fromkeys(term for each in (*said, *codes) for term in each))} "
