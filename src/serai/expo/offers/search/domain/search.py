"""Finding firms, offers and needs of an edition, by words, by meaning, and with slips of the pen forgiven."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.market.models import PUBLISHED, MarketItem, Need, Offer
from serai.expo.offers.search.domain import meanings
from serai.expo.offers.search.domain.copies import Copy, copy_of, last_revision, serving
from serai.expo.offers.search.domain.encoders import comparing
from serai.expo.offers.search.domain.stores import Row, matching
from serai.expo.offers.search.models import SearchEntry
from serai.match.codes.likeness import code_shares, likeness_of_codes, mean_shares, packed
from serai.match.language import detect_language
from serai.match.meanings import meanings as meanings_of_texts
from serai.match.meanings import meant_with_gloss
from serai.match.search import LEAST_MEANING, Candidate, Hit, Plan, order, plan, rarest, terms, titles_of
from serai.match.text import base_language, script_of
from serai.match.vectors import PACKAGED, Encoder, Vectors, meant, unit

MOST = 1_000
"""Entries with the words that are ranked; the two databases may differ in which these are where there are more."""

MOST_FIRMS = 3_000
"""The same where all firms that have the words are asked for."""

LOOSE = 5_000
"""Texts that may have one of the words that tell most, where those with some of the words are looked at."""

NEAREST = 100
"""Entries whose meaning is looked at although they lack the words."""

FEW = 10
"""Where fewer entries have all words, those with some of them are looked at too."""

NEAR = 0.35
"""Cosine from which a firm is shown that has none of the words, where no firm has them all: below, most are about
something else."""

MOST_WORDS = 0.4
"""Share of the weight of the words from which a firm is shown that has not all of them: "charging stations for electric
trucks" finds who says charging and stations, although the trucks weigh as much as both."""

NEAR_TOO = 0.5
"""Cosine from which a firm without the words is shown after those that have them all."""

TITLES = 2
"""Weight of what a node of a chain is called in English against its name as it was asked in another script."""

AT_ONCE = 20
"""Participants whose meaning is worked out before a search answers; the worker does the others."""

AT_ONCE_BY_OTHERS = 1
"""The same where another encoder than the packaged one is at work, which may take a hundred times as long."""

KINDS = tuple(SearchEntry.Kind)

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
    words_alone: bool = False
    """Meanings cannot be compared for now, while the texts are read by another encoder."""

    @property
    def participations(self) -> list[int]:
        """Their primary keys, each once, the best first."""
        return list(dict.fromkeys(entry.participation for entry in self.found))


def search(
    edition: Edition,
    words: str,
    *,
    kinds: Collection[str] = KINDS,
    among: QuerySet[Participation] | None = None,
    most: int = 50,
    typing: bool = False,
) -> Answer:
    """The entries of `edition` that answer `words`, by words and meaning together.

    `among` are the participants whom the reader may see, all where it is not given. With `typing` the last word may be
    unfinished, and texts that have just changed are found by their words alone: making their meaning takes too long.
    """
    if not typing:
        catch_up(edition)
    copy = copy_of(edition)
    asked = plan(words, copy.vocabulary, typing=typing)
    rows = _seen(matching(edition.pk, asked.groups, kinds, MOST), among)
    loose: list[Row] = []
    if len(rows) < FEW:
        telling = rarest(asked, copy.vocabulary, LOOSE)
        loose = matching(edition.pk, telling, kinds, MOST, every=False)
    vector = _vector(asked, copy)
    near = copy.meanings.nearest(vector, kinds, NEAREST)
    return _answer(asked, rows + _seen(_more(rows, loose, near), among), copy, vector, most)


def search_firms(edition: Edition, words: str, among: QuerySet[Participation] | None = None) -> Answer:
    """The firms that say `words`, or nearly so, in one list. In the edition's scope.

    Where few say all of the words, those that say most of them and those that mean the same follow in the order of
    their score. Of a firm all counts that it says, its offers and needs too.
    """
    catch_up(edition)
    copy = copy_of(edition)
    asked = plan(words, copy.vocabulary)
    kinds = [SearchEntry.Kind.FIRM]
    rows = _seen(matching(edition.pk, asked.groups, kinds, MOST_FIRMS), among)
    vector, every = _vector(asked, copy), {row[0] for row in rows}
    if len(rows) < FEW:
        telling = rarest(asked, copy.vocabulary, LOOSE)
        near = copy.meanings.nearest(vector, kinds, NEAREST)
        loose = matching(edition.pk, telling, kinds, MOST, every=False)
        rows += _seen(_more(rows, loose, near), among)
    answer = _answer(asked, rows, copy, vector, MOST_FIRMS)
    least = NEAR_TOO if any(entry.hit.key in every for entry in answer.found) else NEAR
    entries = tuple(
        entry
        for entry in answer.found
        if entry.hit.key in every or entry.hit.words >= MOST_WORDS or (entry.hit.meaning or 0) >= least
    )
    return replace(answer, found=entries, by_meaning=bool(entries) and least == NEAR)


def _answer(
    asked: Plan, rows: Sequence[Row], copy: Copy, vector: Vectors, most: int, least_meaning: float = LEAST_MEANING
) -> Answer:
    meaning = _meaning(copy, [row[0] for row in rows], vector)
    by_key = {row[0]: row for row in rows}
    shares = code_shares([asked.query], [asked.language])
    codes = likeness_of_codes([bytes(row[5] or b"") for row in rows], shares).tolist()
    candidates = (
        Candidate(row[0], row[4].split(), meaning.get(row[0]), alike) for row, alike in zip(rows, codes, strict=True)
    )
    hits = order(asked, candidates, least_meaning=least_meaning)[:most]
    entries = tuple(Found(by_key[hit.key][1], by_key[hit.key][2], by_key[hit.key][3], hit) for hit in hits)
    # Only terms of entries that the reader may see, so that a correction tells nothing of the others.
    visible_terms = {term for hit in hits for term in by_key[hit.key][4].split()}
    corrections = ((group.word, [term for term in group.terms if term in visible_terms]) for group in asked.corrected())
    corrected = tuple((word, terms_[0]) for word, terms_ in corrections if terms_)
    return Answer(entries, corrected, words_alone=not copy.compares)


def _more(rows: Sequence[Row], loose: Sequence[Row], near: Iterable[int]) -> list[Row]:
    """Those of the looser answers and of the entries near in meaning that are not among `rows`, each once."""
    known = {row[0] for row in rows}
    more = [row for row in loose if row[0] not in known]
    return more + _entries(set(near) - known - {row[0] for row in more})


def _seen(rows: list[Row], among: QuerySet[Participation] | None) -> list[Row]:
    """The rows of participants whom the reader may see: of the others none counts among those that say the words."""
    if among is None or not rows:
        return rows
    seen = set(among.filter(pk__in={row[1] for row in rows}).order_by().values_list("pk", flat=True))
    return [row for row in rows if row[1] in seen]


def _meaning(copy: Copy, keys: Sequence[int], vector: Vectors) -> Mapping[int, float]:
    """The cosines of entries as the packaged encoder would have them; none where they cannot be compared."""
    if copy.by is None or not vector.any():
        return {}
    scale = copy.by.scale
    return {key: scale.slope * cosine + scale.offset for key, cosine in copy.meanings.cosines(keys, vector).items()}


def _entries(keys: Iterable[int]) -> list[Row]:
    wanted = list(keys)
    columns = ("pk", "participation_id", "kind", "item", "terms", "codes")
    return list(SearchEntry.objects.filter(pk__in=wanted).values_list(*columns)) if wanted else []


def _vector(asked: Plan, copy: Copy) -> Vectors:
    """(1, d) what is asked; zeros where meanings cannot be compared."""
    if copy.by is None or not copy.compares:
        return np.zeros((1, 1), dtype=np.float32)
    vectors = meant_with_gloss([asked.query], [asked.language], copy.by, asked=True)
    if script_of(asked.query) != "latin" and (titles := titles_of(asked.query)):
        vectors = unit(vectors + TITLES * meant(titles, ["en"] * len(titles), copy.by, asked=True).sum(axis=0))
    return vectors


def warm_up() -> None:
    """Search the latest fair once, while nobody waits for it: the first search of a process takes seconds."""
    edition = Edition.objects.exclude(state=Edition.State.DRAFT).first()
    if edition is None:
        meant(["silk"], ["en"], comparing())
        return
    with scope(edition=edition):
        search(edition, "silk")


# Keeping up


def catch_up(edition: Edition, most: int | None = None) -> int:
    """Make the entries of up to `most` participants anew whose words have changed. Returns how many there were.

    Where it is not said how many, those that a search can wait for.
    """
    waiting = SearchEntry.objects.filter(edition=edition, vector__isnull=True).order_by("participation_id")
    if not waiting.exists() or (by := serving(edition)) is None:
        return 0
    few = AT_ONCE if by.name == PACKAGED else AT_ONCE_BY_OTHERS
    changed = list(waiting.values_list("participation_id", flat=True).distinct()[: few if most is None else most])
    made = entries_by(by, changed)
    with transaction.atomic():
        revision = last_revision(edition) + 1
        for entry in made:
            entry.revision = revision
        kept = {(entry.participation_id, entry.kind, entry.item) for entry in made}
        there = SearchEntry.objects.filter(participation__in=changed).values_list(
            "pk", "participation_id", "kind", "item"
        )
        SearchEntry.objects.filter(pk__in=[pk for pk, *thing in there if tuple(thing) not in kept]).delete()
        SearchEntry.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=["participation", "kind", "item"],
            update_fields=["terms", "vector", "encoder", "coming", "coming_encoder", "codes", "revision"],
        )
        meanings.keep(made)
    return len(changed)


def entries_by(by: Encoder, participations: Collection[int]) -> list[SearchEntry]:
    """Unsaved entries of these participations, by primary key, with their meaning by an encoder and their codes."""
    items = (
        Prefetch("offers", Offer._base_manager.filter(PUBLISHED)),
        Prefetch("needs", Need._base_manager.filter(PUBLISHED)),
    )
    rows = Participation.objects.filter(pk__in=participations).select_related("firm").prefetch_related(*items)
    made = [entry for participation in rows for entry in _entries_of(participation)]
    all_spoken = [(text, language) for _, spoken in made for text, language in spoken]
    texts, languages = [text for text, _ in all_spoken], [_language(*spoken) for spoken in all_spoken]
    vectors = meanings_of_texts(texts, languages, by)
    of = [number for number, (_, spoken) in enumerate(made) for _ in spoken]
    shares = code_shares(texts, languages)
    start = 0
    for (entry, spoken), codes in zip(made, packed(mean_shares(shares, of, len(made))), strict=True):
        mean = unit(vectors[start : start + len(spoken)].sum(axis=0, keepdims=True))
        entry.vector, entry.encoder, entry.codes = mean.astype("<f2").tobytes(), by.name, codes
        start += len(spoken)
    return [entry for entry, _ in made]


def _language(text: str, kept_under: str) -> str:
    """The language of a text. An import keeps under English what is written in Latin letters and states no language."""
    return (base_language(kept_under) == "en" and detect_language(text)) or kept_under


def _entries_of(participation: Participation) -> Iterable[tuple[SearchEntry, _Spoken]]:
    """The entries of a participant, each with its texts and their languages."""
    firm, language = participation.firm, participation.firm.language
    offers, needs = list(participation.offers.all()), list(participation.needs.all())

    def entry(kind: str, item: int, terms_of_row: str) -> SearchEntry:
        return SearchEntry(
            edition_id=participation.edition_id,
            participation=participation,
            kind=kind,
            item=item,
            terms=terms_of_row,
            coming_encoder="",
        )

    about = [
        (firm.legal_name, language),
        *_spoken(firm.description),
        *(s for item in offers for s in _spoken(item.title)),
    ]
    yield entry(SearchEntry.Kind.FIRM, 0, participation.tokens), about
    for kind, items in ((SearchEntry.Kind.OFFER, offers), (SearchEntry.Kind.NEED, needs)):
        for item in items:
            yield entry(kind, item.pk, _terms(item)), [*_spoken(item.title), *_spoken(item.text)]


def _spoken(*by_language: Mapping[str, str]) -> _Spoken:
    return [(text, language) for texts in by_language for language, text in texts.items() if text]


def _terms(item: MarketItem) -> str:
    groups = [terms(text, language) for text, language in _spoken(item.title, item.text)]
    codes = [terms(code) for code in (*item.hs, *item.isic, *item.certificates)]
    return f" {' '.join(dict.fromkeys(term for group in (*groups, *codes) for term in group))} "
