"""How fast the pages of a fair of national size are, on PostgreSQL."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from statistics import median, quantiles

from benchmarks import Finding, trial
from scripts.test import postgresql

MEDIAN, SLOW = 0.150, 0.400
"""Seconds: the bars of the median and of the 95th percentile."""


@trial("pages")
def every_page_of_a_large_fair() -> Iterator[Finding]:
    """How long do the pages take with 1,200 exhibitors, 60,000 people and 24,000 meetings on PostgreSQL?"""
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as home, postgresql() as url:
        server = url.rpartition("/")[0]
        settings = {"DATABASE_URL": f"{server}/postgres", "SERAI_HOME": home, "OPENBLAS_NUM_THREADS": "1"}
        run = [sys.executable, "-m", "benchmarks.large_fair"]
        done = subprocess.run(run, env=os.environ | settings, check=True, stdout=subprocess.PIPE, text=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    pages = [answer for answer in answers if answer["code"] == 200]  # the others send on or take forms only
    failed = [answer for answer in answers if answer["code"] == 400 or answer["code"] >= 500]
    every = [seconds for page in pages for seconds in page["seconds"]]
    yield Finding("pages, each as each visitor who may see it", len(pages))
    yield Finding("most queries of a page", max(page["queries"] for page in pages))
    yield Finding("median of the processor's seconds of an answer", median(page["processor"] for page in pages), "s")
    yield Finding(" ".join(["addresses that fail", *(answer["page"] for answer in failed)]), len(failed), most=0)
    yield Finding("median of all answers", median(every), "s", most=MEDIAN)
    yield Finding("95th percentile of all answers", quantiles(every, n=20)[-1], "s", most=SLOW)
    for page in sorted(pages, key=lambda page: -median(page["seconds"]))[:12]:
        yield Finding(f"median of {page['page']}", median(page["seconds"]), "s", most=MEDIAN)
        yield Finding(f"longest of {page['page']}", max(page["seconds"]), "s", most=SLOW)
