"""How fast the pages of a fair of national size are, on PostgreSQL."""

import tempfile
from collections.abc import Iterator, Sequence
from statistics import median, quantiles

from benchmarks import Finding, apart, trial
from benchmarks.large_fair import ROUNDS, answers_of_pages
from scripts.test import postgresql

MEDIAN, SLOW = 0.150, 0.400
"""Seconds: the bars of the median and of the 95th percentile."""


@trial(
    "pages",
    tiny={"share": 0.005, "pages": ["directory", "programme"], "rounds": 1, "demo": False},
    postgresql=True,
)
def every_page_of_a_large_fair(
    share: float = 1.0, pages: Sequence[str] = (), rounds: int = ROUNDS, demo: bool = True
) -> Iterator[Finding]:
    """How long do the pages take with 1,200 exhibitors, 60,000 people and 24,000 meetings on PostgreSQL?"""
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as home, postgresql() as url:
        settings = {"DATABASE_URL": f"{url.rpartition('/')[0]}/postgres", "SERAI_HOME": home}
        answers = apart(answers_of_pages, settings=settings, share=share, pages=pages, rounds=rounds, demo=demo)
    shown = [answer for answer in answers if answer["code"] == 200]  # the others send on or take forms only
    failed = [answer for answer in answers if answer["code"] == 400 or answer["code"] >= 500]
    every = [seconds for page in shown for seconds in page["seconds"]]
    yield Finding("pages, each as each visitor who may see it", len(shown))
    yield Finding("most queries of a page", max(page["queries"] for page in shown))
    yield Finding("median of the processor's seconds of an answer", median(page["processor"] for page in shown), "s")
    yield Finding(" ".join(["addresses that fail", *(answer["page"] for answer in failed)]), len(failed), most=0)
    yield Finding("median of all answers", median(every), "s", most=MEDIAN)
    yield Finding("95th percentile of all answers", quantiles(every, n=20)[-1], "s", most=SLOW)
    for page in sorted(shown, key=lambda page: -median(page["seconds"]))[:12]:
        yield Finding(f"median of {page['page']}", median(page["seconds"]), "s", most=MEDIAN)
        yield Finding(f"longest of {page['page']}", max(page["seconds"]), "s", most=SLOW)
