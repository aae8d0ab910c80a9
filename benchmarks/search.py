"""Whether the right thing is found, against words alone (BM25) and meaning alone, and how fast among a million."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks import DATA, Finding, apart, trial, with_interval
from benchmarks.million import ENTRIES, FILES, PHRASES_OF_A_SOURCE, QUERIES_OF_A_SORT, findings_of_searches
from benchmarks.text import LANGUAGES, phrases
from benchmarks.words import bm25
from scripts.test import postgresql
from serai.match.codes.likeness import code_shares
from serai.match.evaluation import (
    Floats,
    Interval,
    better_by,
    found_at,
    gains_of,
    interval,
    ndcg_at,
    ranked,
    reciprocal_rank,
)
from serai.match.language import detect_language
from serai.match.meanings import meant_with_gloss
from serai.match.search import Candidate, Vocabulary, order, plan, terms
from serai.match.search.terms import stem
from serai.match.text import base_language, tokens
from serai.match.vectors import Vectors


class Texts:
    """Texts to be searched in three ways."""

    def __init__(self, said: Sequence[str], languages: Sequence[str | None] | None = None) -> None:
        told = [detect_language(text) for text in said] if languages is None else languages
        self.terms = [terms(text, language) for text, language in zip(said, told, strict=True)]
        self.words = [words(text, language) for text, language in zip(said, told, strict=True)]
        self.vectors = meant_with_gloss(said, told)
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
        """BM25 over the same tokens and stems, as often as they are said; slips are not forgiven."""
        return bm25([words(query, detect_language(query)) for query in queries], self.words)


def words(text: str, language: str | None) -> list[str]:
    """The tokens of a text, each as often as it stands there, each followed by its stem where there is one."""
    own = [(token, stem(token, base_language(language)) if language else "") for token in tokens(text)]
    return [word for pair in own for word in pair if word]


def compare(
    what: str, texts: Texts, queries: Sequence[str], languages: Sequence[str | None], right: NDArray[np.bool_]
) -> Iterator[Finding]:
    """nDCG at 10, success at 1 and 5 of the three ways, and by how much ours is better than each other on nDCG."""
    meanings = meant_with_gloss(queries, languages)
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
            yield with_interval(f"{what}, {way}: {name}", interval(values))
    for way in ("BM25 alone", "vectors alone"):
        gain = better_by(reached["both"], reached[way])
        yield with_interval(f"{what}: nDCG better than {way} by", gain)
        yield Finding("  at least, with 97.5 % certainty", gain.low, least=0)


def phrases_found(rows: Sequence[Mapping[str, str]], languages: Sequence[str]) -> dict[str, Floats]:
    """By language, for each phrase that was held out: 1 where its English name finds it in the first five."""
    held = [number for number, row in enumerate(rows) if row["half"] == "held"]
    queries = [rows[number]["concept"] for number in held]
    right = np.eye(len(rows), dtype=np.bool_)[held]
    reached = {}
    for language in languages:
        texts = Texts([row[language] for row in rows], [language] * len(rows))
        score = texts.by_both(queries, meant_with_gloss(queries, ["en"] * len(queries)))
        reached[language] = found_at(gains_of(ranked(score), np.where(score > 0, right, 0)), 5)
    return reached


def figures_of_phrases() -> dict[str, Interval]:
    """The quality on phrases by language, with intervals."""
    found = phrases_found(phrases(), LANGUAGES)
    return {f"search, phrases in {code}: found in the first five": interval(of) for code, of in found.items()}


@trial("search-phrases", tiny={"most": 8, "languages": ("en", "fr")})
def of_phrases(most: int | None = None, languages: Sequence[str] = LANGUAGES) -> Iterator[Finding]:
    """Does the name of a product in English find its offer among 130 in the same and in another language?"""
    rows = phrases()[:most]
    held = [number for number, row in enumerate(rows) if row["half"] == "held"]
    queries = [rows[number]["concept"] for number in held]
    right = np.eye(len(rows), dtype=np.bool_)[held]
    reached = phrases_found(rows, languages)
    for language, found in reached.items():
        yield with_interval(f"English names, offers in {language}: in the first five", interval(found))
        texts = Texts([row[language] for row in rows], [language] * len(rows))
        yield from compare(f"English names, offers in {language}", texts, queries, ["en"] * len(queries), right)
    across = np.mean([reached[language] for language in languages[1:]], axis=0)
    loss = better_by(across, reached["en"])
    ratio = float(across.mean() / reached["en"].mean())
    yield Finding(
        f"cross-lingual recall at 5 [difference {loss.low:.3f}, {loss.high:.3f}]", ratio, "of monolingual", 0.9
    )


@trial("search-cross-lingual", tiny={"most": 8, "languages": ("en", "fr")})
def from_each_language(most: int | None = None, languages: Sequence[str] = LANGUAGES) -> Iterator[Finding]:
    """How much of what an offer finds in its own language does it find in another, asked in each of six?

    What is asked are the offers that were held out, whole, among the offers of all concepts in one language; within
    its own language each finds itself by its words, so that the bar is the hardest there is.
    """
    rows = phrases()[:most]
    held = [number for number, row in enumerate(rows) if row["half"] == "held"]
    right = np.eye(len(rows), dtype=np.bool_)[held]
    texts = {code: Texts([row[code] for row in rows], [code] * len(rows)) for code in languages}
    reached = {}
    for asked in languages:
        queries = [rows[number][asked] for number in held]
        meanings = meant_with_gloss(queries, [asked] * len(queries))
        for language in languages:
            score = texts[language].by_both(queries, meanings)
            reached[asked, language] = found_at(gains_of(ranked(score), np.where(score > 0, right, 0)), 5)
    for asked in languages:
        across = np.mean([reached[asked, language] for language in languages if language != asked], axis=0)
        loss = better_by(across, reached[asked, asked])
        ratio = float(across.mean() / reached[asked, asked].mean())
        what = f"asked in {asked}: recall at 5 in the five others [difference {loss.low:.3f}, {loss.high:.3f}]"
        yield Finding(what, ratio, "of monolingual", 0.9)


@trial("search-languages", tiny={"most": 3})
def across_languages(most: int | None = None) -> Iterator[Finding]:
    """Does an offer find the same offer in each other language, among offers in all six?"""
    rows = [row for row in phrases() if row["half"] == "held"][:most]
    said = [row[language] for language in LANGUAGES for row in rows]
    own = np.repeat(np.arange(len(LANGUAGES)), len(rows))
    concept = np.tile(np.arange(len(rows)), len(LANGUAGES))
    written = [LANGUAGES[number] for number in own]
    texts = Texts(said, written)
    score = texts.by_both(said, texts.vectors)
    np.fill_diagonal(score, -np.inf)
    first = ranked(score)[:, :5]
    hits = (concept[first] == concept[:, None]).sum(axis=1) / 5
    yield with_interval("recall at 5 of the five others", interval(hits, groups=concept))
    same = (own[first] == own[:, None]).mean()
    yield Finding("share of the first five in the query's own language (fair: 0.16)", float(same), most=0.25)


@trial("search-exhibitors", tiny={"sample": 60}, data=["firms/ces2026_exhibitors.parquet"])
def of_exhibitors(sample: int = 2_000) -> Iterator[Finding]:
    """Are the exhibitors of a real fair found by their names, with a slip in it, and by a category?"""
    rows = pl.read_parquet(DATA / "firms/ces2026_exhibitors.parquet").drop_nulls(["name", "description"])
    rows = rows.sample(sample, seed=0)
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


@trial("search-tenders", tiny={"most": 150}, data=["needs/ted_notices.parquet"])
def of_tenders(most: int | None = None) -> Iterator[Finding]:
    """Does an English title of a tender find those of its CPV group, written in English or in 23 other languages?"""
    rows = pl.read_parquet(DATA / "needs/ted_notices.parquet").unique("id", keep="first", maintain_order=True)
    rows = rows.drop_nulls(["title", "title_en", "cpv_codes", "lang"])[:most]
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


TINY_MILLION = {"entries": 100, "phrases_of_a_source": 20, "queries_of_a_sort": 3}


@trial("search-million", tiny=TINY_MILLION, data=FILES)
def among_a_million(
    entries: int = ENTRIES, phrases_of_a_source: int = PHRASES_OF_A_SOURCE, queries_of_a_sort: int = QUERIES_OF_A_SORT
) -> Iterator[Finding]:
    """How long does the site's own search take among a million texts on SQLite, from the words typed to the order?"""
    sizes = {"entries": entries, "phrases_of_a_source": phrases_of_a_source, "queries_of_a_sort": queries_of_a_sort}
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as home:
        yield from _of_a_million({"SERAI_HOME": home, "DATABASE_URL": ""}, "CPU-ms", sizes)


@trial("search-million-postgresql", tiny=TINY_MILLION, data=FILES, postgresql=True)
def among_a_million_on_postgresql(
    entries: int = ENTRIES, phrases_of_a_source: int = PHRASES_OF_A_SOURCE, queries_of_a_sort: int = QUERIES_OF_A_SORT
) -> Iterator[Finding]:
    """How long does the site's own search take among a million texts on PostgreSQL, with pgvector where it is?"""
    sizes = {"entries": entries, "phrases_of_a_source": phrases_of_a_source, "queries_of_a_sort": queries_of_a_sort}
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as home, postgresql() as url:
        settings = {"SERAI_HOME": home, "DATABASE_URL": f"{url.rpartition('/')[0]}/postgres"}
        yield from _of_a_million(settings, "ms", sizes)


def _of_a_million(settings: Mapping[str, str], unit: str, sizes: Mapping[str, int]) -> Iterator[Finding]:
    """The findings of benchmarks/million.py in a process of its own; `unit` is that of the bar."""
    for what, value, its_unit in apart(findings_of_searches, settings=settings, **sizes):
        has_bar = its_unit == unit and what == "a search, the median"
        yield Finding(what, value, its_unit, most=50 if has_bar else np.inf)
