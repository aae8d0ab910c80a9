"""Whether the right thing is found, against words alone (BM25) and meaning alone, and how fast among a million."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from statistics import median

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks import Finding, trial
from benchmarks.codes import DATA
from benchmarks.text import LANGUAGES, phrases
from serai.match.codes.likeness import code_shares
from serai.match.judging import Floats, better_by, found_at, gains_of, interval, ndcg_at, ranked, reciprocal_rank
from serai.match.language import detect_language
from serai.match.search import Candidate, Index, Vocabulary, order, plan, terms
from serai.match.text import tokens
from serai.match.vectors import DIMENSION, Vectors, centred, encode, unit


class Texts:
    """Texts to be searched in three ways."""

    def __init__(self, said: Sequence[str], languages: Sequence[str | None] | None = None) -> None:
        told = [detect_language(text) for text in said] if languages is None else languages
        self.terms = [terms(text, language) for text, language in zip(said, told, strict=True)]
        self.vectors = centred(encode(said), told)
        self.codes = code_shares(said, told)
        self.vocabulary = Vocabulary(self.terms)

    def by_both(self, queries: Sequence[str], meanings: Vectors) -> Floats:
        """Words, meaning and codes as Serai joins them; -1 for what is no answer."""
        scores = np.full((len(queries), len(self.terms)), -1.0)
        codes = (code_shares(queries) @ self.codes.T).toarray()
        for row, (query, cosines, alike) in enumerate(zip(queries, meanings @ self.vectors.T, codes, strict=True)):
            texts = zip(self.terms, cosines.tolist(), alike.tolist(), strict=True)
            for hit in order(plan(query, self.vocabulary), (Candidate(key, *text) for key, text in enumerate(texts))):
                scores[row, hit.key] = hit.score
        return scores

    def by_words(self, queries: Sequence[str]) -> Floats:
        """BM25 (Robertson 2004) with k1 = 1.2 and b = 0.75 over the same terms, slips not forgiven."""
        scores = np.zeros((len(queries), len(self.terms)))
        length = np.array([len(said) for said in self.terms]) / np.mean([len(said) for said in self.terms])
        for row, query in enumerate(queries):
            for term in terms(query, detect_language(query)):
                has = np.array([place for place, said in enumerate(self._sets) if term in said], dtype=np.int64)
                scores[row, has] += self.vocabulary.weight(term) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length[has]))
        return scores

    @cached_property
    def _sets(self) -> Sequence[frozenset[str]]:
        return [frozenset(said) for said in self.terms]


def compare(
    what: str, texts: Texts, queries: Sequence[str], languages: Sequence[str | None], right: NDArray[np.bool_]
) -> Iterator[Finding]:
    """nDCG at 10, success at 1 and 5 of the three ways, and by how much ours is better than each other on nDCG."""
    meanings = centred(encode(queries), languages)
    scores = {
        "both": texts.by_both(queries, meanings),
        "BM25 alone": texts.by_words(queries),
        "vectors alone": np.asarray(meanings @ texts.vectors.T, dtype=np.float64),
    }
    reached = {}
    ideal = -np.sort(-right.astype(np.float64), axis=1)[:, :10]
    for way, score in scores.items():
        # What scores nothing is not found, wherever it stands.
        gains = gains_of(ranked(score), np.where(score > 0, right, 0))
        reached[way] = ndcg_at(gains, 10, ideal)
        for name, values in (
            ("nDCG@10", reached[way]),
            ("success@1", found_at(gains, 1)),
            ("success@5", found_at(gains, 5)),
            ("MRR", reciprocal_rank(gains)),
        ):
            found = interval(values)
            yield Finding(f"{what}, {way}: {name} [{found.low:.3f}, {found.high:.3f}]", found.mean)
    for way in ("BM25 alone", "vectors alone"):
        gain = better_by(reached["both"], reached[way])
        yield Finding(f"{what}: nDCG better than {way} by [{gain.low:.3f}, {gain.high:.3f}]", gain.mean)


@trial("search-phrases")
def of_phrases() -> Iterator[Finding]:
    """Does the name of a product in English find its offer among 130 in the same and in another language?"""
    rows = phrases()
    held = [number for number, row in enumerate(rows) if row["half"] == "held"]
    queries = [rows[number]["concept"] for number in held]
    right = np.eye(len(rows), dtype=np.bool_)[held]
    reached = {}
    for language in LANGUAGES:
        texts = Texts([row[language] for row in rows], [language] * len(rows))
        score = texts.by_both(queries, centred(encode(queries), ["en"] * len(queries)))
        reached[language] = found_at(gains_of(ranked(score), np.where(score > 0, right, 0)), 5)
        yield from compare(f"English names, offers in {language}", texts, queries, ["en"] * len(queries), right)
    across = np.mean([reached[language] for language in LANGUAGES[1:]], axis=0)
    loss = better_by(across, reached["en"])
    ratio = float(across.mean() / reached["en"].mean())
    yield Finding(
        f"cross-lingual recall at 5 [difference {loss.low:.3f}, {loss.high:.3f}]", ratio, "of monolingual", 0.9
    )


@trial("search-languages")
def across_languages() -> Iterator[Finding]:
    """Does an offer find the same offer in each other language, among offers in all six?"""
    rows = [row for row in phrases() if row["half"] == "held"]
    said = [row[language] for language in LANGUAGES for row in rows]
    own = np.repeat(np.arange(len(LANGUAGES)), len(rows))
    concept = np.tile(np.arange(len(rows)), len(LANGUAGES))
    written = [LANGUAGES[number] for number in own]
    texts = Texts(said, written)
    score = texts.by_both(said, texts.vectors)
    np.fill_diagonal(score, -np.inf)
    first = ranked(score)[:, :5]
    hits = (concept[first] == concept[:, None]).sum(axis=1) / 5
    found = interval(hits, groups=concept)
    yield Finding(f"recall at 5 of the five others [{found.low:.3f}, {found.high:.3f}]", found.mean)
    same = (own[first] == own[:, None]).mean()
    yield Finding("share of the first five in the query's own language (fair: 0.16)", float(same), most=0.25)


@trial("search-exhibitors")
def of_exhibitors() -> Iterator[Finding]:
    """Are the exhibitors of a real fair found by their names, with a slip in it, and by a category?"""
    rows = pl.read_parquet(DATA / "firms/ces2026_exhibitors.parquet").drop_nulls(["name", "description"])
    rows = rows.sample(2_000, seed=0)
    names, said = rows["name"].to_list(), rows["description"].to_list()
    texts = Texts([f"{name}. {text}" for name, text in zip(names, said, strict=True)])
    asked = [number for number, name in enumerate(names) if sum(map(str.isalpha, name)) > 5][:200]
    own = np.eye(len(rows), dtype=np.bool_)[asked]
    queries = [names[number] for number in asked]
    yield from compare("exact names", texts, queries, [None] * len(asked), own)
    random = np.random.default_rng(0)
    yield from compare("names with a slip", texts, [slip(name, random) for name in queries], [None] * len(asked), own)
    labels = [{part.strip() for part in text.split(";")} for text in rows["product_categories"].fill_null("").to_list()]
    counted = Counter(label for each in labels for label in each if label)
    categories = [label for label, count in counted.items() if count >= 10]
    right = np.array([[label in each for each in labels] for label in categories])
    yield from compare("categories", Texts(said), categories, ["en"] * len(categories), right)


@trial("search-tenders")
def of_tenders() -> Iterator[Finding]:
    """Does an English title of a tender find those of its CPV group, written in English or in 23 other languages?"""
    rows = pl.read_parquet(DATA / "needs/ted_notices.parquet").unique("id", keep="first", maintain_order=True)
    rows = rows.drop_nulls(["title", "title_en", "cpv_codes", "lang"])
    said = [f"{title}. {descr or ''}" for title, descr in rows.select("title", "descr").iter_rows()]
    group = np.array([code[:3] for code in rows["cpv_codes"].to_list()])
    english = (rows["lang"] == "EN").to_numpy()
    titles: dict[str, int] = {}
    for number, title in enumerate(rows["title_en"].to_list()):
        titles.setdefault(title, number)
    asked = list(titles.values())[:150]
    for what, among in (("English", english), ("other languages", ~english)):
        pool = np.flatnonzero(among)
        right = (group[pool] == group[asked][:, None]) & (pool != np.array(asked)[:, None])
        kept = right.any(axis=1)
        chosen = [list(titles)[row] for row in np.flatnonzero(kept)]
        texts = Texts([said[number] for number in pool])
        yield from compare(f"tenders in {what}", texts, chosen, ["en"] * len(chosen), right[kept])


def slip(name: str, random: np.random.Generator) -> str:
    """One letter of the longest word, after its first, left out, doubled, changed, or swapped with the next."""
    word = max(name.split(), key=lambda each: (sum(map(str.isalpha, each)), each))
    at = int(random.integers(1, max(2, len(word) - 1)))
    wrong = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + "e" + word[at + 1 :],
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    )[int(random.integers(4))]
    return name.replace(word, wrong, 1)


MILLION = 1_000_000


@trial("search-million")
def among_a_million() -> Iterator[Finding]:
    """How long does a search among a million texts in six languages take, from the words typed to the order?

    Invented texts of 8 to 24 words with a vocabulary of Zipf's law in each language; vectors around 5,000 centres.
    """
    random = np.random.default_rng(0)
    database, vectors, vocabulary, queries = _invent(random)
    index = Index(np.arange(MILLION), vectors)
    yield Finding("texts", float(len(index)))
    taken: dict[str, list[float]] = {kind: [] for kind in queries}
    parts: dict[str, list[float]] = {"plan": [], "words": [], "meaning": [], "order": [], "encode": []}
    for kind, asked in queries.items():
        for query in asked:
            clock = [time.perf_counter()]
            encode([query])
            clock.append(time.perf_counter())
            made = plan(query, vocabulary)
            if not made.groups:  # an invented word that reads as a stop word
                continue
            clock.append(time.perf_counter())
            match = " AND ".join("(" + " OR ".join(f'"{term}"' for term in g.terms) + ")" for g in made.groups)
            rows = database.execute(
                "SELECT texts.id, texts.terms FROM found JOIN texts ON texts.id = found.rowid "
                "WHERE found MATCH ? ORDER BY rank LIMIT 3000",
                [match],
            ).fetchall()
            clock.append(time.perf_counter())
            vector = vectors[rows[0][0]][None] if rows else vectors[:1]
            near = index.nearest(vector, 100)
            cosine = index.cosines([row[0] for row in rows], vector)
            clock.append(time.perf_counter())
            others = [key for key, _ in near if key not in cosine]
            marks = ",".join("?" * len(others))
            rows += database.execute(f"SELECT id, terms FROM texts WHERE id IN ({marks})", others).fetchall()
            meanings = dict(near) | cosine
            order(made, [Candidate(key, said.split(), meanings[key]) for key, said in rows])
            clock.append(time.perf_counter())
            taken[kind].append(1000 * (clock[-1] - clock[0]))
            for part, seconds in zip(("encode", "plan", "words", "meaning", "order"), np.diff(clock), strict=True):
                parts[part].append(1000 * float(seconds))
    every = [ms for some in taken.values() for ms in some]
    yield Finding("a search, the median", median(every), "ms", most=50)
    yield Finding("a search, 95 of 100", float(np.quantile(every, 0.95)), "ms")
    for kind, some in taken.items():
        yield Finding(f"{kind}, the median", median(some), "ms")
    for part, some in parts.items():
        yield Finding(f"of which {part}, the median", median(some), "ms")


def _invent(random: np.random.Generator) -> tuple[sqlite3.Connection, Vectors, Vocabulary, dict[str, list[str]]]:
    starts = ("bcdf", "gklm", "npqr", "стпк", "电气机料", "كمبت")
    sizes = (40_000, 40_000, 40_000, 40_000, 4_000, 40_000)
    made = [
        [tokens(random_word(random, start)) for _ in range(size)] for start, size in zip(starts, sizes, strict=True)
    ]
    words = [[word for word in some if word] for some in made]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, terms TEXT)")
    database.execute(
        "CREATE VIRTUAL TABLE found USING fts5(terms, content='texts', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0', detail=none)"
    )
    count: Counter[str] = Counter()
    for start in range(0, MILLION, 50_000):
        rows: list[tuple[int, str]] = []
        for key in range(start, start + 50_000):
            known = words[key % 6]
            place = np.minimum((len(known) ** random.random(int(random.integers(8, 25)))).astype(int), len(known)) - 1
            said = dict.fromkeys(token for number in place for token in known[number])
            count.update(list(said))
            rows.append((key, " ".join(said)))
        database.executemany("INSERT INTO texts VALUES (?, ?)", rows)
    database.execute("INSERT INTO found(found) VALUES ('rebuild')")
    centres = unit(random.standard_normal((5_000, DIMENSION), dtype=np.float32))
    vectors = np.empty((MILLION, DIMENSION), dtype=np.float32)
    for start in range(0, MILLION, 50_000):
        noise = random.standard_normal((50_000, DIMENSION), dtype=np.float32) / np.float32(40)
        vectors[start : start + 50_000] = unit(centres[random.integers(5_000, size=50_000)] + noise)
    chosen = [str(row[0]).split() for row in database.execute("SELECT terms FROM texts WHERE id % 20000 = 7")]
    queries = {
        "rare word": [min(text, key=count.__getitem__) for text in chosen],
        "two words": [" ".join(text[2:4]) for text in chosen],
        "a common and a rare word": [
            f"{max(text, key=count.__getitem__)} {min(text, key=count.__getitem__)}" for text in said
        ],
        "the commonest word": [max(text, key=count.__getitem__) for text in chosen],
        "a word with a slip": [slip(max(text, key=len), random) for text in chosen],
        "a whole text": [" ".join(text) for text in chosen],
    }
    return database, vectors, Vocabulary.of(MILLION, count), queries


def random_word(random: np.random.Generator, letters: str) -> str:
    vowels = {"с": "аеио", "ك": "اوي", "电": "子器池"}.get(letters[0], "aeio")
    return "".join(str(random.choice(list(vowels if n % 2 else letters))) for n in range(int(random.integers(4, 9))))
