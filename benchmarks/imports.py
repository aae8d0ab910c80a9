"""How much processor time the import of a real fair's list takes."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks import DATA, Finding, trial

MOST_SECONDS = 60
LIST = "firms/ces2026_exhibitors.parquet"


@trial("import-real-list", tiny={"rows": 5}, data=[LIST])
def a_real_list(rows: int | None = None) -> Iterator[Finding]:
    """How long does the list of a real fair take to import, and to be sent again when nothing has changed?"""
    table = pl.read_parquet(DATA / LIST)[:rows]
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as home:
        path = Path(home) / "exhibitors.csv"
        table.write_csv(path)
        serai = [sys.executable, "-m", "serai", "import", "--json"]
        command = [*serai, path, "--edition", "fair", "--create", "--country", "US"]
        for what in ("imported", "sent again"):
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            done = subprocess.run(
                command, env=os.environ | {"SERAI_HOME": home, "DATABASE_URL": ""}, check=False, stdout=subprocess.PIPE
            )
            seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
            # It ends with 1 where rows were held back, as some of this list are.
            assert json.loads(done.stdout)["rows"] == table.height
            yield Finding(f"{table.height:,} exhibitors of a real fair {what}", seconds, "CPU-s", most=MOST_SECONDS)
