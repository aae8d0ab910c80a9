"""What a web process has done before it answers, and who may send it a large body."""

import logging
import os
import platform
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.test import Client

from serai.expo.fairs.interface.domain.keys import make_key, revoke
from serai.expo.people.account.models import User
from serai.expo.site.operation.domain.server import FIRST_PAUSE, Process, _notice_ends, answers, is_signed_in
from serai.expo.site.operation.pages import ADDRESSES

LOADED = """
import django, gc, sys, threading
django.setup()
from serai.expo.site.operation.domain import server
assert callable(server._load())
print(gc.get_freeze_count() > 50_000, threading.active_count())

from django.urls import resolve, reverse
INTERFACE = "serai.expo.site.api.pages.interface"
reverse("home")
resolve("/en/fair/firms/")
before = INTERFACE in sys.modules
resolve("/api/v1/editions")
print(before, INTERFACE in sys.modules)
"""


FREED = """
from pathlib import Path
from serai.expo.site.operation.domain.server import give_back_memory

def held():
    return int(Path("/proc/self/smaps_rollup").read_text().split("Anonymous:")[1].split()[0]) / 1024

kept = [bytes(100_000) for _ in range(1_000)]
del kept[:-1]  # the last one keeps the heap as long as it is
before = held()
give_back_memory()
print(before - held())
"""


@pytest.fixture(autouse=True)
def connection_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stays open: a request that is no page closes it, as a page does, and a test's transaction is in it."""
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)


def cookie(client: Client) -> Mapping[str, str]:
    return {"COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}


def test_a_person_is_known_by_the_cookie_of_its_session(client: Client, member: User) -> None:
    client.force_login(member)
    assert is_signed_in(cookie(client))
    before = cookie(client)
    client.logout()
    assert not is_signed_in(before)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "sessionid=", "sessionid=forged", "other=1", "sessionid=\x00"])
def test_a_cookie_that_anybody_can_make_is_nobody_s(text: str) -> None:
    assert not is_signed_in({"COOKIE": text})


def test_a_program_is_known_by_its_key(member: User) -> None:
    key, text = make_key(member, "a program", ["read"])
    assert is_signed_in({"AUTHORIZATION": f"Bearer {text}"})
    assert not is_signed_in({"AUTHORIZATION": f"Bearer {text}x"})
    revoke(key, member)
    assert not is_signed_in({"AUTHORIZATION": f"Bearer {text}"})


def test_a_page_does_not_wait_while_all_that_is_loaded_is_looked_through_for_garbage(tmp_path: Path) -> None:
    environment = os.environ | {"SERAI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "serai.expo.settings"}
    done = subprocess.run([sys.executable, "-c", LOADED], env=environment, check=True, capture_output=True, text=True)
    loaded, later = done.stdout.splitlines()
    assert loaded.split() == ["True", "1"]  # and no thread of ours is there to be lost in a fork
    assert later.split() == ["False", "True"]  # the first page does not wait for the interface


@pytest.mark.any_database
@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="other C libraries give memory back by themselves or never"
)
def test_what_was_freed_while_loading_is_not_held_by_each_process() -> None:
    done = subprocess.run([sys.executable, "-c", FREED], check=True, capture_output=True, text=True)
    assert float(done.stdout) > 50  # megabytes


@pytest.mark.any_database
def test_who_starts_asks_for_what_is_answered_whatever_the_site_is_called() -> None:
    """The log of each start told of a wrong host where SERAI_HOSTS was set."""
    asked: list[bytes] = []

    def answer(listener: socket.socket) -> None:
        client, _address = listener.accept()
        with client:
            asked.append(client.recv(1_000))
            client.sendall(b"HTTP/1.0 503 Service Unavailable\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        assert answers(host, port)
        thread.join(5)
    assert asked[0].split()[1].decode() in ADDRESSES  # which come before the host is looked at
    assert not answers(host, port)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("code", "makes_way", "pause", "told"),
    [
        (0, True, 0.0, []),
        (0, False, 0.0, [logging.INFO]),
        (1, False, FIRST_PAUSE, [logging.WARNING]),
        (1, True, FIRST_PAUSE, [logging.WARNING]),
    ],
    ids=["made way", "asked to", "alone", "alone while it made way"],
)
def test_a_process_that_made_way_is_started_again_at_once_and_nothing_is_told_of_it(
    code: int, makes_way: bool, pause: float, told: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])
    process = Process("web server 1", lambda: None, pid=ended.pid, since=time.monotonic(), makes_way=makes_way)
    with caplog.at_level(logging.INFO):
        until = time.monotonic() + 60
        while process.pid and time.monotonic() < until:
            _notice_ends([process], served=True)
            time.sleep(0.01)
    ended.returncode = code  # it was waited for already
    assert (process.pid, process.pause) == (0, pause)
    assert process.due <= time.monotonic() + pause
    assert [record.levelno for record in caplog.records] == told


SIGNALLED = """
import os, signal, subprocess, sys
from serai.expo.base.stop_signals import stop_signals

SEND = "import os, signal, sys; [os.kill(int(sys.argv[1]), signal.SIGTERM) for _time in range(5_000)]"
with stop_signals(signal.SIGTERM) as asked:
    sender = subprocess.Popen([sys.executable, "-c", SEND, str(os.getpid())])
    while sender.poll() is None:
        pass
    print(set(asked) == {signal.SIGTERM})
"""


def test_a_signal_that_comes_while_another_is_taken_stops_nothing_but_the_server() -> None:
    said = subprocess.run([sys.executable, "-c", SIGNALLED], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout == "True\n"
