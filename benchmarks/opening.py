"""The opening hour beside pretalx, which serves the programmes of conferences: processor, first answer and memory.

pretalx is installed from the package index for this trial alone, into an environment of its own. It is under the AGPL:
nothing of it is imported here. It gets an event with as many sessions, speakers and rooms as the demonstration, and two
processes of four threads, as Serai has; its cache is in its own memory, since no Redis is set up (peer_settings.py).
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import Finding, apart, trial
from benchmarks.serving import Served, free_port, served
from benchmarks.small_fair import make_small_fair
from scripts.test import ROOT
from serai.expo.site.operation.domain.instance import open_instance
from serai.world.cache import cache_folder

VERSION = "2026.2.1"
PEER = Path(__file__).parent / "peer"
PROCESSES, THREADS = 2, 4
ON_A_HIT, ON_A_MISS = 1 / 3, 1.0
"""What an answer may take of what it takes pretalx: from the cache, and worked out for a visitor with a cookie."""

FIRST_ANSWER, MEMORY = 4.0, 800.0
"""Seconds after the start, and megabytes of the tree of processes."""

COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Both start from compiled modules, as an installed package does."""

WORDS = ("battery", "电池", "solar inverter", "baterías de litio", "steel", "packaging", "robot", "logistique", "wind")
WORDS += ("separator film", "قطن", "электродвигатель")


@trial("opening", tiny={"version": "", "times": 2, "pages": 4, "searches": 1, "demo": False, "settled": False})
def the_opening_hour(
    version: str = VERSION,
    times: int = 200,
    pages: int = 500,
    searches: int = 12,
    demo: bool = True,
    settled: bool = True,
) -> Iterator[Finding]:
    """What do the pages of a programme take, beside pretalx with an event of the same size?"""
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as home, tempfile.TemporaryDirectory() as other:
        fair = apart(make_fair, settings={"SERAI_HOME": home}, demo=demo)
        theirs: dict[str, float] = {}
        if version:
            with pretalx(version, fair["size"], Path(other)) as (server, paths):
                theirs = measured(server, paths, times, list(islice(cycle(paths.values()), pages)), settled)
                for what, value in theirs.items():
                    yield Finding(f"pretalx {version}, {what}", value)
        with serai(fair["paths"]["front"], Path(home)) as server:
            asked = [*islice(cycle(fair["pages"]), pages), *(fair["search"] + quote(word) for word in WORDS[:searches])]
            ours = measured(server, fair["paths"], times, asked, settled)
            missed = {name: server.processor(path, times, "visitor=1") for name, path in fair["paths"].items()}
    for name in fair["paths"]:
        yield Finding(f"{name}, from the cache, of pretalx's", *_share(ours[name], theirs, name), most=ON_A_HIT)
        yield Finding(f"{name}, worked out, of pretalx's", *_share(missed[name], theirs, name), most=ON_A_MISS)
        yield Finding(f"{name}, from the cache", ours[name], "ms")
        yield Finding(f"{name}, worked out", missed[name], "ms")
    yield Finding("first answer", ours["first answer, s"], "s", most=FIRST_ANSWER)
    yield Finding("memory of the tree", ours["memory of the tree, MB"], "MB", most=MEMORY)


def _share(mine: float, theirs: dict[str, float], name: str) -> tuple[float, str]:
    return (mine / theirs[name], "") if name in theirs else (0.0, "(without pretalx)")


def measured(
    server: Served, paths: dict[str, str], times: int, asked: Sequence[str], settled: bool
) -> dict[str, float]:
    """Milliseconds of the processor for each page by its name, the first answer, and the memory after some pages.

    ``settled``: once the server has computed what it prepares, which may take it minutes.
    """
    if settled:
        server.settle()
    found = {name: server.processor(path, times) for name, path in paths.items()}
    for path in asked:
        server.ask(path)
    return found | {"first answer, s": server.first_answer, "memory of the tree, MB": server.memory()}


@contextmanager
def serai(front: str, home: Path) -> Iterator[Served]:
    """`serai up` with its task worker."""
    port = free_port()
    command = [sys.executable, "-m", "serai", "up", "--port", str(port)]
    settings = {"SERAI_HOME": str(home), "SERAI_WORKERS": str(PROCESSES), **COMPILED}
    run([sys.executable, "-m", "compileall", "-q", ROOT / "src"])
    with served(command, port, front, settings, home) as server:
        yield server


@contextmanager
def pretalx(version: str, size: Sequence[int], folder: Path) -> Iterator[tuple[Served, dict[str, str]]]:
    """pretalx below gunicorn, and the paths of its pages by their names."""
    programs, port = installed(version), free_port()
    settings = {
        **COMPILED,
        "DJANGO_SETTINGS_MODULE": "peer_settings",
        "PYTHONPATH": str(PEER),
        "PRETALX_DATA_DIR": str(folder),
        "PRETALX_SITE_URL": f"http://127.0.0.1:{port}",
    }
    run([programs / "python", "-m", "pretalx", "migrate", "--verbosity", "0"], settings)
    run([programs / "python", "-m", "pretalx", "rebuild", "--silent"], settings)
    paths = json.loads(run([programs / "python", PEER / "peer_event.py", *size], settings).splitlines()[-1])
    command = [str(programs / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--preload", "pretalx.wsgi:application"]
    command += ["--workers", str(PROCESSES), "--threads", str(THREADS), "--keep-alive", "60"]
    with served(command, port, paths["front"], settings, folder) as server:
        yield server, paths


def installed(version: str) -> Path:
    """The folder of the programs of an environment with pretalx, made at the first call."""
    folder = cache_folder("bench") / f"pretalx-{version}"
    if not (folder / "ready").exists():
        run([sys.executable, "-m", "venv", "--clear", folder])
        run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", f"pretalx=={version}", "gunicorn"])
        (folder / "ready").touch()
    return folder / "bin"


def run(command: Sequence[object], settings: dict[str, str] | None = None) -> str:
    """What a program prints. Raises RuntimeError with the end of its error output if it fails."""
    done = subprocess.run(
        [str(part) for part in command], env=os.environ | (settings or {}), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or f"exit code {done.returncode}")[-500:])
    return done.stdout


def make_fair(*, demo: bool) -> dict[str, Any]:
    """Make the fair in SERAI_HOME. Returns the paths of its pages, all its public ones, and the size of its programme:
    speakers, rooms, sessions."""
    open_instance()
    from django.core.management import call_command
    from django.db.models import Q
    from django.urls import reverse
    from django_scopes import scope

    call_command("migrate", verbosity=0)
    from serai.expo.fairs.edition.models import Participation
    from serai.expo.offers.search.domain.index import reindex
    from serai.expo.programme.sessions.models import Room, Session, Speaker
    from serai.expo.site.demonstration.domain.edition import create_demo

    edition = create_demo(password="the road to Samarkand") if demo else make_small_fair()
    reindex(edition)
    at = {"edition": edition.slug}
    with scope(edition=edition):
        size = [Speaker.objects.count(), Room.objects.count(), Session.objects.count()]
        shown = Session.objects.filter(~Q(capacity=None), state="confirmed").first() or Session.objects.first()
        firms = Participation.objects.filter(kind="exhibitor").values_list("firm__identifier", flat=True)
        of_firms = [reverse("firm", kwargs=at | {"identifier": identifier}) for identifier in firms]
    paths = {
        "front": reverse("edition", kwargs=at),
        "programme": reverse("programme", kwargs=at),
        **({"session": reverse("session", kwargs=at | {"number": shown.pk})} if shown else {}),
        "speakers": reverse("speaker-list", kwargs=at),
    }
    lists = [reverse(name, kwargs=at) for name in ("directory", "market", "chain-list", "hall-list", "report")]
    english = [*paths.values(), *lists, *of_firms]
    pages = [path.replace("/en/", f"/{language}/", 1) for language in ("en", "zh-hans", "ar") for path in english]
    return {"paths": paths, "pages": pages, "search": f"{reverse('directory', kwargs=at)}?q=", "size": size}
