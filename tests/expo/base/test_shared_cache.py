"""The cache that all processes share: none loses a count of another, and it forgets what has run out."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from serai.expo.base import shared_cache
from serai.expo.base.shared_cache import SharedCache

COUNTING = """
import sys
from serai.expo.base.shared_cache import SharedCache
cache = SharedCache(sys.argv[1], {})
cache.add("count", 0, 60)
print(sum(cache.add(f"turn {n}".replace(" ", "-"), 1, 60) for n in range(50)))
for _ in range(300):
    cache.incr("count")
cache.shut()
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., SharedCache]]:
    made: list[SharedCache] = []

    def make(**options: Any) -> SharedCache:
        made.append(SharedCache(tmp_path / "cache.sqlite3", {"OPTIONS": options}))
        return made[-1]

    yield make
    for one in made:
        one.shut()


def test_processes_that_count_at_once_lose_no_count(tmp_path: Path, opened: Callable[..., SharedCache]) -> None:
    command = [sys.executable, "-c", COUNTING, str(tmp_path / "cache.sqlite3")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    first = [int(one.communicate(timeout=60)[0]) for one in running]
    assert [one.returncode for one in running] == [0, 0, 0]
    assert opened().get("count") == 900
    assert sum(first) == 50  # of those who add the same, one is the first


def test_many_open_a_new_one_at_once(tmp_path: Path) -> None:
    def opens(number: int) -> None:
        barrier.wait()
        cache = SharedCache(tmp_path / "cache.sqlite3", {})
        cache.set(f"of-{number}", number, 60)
        cache.shut()

    for _round in range(20):
        barrier = Barrier(8)
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(opens, range(8)))
        for file in tmp_path.iterdir():
            file.unlink()


def test_what_was_counted_outlives_the_process(opened: Callable[..., SharedCache]) -> None:
    before = opened()
    before.set("tries", [1.5, 2.5], 60)
    before.shut()
    assert opened().get("tries") == [1.5, 2.5]


def test_what_has_run_out_is_as_if_it_had_never_been(opened: Callable[..., SharedCache]) -> None:
    cache = opened()
    cache.set("old", 1, -1)
    assert cache.get("old", "none") == "none"
    assert cache.touch("old", 60) is False
    with pytest.raises(ValueError, match="old"):
        cache.incr("old")
    assert cache.add("old", 5, 60) is True
    assert cache.add("old", 6, 60) is False
    assert cache.incr("old", 2) == 7
    assert cache.delete("old") is True
    assert cache.delete("old") is False


def test_it_keeps_no_more_than_it_may(opened: Callable[..., SharedCache]) -> None:
    cache = opened(MAX_ENTRIES=50)
    for number in range(2 * shared_cache.CULL_EVERY):
        cache.set(f"key-{number}", number, 60 + number)
    kept = [number for number in range(2 * shared_cache.CULL_EVERY) if cache.get(f"key-{number}") is not None]
    assert kept == list(range(150, 200))  # what would have run out first was forgotten


def test_its_file_is_its_owners_alone(tmp_path: Path, opened: Callable[..., SharedCache]) -> None:
    opened().set("key", 1)
    assert (tmp_path / "cache.sqlite3").stat().st_mode & 0o077 == 0
