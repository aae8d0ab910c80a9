"""What a web process has done before it answers, and who may send it a large body."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from serai.expo.fairs.interface.domain.keys import make_key, revoke
from serai.expo.people.account.models import User
from serai.expo.site.operation.domain import connections, server
from serai.expo.site.operation.domain.server import is_signed_in

LOADED = """
import django, gc, threading
django.setup()
from serai.expo.site.operation.domain import server
assert callable(server._load())
print(gc.get_freeze_count() > 50_000, threading.active_count())
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
    assert done.stdout.split() == ["True", "1"]  # and no thread of ours is there to be lost in a fork


def test_the_search_is_warmed_up_while_pages_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    warmed = threading.Event()

    def run(serving: Any) -> None:
        assert warmed.wait(5)
        serving.task_dispatcher.shutdown()
        serving.close()

    monkeypatch.setattr(server, "_warm_up", warmed.set)
    monkeypatch.setattr(connections.Server, "run", run)
    before = signal.getsignal(signal.SIGTERM)
    try:
        listener = socket.create_server(("127.0.0.1", 0))
        server.answer_requests(None, listener, memoryview(bytearray(8)).cast("d"))
    finally:
        signal.signal(signal.SIGTERM, before)
