"""What every test shares: where the real data is, passwords that are hashed fast, and how tests are handed out."""

import gc
import logging
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
TOGETHER = "tests/browser/"
"""Files that stay in one process, as they share a served fair."""
FIRST = f"{TOGETHER}test_every_page.py"
"""It takes longer than all others of them, and comes before all: a code sent in making the fair is good for minutes."""
SLOWEST = 10
_seconds: Counter[str] = Counter()


def pytest_configure() -> None:
    """A slow hash guards real passwords; here it would only slow every test down that signs someone in."""
    gc.disable()  # while tests are collected: what they load is no garbage
    # Each process of the tests has rows of the same numbers, by which files are found: it needs a folder of its own.
    if (process := os.environ.get("PYTEST_XDIST_WORKER")) and (folder := os.environ.get("SERAI_HOME")):
        os.environ["SERAI_HOME"] = str(Path(folder) / process)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each process of the tests counts for itself: they share the folder of the instance.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:  # each process of the tests has a database in memory
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"
    # A line of each request would bury what a test that fails has to say.
    logging.getLogger("serai.requests").setLevel(logging.WARNING)
    # How long an example takes says how busy the machine is, not whether it is right.
    # The same examples at each run, that a change is judged by what it changed; SERAI_RANDOM=1 looks for new ones.
    hypothesis_settings.register_profile("serai", deadline=None, derandomize="SERAI_RANDOM" not in os.environ)
    hypothesis_settings.load_profile("serai")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what no database can change, and put files with tests that take long first.

    Handed out last, a long file would keep a process while the others idle.
    """
    for item in items:
        # A test that asks for no database is kept from it, so that it is the same on every one.
        asked = {"db", "transactional_db"} & {*getattr(item, "fixturenames", ())}
        if not asked and not item.get_closest_marker("django_db"):
            item.add_marker("any_database")
    long = {item.path for item in items if item.get_closest_marker("slow")}
    # The others of the browser come after the long ones: by then the fair, which takes minutes, is made.
    items.sort(
        key=lambda item: (_file(item.nodeid) != FIRST, item.path not in long, not item.nodeid.startswith(TOGETHER))
    )


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: a fifth of the time would go into looking through it for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out whole files, and those that stay together as one."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = _file(nodeid)
            return TOGETHER if file.startswith(TOGETHER) and file != FIRST else file

    return Scheduling(config, log)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if type(report) is pytest.TestReport:  # not of a subtest, whose time is in its test's
        _seconds[_file(report.nodeid)] += report.duration


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _seconds:
        terminalreporter.section("slowest files")
    for file, seconds in _seconds.most_common(SLOWEST):
        terminalreporter.write_line(f"{seconds:8.1f} s  {file}")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real tables and lists; without it a test is skipped with the reason shown."""
    named = os.environ.get("SERAI_DATA")
    folder = Path(named) if named else SHARED_DATA
    if not folder.is_dir():
        pytest.skip(f"no real data: SERAI_DATA names no folder and {SHARED_DATA} is absent")
    return folder
