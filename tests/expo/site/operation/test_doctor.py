"""The doctor finds what is wrong with an instance and says what to do."""

import json
import os
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from serai.cli import main
from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import send_letter
from serai.expo.fairs.mailing.models import Mail
from serai.expo.offers.search.domain import meanings
from serai.expo.people.account.models import User
from serai.expo.site.operation.domain import doctor, processes
from serai.expo.site.operation.domain.backup import BackupError, latest, make_backup
from serai.expo.site.operation.domain.doctor import CHECKS, Found, State, examine
from serai.expo.site.operation.domain.processes import announced, announcements
from serai.world.chains import ChainError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))
    monkeypatch.setattr(doctor, "_time_of_database", timezone.now)  # tests run on another day than the database
    return tmp_path


def found() -> dict[str, Found]:
    return {check.id: result for check, result in examine()}


def test_a_sound_instance_passes_every_check() -> None:
    assert {identifier: result.state for identifier, result in found().items()} == dict.fromkeys(CHECKS, State.OK)


def test_a_check_needs_only_checks_made_before_it() -> None:
    made: set[str] = set()
    for check in CHECKS.values():
        assert made.issuperset(check.needs)
        made.add(check.id)


def test_what_others_can_reach_is_told_and_what_to_run(own_home: Path) -> None:
    own_home.chmod(0o700)
    (own_home / "secret-key").touch(mode=0o600)
    (own_home / "serai.sqlite3").touch()
    (own_home / "serai.sqlite3").chmod(0o644)
    result = found()["rights"]
    assert (result.state, result.sentence) == (
        State.FAILED,
        f"Others on this machine can reach {own_home / 'serai.sqlite3'}.",
    )
    assert result.todo.startswith("Run: serai up")
    (own_home / "serai.sqlite3").chmod(0o600)
    assert found()["rights"].state is State.OK


def test_a_server_that_was_killed_or_runs_older_code_is_told(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with announced() as alive:
        [(path, running)] = announcements()
        told = json.loads(path.read_text())
        path.write_text(json.dumps(told | {"since": 4e9}))
        assert found()["processes"] == Found(State.OK, "What serves the instance is of this version: 1 serai up.")
        path.write_text(json.dumps(told | {"version": "0.0.1"}))
        assert "version 0.0.1" in found()["processes"].sentence
        assert "runs older code" in found()["processes"].sentence
        os.utime(path, (0, 0))
        assert found()["processes"].sentence.endswith("was killed.")
        monkeypatch.setattr(processes, "BEAT_SECONDS", 0)
        alive()
        assert announcements()[0][1].heard_of > running.since - 86_400  # files have the real time
    assert announcements() == []


def test_a_clock_that_was_set_back_is_told(db: None) -> None:
    AuditEntry.objects.create(action="a", at=timezone.now() + timedelta(hours=1))
    result = found()["clock"]
    assert result.state is State.WARNING
    assert "the trail has an entry of" in result.sentence


def test_a_clock_that_differs_from_the_database_s_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert abs(doctor._time_of_database() - timezone.now()) > timedelta(minutes=1)  # tests run on another day
    result = found()["clock"]
    assert result.state is State.WARNING
    assert result.todo == "Set both by NTP."


def test_checks_that_rest_on_a_failed_one_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    results = found()
    assert results["database"].state is State.FAILED
    assert results["database"].sentence == "The database does not answer: connection refused."
    assert {"migrations", "full-text", "worker"}.isdisjoint(results)
    assert results["chains"].state is State.OK


def test_a_home_that_cannot_be_made_fails_and_the_rest_is_left_out(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / "file").touch()
    monkeypatch.setenv("SERAI_HOME", str(own_home / "file" / "folder"))
    results = found()
    assert results["settings"].state is State.FAILED
    assert set(results) == {"settings", "chains", "table"}


def test_missing_tables_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "is_up_to_date", lambda: False)
    results = found()
    assert results["migrations"].state is State.FAILED
    assert "worker" not in results


def test_a_database_from_before_the_first_release_fails_and_says_what_to_do() -> None:
    MigrationRecorder(connection).record_applied("expo", "0028_call_for_proposals")
    result = found()["migrations"]
    assert result.state is State.FAILED
    assert "set SERAI_HOME to a new folder" in result.sentence


@pytest.mark.parametrize(("free", "state"), [(2**40, State.OK), (2**30, State.WARNING), (2**20, State.FAILED)])
def test_little_space_warns_and_none_fails(monkeypatch: pytest.MonkeyPatch, free: int, state: State) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    result = found()["disk"]
    assert result.state is state
    assert bool(result.todo) is (state is not State.OK)


def test_where_meanings_are_compared_is_told_and_many_texts_without_pgvector_warn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = CHECKS["meanings"].look()
    assert ("pgvector" in told.sentence) == (connection.vendor == "postgresql")
    monkeypatch.setattr(meanings, "has_pgvector", lambda _database: False)
    monkeypatch.setattr(connection, "vendor", "postgresql")
    assert CHECKS["meanings"].look().state is State.OK
    monkeypatch.setattr(doctor, "MANY_TEXTS", -1)
    told = CHECKS["meanings"].look()
    assert told.state is State.WARNING
    assert "CREATE EXTENSION vector" in told.todo


def test_a_chain_with_a_fault_fails_with_the_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_slugs: tuple[str, ...]) -> None:
        raise ChainError("clean-energy.toml: There is a loop.")

    monkeypatch.setattr(doctor, "builtin_chains", broken)
    assert found()["chains"] == Found(
        State.FAILED,
        "clean-energy.toml: There is a loop.",
        "Install Serai again, or undo the change to its chain files.",
    )


def test_a_table_that_is_not_there_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_TABLE", "no-such-table")
    result = found()["table"]
    assert result.state is State.FAILED
    assert "no-such-table" in result.sentence


def test_tasks_that_wait_for_long_warn() -> None:
    task = DBTaskResult.objects.create(
        task_path="serai.expo.nothing", backend_name="default", args_kwargs={"args": [], "kwargs": {}}
    )
    assert found()["worker"].state is State.OK
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=timezone.now() - timedelta(hours=1))
    assert found()["worker"].state is State.WARNING
    DBTaskResult.objects.filter(pk=task.pk).update(status="FAILED", exception_class_path="builtins.KeyError")
    assert "1 tasks have failed 3 times and are set aside: nothing" in found()["worker"].sentence


def test_a_published_fair_asks_for_a_mail_server_and_a_backup(
    edition: Edition, settings: Any, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    assert (found()["mail"].state, found()["backup"].state) == (State.WARNING, State.WARNING)
    assert "SERAI_SMTP" in found()["mail"].todo
    assert "serai backup" in found()["backup"].todo
    (own_home / "backups").mkdir()
    kept = own_home / "backups" / "serai-20260101-000000.zip"
    kept.touch()
    assert found()["backup"].state is State.OK
    os.utime(kept, (0, 0))
    assert "1970-01-01" in found()["backup"].sentence
    Edition.objects.update(fictional=True)
    assert found()["mail"].state is State.OK


def test_a_mail_server_that_does_not_answer_fails(settings: Any) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }
    assert found()["mail"].state is State.FAILED


def test_mails_that_failed_or_wait_are_told(edition: Edition, member: User) -> None:
    Edition.objects.update(fictional=True)
    letter = send_letter(edition, member, "meeting-asked", {"other": "Cell Works"})
    assert found()["mail"].state is State.OK
    with scope(edition=edition):
        Mail.objects.filter(pk=letter.pk).update(made_at=timezone.now() - timedelta(hours=1))
        assert "1 mails wait for a worker since" in found()["mail"].sentence
        Mail.objects.update(state="failed")
    assert "1 mails have failed" in found()["mail"].sentence


def test_a_backup_holds_the_database_the_files_and_the_secrets_and_only_its_owner_reads_it(own_home: Path) -> None:
    database = own_home / "db.sqlite3"
    with closing(sqlite3.connect(database)) as made:
        made.execute("CREATE TABLE firms (name TEXT)")
        made.execute("INSERT INTO firms VALUES ('Ada Works')")
        made.commit()
        (own_home / "files" / "a").mkdir(parents=True)
        (own_home / "files" / "a" / "proof.pdf").write_bytes(b"%PDF")
        (own_home / "secret-key").write_text("a secret")
        written = make_backup(database={"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)})
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    back = own_home / "back"
    with zipfile.ZipFile(written) as archive:
        archive.extractall(back)
    with closing(sqlite3.connect(back / "db.sqlite3")) as restored:
        assert restored.execute("SELECT name FROM firms").fetchall() == [("Ada Works",)]
    assert (back / "files" / "a" / "proof.pdf").read_bytes() == b"%PDF"
    assert (back / "secret-key").read_text() == "a secret"
    assert latest() is not None


def test_a_backup_that_cannot_be_written_says_where(own_home: Path) -> None:
    (own_home / "a-file").touch()
    with pytest.raises(BackupError, match="a-file"):
        make_backup(own_home / "a-file", database={"ENGINE": "sqlite3", "NAME": ":memory:"})


def test_the_command_exits_with_1_where_a_check_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "is_up_to_date", lambda: False)
    with pytest.raises(SystemExit) as ended:
        main(["doctor"])
    assert ended.value.code == 1
    assert "failed  migrations" in capsys.readouterr().out
