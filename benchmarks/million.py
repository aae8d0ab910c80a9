"""A million entries of the search in whatever database DATABASE_URL names, and how long the site's own search takes.

    python -m benchmarks.million

A text is two real phrases of one language: clauses of tenders in 24 languages, of exhibitors and listed firms,
industries in Chinese, and the names of goods in six languages. Its terms are theirs, its vector the mean of theirs.
Four of five entries are offers, one a firm. Prints one line of JSON a finding. The entries stay in the database: where
they are there, they are searched as they are.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from statistics import median
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from benchmarks import DATA
from benchmarks.large_fair import analyse, say
from benchmarks.small_fair import make_edition, make_participations
from benchmarks.text import LANGUAGES, phrases
from serai.expo.site.operation.domain.instance import open_instance
from serai.match.codes.likeness import code_shares, packed
from serai.match.codes.phrases import heading_names
from serai.match.language import detect_language
from serai.match.search import terms
from serai.match.search.terms import STEM_MARK
from serai.match.text import base_language
from serai.match.vectors import PACKAGED, Vectors, meant, unit

type Found = tuple[str, float, str]
"""What was measured, its value and its unit."""

OF_A_FIRM = 5
BATCH = 5_000
ENTRIES, PHRASES_OF_A_SOURCE, QUERIES_OF_A_SORT = 1_000_000, 8_000, 50
LEAST_PHRASES = 100
"""Of a language; those with fewer are left out."""
CLAUSE = re.compile(r"[.;:!?\n。；：]+")
FILES = (
    "needs/ted_notices.parquet",
    "firms/ces2026_exhibitors.parquet",
    "firms/companies.parquet",
    "classifications/gbt4754_2017.csv",
)


def findings_of_searches(
    *,
    entries: int = ENTRIES,
    phrases_of_a_source: int = PHRASES_OF_A_SOURCE,
    queries_of_a_sort: int = QUERIES_OF_A_SORT,
) -> list[Found]:
    """Fill the database if it is empty, and search it."""
    open_instance()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from serai.expo.fairs.edition.models import Edition

    edition = Edition.objects.filter(slug="million").first()
    if edition is None:
        random = np.random.default_rng(0)
        say("reading phrases")
        pools = read_pools(phrases_of_a_source, random)
        edition = make_edition("million")
        say(f"{entries} entries")
        fill(edition, entries, pools, random)
        analyse()
    say("searching")
    return list(measured(edition, queries(edition, queries_of_a_sort)))


# The texts


@dataclass(frozen=True)
class Pool:
    """Phrases of one language with their terms, vectors and codes."""

    terms: Sequence[Sequence[str]]
    vectors: Vectors
    codes: sparse.csr_array


def read_pools(phrases_of_a_source: int, random: np.random.Generator) -> list[Pool]:
    """A pool of each language that has enough phrases."""
    tenders = pl.read_parquet(DATA / "needs/ted_notices.parquet")
    exhibitors = pl.read_parquet(DATA / "firms/ces2026_exhibitors.parquet")
    companies = pl.read_parquet(DATA / "firms/companies.parquet")
    chinese = pl.read_csv(DATA / "classifications/gbt4754_2017.csv", infer_schema=False)
    sources = [
        [text for text in (*tenders["title"], *tenders["descr"]) if text],
        [text for text in exhibitors["description"] if text],
        [text for text in companies["summary"].sample(2_000, seed=0) if text],
        [text for text in (*chinese["name"], *chinese["remark"]) if text],
    ]
    said: dict[str, list[str]] = {}
    for source in sources:
        found = [clause.strip() for text in source for clause in CLAUSE.split(text)]
        kept = sorted({clause for clause in found if 5 <= len(clause) <= 200})
        for number in random.permutation(len(kept))[:phrases_of_a_source]:
            if language := detect_language(kept[number]):
                said.setdefault(language, []).append(kept[number])
    headings = list(heading_names())
    for number in random.permutation(len(headings))[:phrases_of_a_source]:
        language, _heading, name = headings[number]
        said.setdefault(base_language(language), []).append(name)
    for row in phrases()[: max(phrases_of_a_source, LEAST_PHRASES)]:
        for language in LANGUAGES:
            said.setdefault(base_language(language), []).append(row[language])
    pools = []
    for language, texts in sorted(said.items()):
        if len(texts) >= LEAST_PHRASES:
            vectors = meant(texts, [language] * len(texts))
            codes = code_shares(texts, [language] * len(texts))
            pools.append(Pool([terms(text, language) for text in texts], vectors, codes))
    say(f"{sum(len(pool.terms) for pool in pools)} phrases of {len(pools)} languages")
    return pools


# The entries


def fill(edition: Any, count: int, pools: Sequence[Pool], random: np.random.Generator) -> None:
    """Write firms with their entries."""
    from django_scopes import scope

    from serai.expo.offers.search.domain import meanings
    from serai.expo.offers.search.models import SearchEntry

    with scope(edition=edition):
        for numbers in batched(range(count // OF_A_FIRM), BATCH // OF_A_FIRM, strict=False):
            entries = []
            for participation in make_participations(edition, numbers):
                pool = pools[participation.pk % len(pools)]
                pairs = random.integers(len(pool.terms), size=(OF_A_FIRM, 2))
                vectors = unit(pool.vectors[pairs].sum(axis=1)).astype("<f2")
                # The codes of the first phrase: as many and as long to read as those of both.
                codes = packed(pool.codes[pairs[:, 0]])
                for item, (pair, vector) in enumerate(zip(pairs, vectors, strict=True)):
                    said = tuple(dict.fromkeys(term for number in pair for term in pool.terms[number]))
                    entries.append(
                        SearchEntry(
                            edition=edition,
                            participation=participation,
                            kind="offer" if item else "firm",
                            item=participation.pk * OF_A_FIRM + item if item else 0,
                            terms=f" {' '.join(said)} ",
                            vector=vector.tobytes(),
                            encoder=PACKAGED,
                            codes=codes[item],
                            revision=1,
                        )
                    )
            SearchEntry.objects.bulk_create(entries, batch_size=BATCH)
            meanings.keep(entries)


# The searches


def queries(edition: Any, count: int) -> Mapping[str, Sequence[str]]:
    """What people may type, at most `count` of each sort: words of the texts, names of products in six languages."""
    from django_scopes import scope

    from benchmarks.search import slip
    from serai.expo.offers.search.models import SearchEntry

    random = np.random.default_rng(1)
    with scope(edition=edition):
        last = SearchEntry.objects.latest("pk").pk
        samples = SearchEntry.objects.filter(pk__in=range(2, last, max(1, last // 60))).order_by("pk")
        plain = [[word for word in each.terms.split() if not word.endswith(STEM_MARK)] for each in samples]
    texts = [words for words in plain if len(words) >= 4]
    rows = phrases()
    of_sort = {
        "the longest word": [max(words, key=len) for words in texts],
        "two words": [" ".join(words[1:3]) for words in texts],
        "a word with a slip": [slip(max(words, key=len), random) for words in texts],
        "a whole text": [" ".join(words) for words in texts],
        "the name of a product": [row["concept"] for row in rows],
        "an offer in one of six languages": [row[language] for row in rows for language in LANGUAGES],
        "a word that many say": ["service", "production", "systems", "travaux", "设备", "equipment", "machines"],
    }
    return {sort: typed[:count] for sort, typed in of_sort.items()}


def measured(edition: Any, asked: Mapping[str, Sequence[str]]) -> Iterator[Found]:
    """What was measured, its value and its unit."""
    from django_scopes import scope

    from serai.expo.offers.search.domain.search import search, search_firms
    from serai.expo.offers.search.models import SearchEntry
    from serai.expo.participants.participation.domain.exhibitors import exhibitors

    with scope(edition=edition):
        began = time.perf_counter()
        search(edition, "ready", among=exhibitors(edition))
        yield "the first search of a process, which reads the words and the vectors", time.perf_counter() - began, "s"
        yield "texts", SearchEntry.objects.count(), ""
        ways = {
            "a search": lambda words: search(edition, words, among=exhibitors(edition)),
            "a search of offers": lambda words: search(edition, words, kinds=["offer"], among=exhibitors(edition)),
            "a search of firms": lambda words: search_firms(edition, words, exhibitors(edition)),
        }
        for way, find in ways.items():
            taken: dict[str, list[float]] = {}
            spent: dict[str, list[float]] = {}
            for sort, words in asked.items():
                for query in words:
                    began, used = time.perf_counter(), time.process_time()
                    find(query)
                    taken.setdefault(sort, []).append(1_000 * (time.perf_counter() - began))
                    spent.setdefault(sort, []).append(1_000 * (time.process_time() - used))
            for unit, measured_ in (("ms", taken), ("CPU-ms", spent)):
                every = [milliseconds for some in measured_.values() for milliseconds in some]
                yield f"{way}, the median", median(every), unit
                yield f"{way}, 95 of 100", float(np.quantile(every, 0.95)), unit
                for sort, some in measured_.items():
                    yield f"{way}, {sort}, the median of {len(some)}", median(some), unit


if __name__ == "__main__":
    for finding in findings_of_searches():
        print(json.dumps(finding))
