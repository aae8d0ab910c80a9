"""Instances of their own beside that of the tests: a folder, a database, and the command that works on them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from psycopg import connect, sql

type Serai = Callable[..., str]

_number = count(1)


def run(command: list[str], home: Path, url: str = "", code: int = 0) -> str:
    """Run a program on an instance; it must end with this exit code. Returns what it said."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SECRET_KEY"}}
    environment |= {"SERAI_HOME": str(home)} | ({"DATABASE_URL": url} if url else {})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr if code else done.stdout


@pytest.fixture
def serai() -> Serai:
    """Runs the command ``serai`` on the instance in a folder."""

    def run_command(home: Path, *arguments: object, **options: Any) -> str:
        called = [sys.executable, "-c", "from serai.cli import main; main()", *map(str, arguments)]
        return run(called, home, **options)

    return run_command


@pytest.fixture
def program() -> Callable[..., str]:
    """Runs a Python program on the instance in a folder."""
    return lambda home, *arguments, **options: run([sys.executable, *map(str, arguments)], home, **options)


@pytest.fixture
def new_database() -> Iterator[Callable[[], str]]:
    """The address of an empty database: of PostgreSQL where the tests run on it, else of none, which is SQLite."""
    known = settings.DATABASES["default"]
    if "postgresql" not in known["ENGINE"]:
        yield lambda: ""
        return
    names = [("host", "HOST"), ("port", "PORT"), ("user", "USER"), ("password", "PASSWORD")]
    server = {name: known[key] for name, key in names if known.get(key)}
    made: list[str] = []
    with connect(dbname="postgres", autocommit=True, **server) as keeper:

        def make() -> str:
            made.append(f"serai_{os.getpid()}_{next(_number)}")
            keeper.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(made[-1])))
            who = known["USER"] + (f":{known['PASSWORD']}" if known.get("PASSWORD") else "")
            return f"postgresql://{who}@{known['HOST']}:{known['PORT']}/{made[-1]}"

        yield make
        for name in made:
            keeper.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def instance(tmp_path: Path, serai: Serai) -> Path:
    """The folder of an instance on SQLite, with a fair of three firms and a file."""
    home, firms = tmp_path / "instance", tmp_path / "firms.csv"
    firms.write_text("Name,Country,Offers,Hall\nTea Ltd,KE,Black tea,1\nCocoa GmbH,DE,Cocoa,1\nCafé SA,FR,Coffee,2\n")
    serai(home, "import", firms, "--edition", "fair", "--create", "--country", "CN")
    (home / "files" / "ab").mkdir(parents=True)
    (home / "files" / "ab" / "token").write_bytes(b"%PDF-1.7")
    return home
