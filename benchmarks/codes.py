"""How often the codes guessed from a text are right: on phrases, listed firms, tenders and exhibitors.

The phrases are the project's own (tests/match: codes_phrases.csv of common trades, codes_random.csv of headings drawn
at random); the others are of the folder that SERAI_DATA names.
A classification that is not ours (industries, CPV, a fair's categories) is learnt from half of the rows: every label
gets the mean evidence of its texts for the 419 classes of ISIC, or the mean vector, and a text the nearest label.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks import DATA, Finding, trial, with_interval
from benchmarks.text import LANGUAGES, RANDOM, phrases
from serai.match.codes import CodeKind
from serai.match.codes.suggestion import evidence, log_odds
from serai.match.evaluation import calibration_error, found_at, gains_of, interval, ndcg_at, ranked, recall_at
from serai.match.language import detect_language
from serai.match.text import tokens
from serai.match.vectors import meant, unit

BARS = {"en": 0.85, "zh-hans": 0.85, "fr": 0.75, "es": 0.75, "ar": 0.75, "ru": 0.75}

type Floats = NDArray[np.float32]


@trial("codes-phrases", tiny={"most": 3, "languages": ("en", "fr")})
def of_phrases(most: int | None = None, languages: Sequence[str] = LANGUAGES) -> Iterator[Finding]:
    """Is the right code among the first five, on the concepts that were held out and on those that were fitted on?"""
    for kind in (CodeKind.ISIC, CodeKind.HS):
        for half in ("held", "fit"):
            rows = [row for row in phrases() if row["half"] == half and row[kind]][:most]
            chances, rights = [], []
            for language in languages:
                names, found = evidence([row[language] for row in rows], [language] * len(rows), kind=kind)
                right = np.array([[name in row[kind].split() for name in names] for row in rows])
                ranking = ranked(found)
                gains = gains_of(ranking, right)
                bar = BARS[language] if half == "held" else -np.inf
                yield with_interval(f"{kind} {half} {language}: among five", interval(found_at(gains, 5)), least=bar)
                yield with_interval(f"{kind} {half} {language}: first", interval(found_at(gains, 1)))
                chance = 1 / (1 + np.exp(-np.take_along_axis(log_odds(kind, found), ranking[:, :5], axis=1)))
                chances.append(chance.ravel())
                rights.append(gains[:, :5].ravel() > 0)
            error = calibration_error(np.concatenate(chances), np.concatenate(rights))
            yield Finding(f"{kind} {half}: calibration error of the five", error, most=0.1)


@trial("codes-random", tiny={"most": 4, "languages": ("en", "fr")})
def of_random_headings(most: int | None = None, languages: Sequence[str] = LANGUAGES) -> Iterator[Finding]:
    """How often is a heading that was drawn at random among the first five? Harder, for most are of rare goods."""
    rows = phrases(RANDOM)[:most]
    among = np.zeros((len(languages), len(rows)))
    for number, language in enumerate(languages):
        names, found = evidence([row[language] for row in rows], [language] * len(rows), kind=CodeKind.HS)
        right = np.array([[name == row["hs"] for name in names] for row in rows])
        gains = gains_of(ranked(found), right)
        among[number] = found_at(gains, 5)
        yield with_interval(f"{language}: among five", interval(among[number]))
        yield with_interval(f"{language}: first", interval(found_at(gains, 1)))
    yield with_interval("all languages together: among five", interval(among.mean(axis=0)))


@trial("codes-companies", tiny={"sample": 40}, data=["firms/companies.parquet"])
def of_companies(sample: int = 1_500) -> Iterator[Finding]:
    """Does the description of a listed firm tell its industry (62 of them), through ISIC, vectors or words?"""
    rows = pl.read_parquet(DATA / "firms/companies.parquet").drop_nulls(["summary", "industry"])
    rows = rows.sample(sample, seed=0)
    yield from _learnt(rows["summary"].to_list(), [{label} for label in rows["industry"].to_list()], "industry")


@trial("codes-tenders", tiny={"most": 40}, data=["needs/ted_notices.parquet"])
def of_tenders(most: int | None = None) -> Iterator[Finding]:
    """Does a tender in any of 24 languages tell its CPV division, and the chapter of the Harmonized System?"""
    rows = pl.read_parquet(DATA / "needs/ted_notices.parquet").unique("id", keep="first", maintain_order=True)
    rows = rows.filter(pl.col("title").is_not_null() & pl.col("cpv_codes").is_not_null())[:most]
    texts = [f"{title}. {descr or ''}" for title, descr in rows.select("title", "descr").iter_rows()]
    divisions = [code[:2] for code in rows["cpv_codes"].to_list()]
    yield from _learnt(texts, [{division} for division in divisions], "CPV division")
    goods = [number for number, division in enumerate(divisions) if division in CHAPTERS]
    names, found = evidence([texts[number] for number in goods], kind=CodeKind.HS)
    right = np.array([[name[:2] in CHAPTERS[divisions[number]].split() for name in names] for number in goods])
    gains = gains_of(ranked(found), right)
    for k in (1, 5):
        yield with_interval(f"tenders of goods ({len(goods)}): HS chapter among {k}", interval(found_at(gains, k)))


@trial("codes-exhibitors", tiny={"most": 40}, data=["firms/ces2026_exhibitors.parquet"])
def of_exhibitors(most: int | None = None) -> Iterator[Finding]:
    """Does what an exhibitor of a real fair says tell the categories that it chose?"""
    rows = pl.read_parquet(DATA / "firms/ces2026_exhibitors.parquet").drop_nulls(["description", "product_categories"])
    rows = rows[:most]
    labels = [{part.strip() for part in text.split(";")} for text in rows["product_categories"].to_list()]
    yield from _learnt(rows["description"].to_list(), labels, "category")


CHAPTERS = {
    "03": "01 03 05 06 07 08 09 10 12 44", "09": "27 22 38", "15": "02 03 04 07 08 09 10 11 15 16 17 18 19 20 21 22 23",
    "18": "42 61 62 63 64 65 71", "19": "39 40 41 50 51 52 54 55 56 58 59 60", "22": "48 49", "24": "28 29 31 34 35 38",
    "30": "84 48 96", "31": "85 94 84", "32": "85", "33": "30 34 40 61 84 85 87 90 94", "34": "40 86 87 88 89",
    "35": "62 65 85 87 93", "37": "92 94 95", "38": "90 84 85", "39": "42 57 63 69 70 73 76 82 83 84 85 94 96",
    "41": "22", "42": "82 84 85", "43": "84 87", "44": "25 27 32 39 44 68 69 70 72 73 74 76 82 83", "48": "85",
}  # fmt: skip
"""The chapters whose goods a CPV division of goods holds: typed for this benchmark, by the titles of both."""


def _learnt(texts: Sequence[str], labels: Sequence[set[str]], what: str) -> Iterator[Finding]:
    """Labels learnt from the even rows and found again for the odd ones: by classes, vectors, words, and all."""
    names = sorted(set().union(*labels[::2]))
    right = np.array([[name in own for name in names] for own in labels], dtype=np.float64)
    ways = {"ISIC evidence": _by_classes(texts), "vectors": _by_vectors(texts), "words": _by_words(texts)}
    scores = {way: _nearest(features, right) for way, features in ways.items()}
    scores["all three"] = scores["ISIC evidence"] + scores["vectors"] + scores["words"]
    for way, score in scores.items():
        gains = gains_of(ranked(score), right[1::2])
        yield with_interval(f"{what} by {way}: first", interval(found_at(gains, 1)))
        yield with_interval(f"{what} by {way}: recall at 5", interval(recall_at(gains, 5, right[1::2].sum(axis=1))))
        yield with_interval(f"{what} by {way}: nDCG at 5", interval(ndcg_at(gains, 5)))


def _nearest(features: Floats, right: NDArray[np.float64]) -> Floats:
    """Standardised closeness of the odd rows to the mean of the even rows of each label, all from the mean of these."""
    moved = unit(features - features[::2].mean(axis=0))
    close = moved[1::2] @ unit((right[::2].T @ moved[::2]).astype(np.float32)).T
    standard: Floats = (close - close.mean(axis=1, keepdims=True)) / (close.std(axis=1, keepdims=True) + 1e-9)
    return standard


def _by_classes(texts: Sequence[str]) -> Floats:
    _, found = evidence(texts, kind=CodeKind.ISIC)
    return unit(np.sqrt(found))


def _by_vectors(texts: Sequence[str]) -> Floats:
    return meant(texts, [detect_language(text) for text in texts])


def _by_words(texts: Sequence[str]) -> Floats:
    """tf-idf of the 20,000 commonest tokens."""
    said = [sorted(set(tokens(text))) for text in texts]
    words, count = np.unique([word for own in said for word in own], return_counts=True)
    kept = {str(words[number]): column for column, number in enumerate(np.argsort(-count, kind="stable")[:20_000])}
    found = np.zeros((len(texts), len(kept)), dtype=np.float32)
    for row, own in enumerate(said):
        found[row, [kept[word] for word in own if word in kept]] = 1
    return unit(found * np.log(len(texts) / np.maximum(found.sum(axis=0), 1)).astype(np.float32))
