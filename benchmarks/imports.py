"""How long the list of a real fair takes to come in, of the processor's time."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars

from benchmarks import Finding, trial
from scripts.test import SHARED_DATA

MOST_SECONDS = 60


@trial("import-real-list")
def a_real_list() -> Iterator[Finding]:
    """How long does the list of a real fair take to import, and to be sent again when nothing has changed?"""
    data = Path(os.environ.get("SERAI_DATA", SHARED_DATA))
    table = polars.read_parquet(data / "firms" / "ces2026_exhibitors.parquet")
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as home:
        path = Path(home) / "exhibitors.csv"
        table.write_csv(path)
        serai = [sys.executable, "-m", "serai", "import", "--json"]
        command = [*serai, path, "--edition", "fair", "--create", "--country", "US"]
        for what in ("imported", "sent again"):
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            done = subprocess.run(command, env=os.environ | {"SERAI_HOME": home}, check=False, stdout=subprocess.PIPE)
            seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
            # It ends with 1 where rows were held back, as some of this list are.
            assert json.loads(done.stdout)["rows"] == table.height
            yield Finding(f"{table.height:,} exhibitors of a real fair {what}", seconds, "CPU-s", most=MOST_SECONDS)
