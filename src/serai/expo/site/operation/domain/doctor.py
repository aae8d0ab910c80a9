"""The checks of ``serai doctor``: whether this instance works, and what to do if not.

A check is a function without parameters, declared with an id. A check may need others; it is skipped if one of them
fails.
"""

import os
import shutil
import smtplib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import cast

from django.conf import settings
from django.core.mail import mailers
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import to_locale

from serai.expo.base.home import home, open_to_others
from serai.expo.site.operation.domain.backup import latest
from serai.expo.site.operation.domain.instance import InstanceError, is_up_to_date, open_instance
from serai.expo.site.operation.domain.processes import LOST_SECONDS, announcements
from serai.registry import Registry
from serai.world.chains import BUILTIN, ChainError, builtin_chains

LITTLE_SPACE, NO_SPACE = 2 * 1024**3, 200 * 1024**2  # bytes
WAITED_LONG = timedelta(minutes=5)
BACKED_UP_LONG_AGO = timedelta(days=2)
MANY_TEXTS = 50_000
CLOCK_ERROR = timedelta(seconds=30)
LAST_SEALS = 3


class State(StrEnum):
    """The result of a check. Only a failure makes ``serai doctor`` exit with 1."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Found:
    """The result of a check in a sentence, and what to do in another."""

    state: State
    sentence: str
    todo: str = ""


@dataclass(frozen=True)
class Check:
    """A check, with the ids of the checks that it needs."""

    id: str
    look: Callable[[], Found]
    needs: tuple[str, ...]


CHECKS: Registry[Check] = Registry("check")


def check(identifier: str, *, needs: Iterable[str] = ()) -> Callable[[Callable[[], Found]], Callable[[], Found]]:
    """Declare a function as the check ``identifier``."""

    def declare(look: Callable[[], Found]) -> Callable[[], Found]:
        CHECKS.add(identifier, Check(identifier, look, tuple(needs)))
        return look

    return declare


def examine() -> Iterator[tuple[Check, Found]]:
    """Run the checks in the order of their declaration; skip those that need a failed one."""
    failed: set[str] = set()
    for examined in CHECKS.values():
        if failed.isdisjoint(examined.needs):
            result = examined.look()
            if result.state is State.FAILED:
                failed.add(examined.id)
            yield examined, result
        else:
            failed.add(examined.id)


@check("settings")
def settings_are_read() -> Found:
    """The folder of the instance and the environment variables can be used."""
    try:
        open_instance()
    except InstanceError as error:
        return Found(State.FAILED, "The settings cannot be used.", str(error))
    if not os.access(home(), os.W_OK):
        return Found(State.FAILED, f"The folder {home()} cannot be written to.", "Set SERAI_HOME to one that can.")
    return Found(State.OK, f"The instance lives in {home()}.")


@check("rights", needs=["settings"])
def nothing_is_open_to_others() -> Found:
    """Nobody but the owner of the instance can read its secrets, its database and its files."""
    if paths := open_to_others():
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        names = ", ".join(map(str, paths[:3]))
        return Found(
            State.FAILED,
            f"Others on this machine can reach {names}{more}.",
            "Run: serai up (it takes their rights away), as the user who owns them.",
        )
    return Found(State.OK, "Secrets, database and files are open to their owner only.")


@check("disk", needs=["settings"])
def disk_has_space() -> Found:
    """There is space for the database to grow."""
    free = shutil.disk_usage(home()).free
    state = State.FAILED if free < NO_SPACE else State.WARNING if free < LITTLE_SPACE else State.OK
    return Found(
        state,
        f"{free / 1024**3:.1f} GiB are free where the instance lives.",
        "" if state is State.OK else f"Make space, or move {home()} and set SERAI_HOME.",
    )


@check("database", needs=["settings"])
def database_answers() -> Found:
    """The database can be reached."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Found(
            State.FAILED,
            f"The database does not answer: {str(error).strip().splitlines()[0]}.",
            "Start it, or correct DATABASE_URL; without DATABASE_URL, SQLite in SERAI_HOME is used.",
        )
    return Found(State.OK, f"The database is {connection.display_name}.")


@check("migrations", needs=["database"])
def database_is_up_to_date() -> Found:
    """The database has the tables of this version."""
    try:
        up_to_date = is_up_to_date()
    except InstanceError as error:
        return Found(State.FAILED, str(error), "Or restore a backup that this version can read.")
    if up_to_date:
        return Found(State.OK, "The database has the tables of this version.")
    return Found(State.FAILED, "The database lacks tables of this version.", "Run: serai up (it makes them first).")


@check("full-text", needs=["database"])
def search_has_an_index() -> Found:
    """The search has its index: FTS5 in SQLite; PostgreSQL has its own."""
    if connection.vendor != "sqlite":
        return Found(State.OK, f"{connection.display_name} has its own full-text search.")
    try:
        with sqlite3.connect(":memory:") as memory:
            memory.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
        memory.close()
    except sqlite3.OperationalError:
        return Found(
            State.FAILED,
            f"This Python's SQLite {sqlite3.sqlite_version} lacks FTS5.",
            "Use the Python of your distribution, or PostgreSQL by DATABASE_URL.",
        )
    return Found(State.OK, f"SQLite {sqlite3.sqlite_version} has FTS5.")


@check("meanings", needs=["migrations"])
def meanings_are_compared() -> Found:
    """Meanings are compared in PostgreSQL by pgvector, else in the process, which is slow for many texts."""
    from serai.expo.offers.search.domain.meanings import (  # models: only after the settings
        LEAST_VERSION,
        has_pgvector,
        version,
    )
    from serai.expo.offers.search.models import SearchEntry

    if has_pgvector(connection):
        return Found(State.OK, f"Meanings are compared by pgvector {'.'.join(map(str, version(connection) or ()))}.")
    texts = SearchEntry._base_manager.count()
    if connection.vendor != "postgresql":
        return Found(State.OK, f"Meanings are compared in the process: {texts} texts.")
    return Found(
        State.WARNING if texts > MANY_TEXTS else State.OK,
        f"PostgreSQL has no pgvector, so meanings are compared in each process: {texts} texts.",
        f"With many texts: install pgvector {'.'.join(map(str, LEAST_VERSION))} or later, let a superuser of the "
        "database run CREATE EXTENSION vector, then run: python -m serai.expo.manage migrate",
    )


@check("encoder", needs=["migrations"])
def texts_are_read_by_the_chosen_encoder() -> Found:
    """The encoder that SERAI_ENCODER names can be used, and it has read every text."""
    from serai.expo.offers.search.domain import encoders  # numpy, and models: only after the settings
    from serai.expo.offers.search.domain.index import made_by_others
    from serai.match.onnx_encoder import MountingError

    try:
        wanted = encoders.chosen()
        if wanted.mounting is not None:  # which checks its files, too
            encoders.model_of(wanted.mounting).passages(["Battery"])
    except MountingError as error:
        sentence = "The encoder cannot be used; texts are compared by the one before, or by words alone."
        return Found(State.FAILED, sentence, str(error))
    others = made_by_others(wanted.name)
    if others:
        counts = " and ".join(f"{count} texts by {name}" for name, count in sorted(others.items()))
        how = "the search goes on by it" if all(map(encoders.named, others)) else "the search goes by words alone"
        sentence = f"The encoder is {wanted.name}; read by another one are still {counts}: {how}."
        return Found(State.WARNING, sentence, "Run: serai reindex (it reads them anew while the site runs).")
    if encoders.named(wanted.name) is None:
        sentence = f"The encoder is {wanted.name}; what belongs to it has not been estimated yet."
        return Found(State.WARNING, sentence, "Run: serai reindex")
    if wanted.mounting is None:
        return Found(State.OK, f"Texts are compared by {wanted.name}.")
    return Found(
        State.OK,
        f"Texts are compared by {wanted.name} ({wanted.mounting.dimension} numbers each); codes are guessed by the "
        "packaged encoder, to which they were fitted.",
    )


@check("languages", needs=["settings"])
def languages_are_compiled() -> Found:
    """Every language of the interface has its compiled catalogue."""
    translated = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    (folder,) = settings.LOCALE_PATHS
    missing = [code for code in translated if not (folder / to_locale(code) / "LC_MESSAGES" / "django.mo").exists()]
    if missing:
        return Found(State.FAILED, f"Not compiled: {', '.join(missing)}.", "Run: make messages (in the source folder).")
    return Found(State.OK, f"The interface speaks en, {', '.join(translated)}.")


@check("chains")
def chains_are_sound() -> Found:
    """The chains that come with Serai pass their own check."""
    try:
        chains = builtin_chains(BUILTIN)
    except ChainError as error:
        return Found(State.FAILED, str(error), "Install Serai again, or undo the change to its chain files.")
    return Found(State.OK, f"{len(chains)} built-in chains are sound.")


@check("table")
def table_is_there() -> Found:
    """The world table that is used unless another is named can be read."""
    from serai.world.readers import read  # numpy and its kin, which only this check needs

    try:
        table = read()
    except (KeyError, ValueError, OSError) as error:
        return Found(State.FAILED, f"The world table cannot be read: {error}", "Correct SERAI_TABLE or SERAI_DATA.")
    size = f"{len(table.countries)} countries x {len(table.industries)} industries"
    return Found(State.OK, f"The world table is {table.name}, {table.year}: {size}.")


@check("worker", needs=["migrations"])
def tasks_are_done() -> Found:
    """No task has waited for long, as it would without a worker, and none is set aside."""
    from serai.expo.base.tasks.domain import queue  # models: only after the settings are read

    aside = list(queue.set_aside())
    if aside:
        names = ", ".join(sorted({task.task_name for task in aside}))
        return Found(
            State.WARNING,
            f"{len(aside)} tasks have failed {queue.MOST_TRIES} times and are set aside: {names}.",
            "Read why on the page of staff (/staff/), and try them again there.",
        )
    waiting = queue.due().filter(enqueued_at__lt=timezone.now() - WAITED_LONG).count()
    if waiting:
        return Found(
            State.WARNING,
            f"{waiting} tasks have waited for more than {WAITED_LONG.seconds // 60} minutes.",
            "Run: serai up (without --no-worker).",
        )
    return Found(State.OK, "No task waits for a worker, and none is set aside.")


@check("processes", needs=["settings"])
def processes_are_of_this_version() -> Found:
    """What serves the instance is the version that is installed, and nothing was killed."""
    for path, running in announcements():
        since = f"{datetime.fromtimestamp(running.since, UTC):%Y-%m-%d %H:%M} UTC"
        name = f"serai up on {running.machine} (process {running.pid}, version {running.version}, since {since})"
        if time.time() - running.heard_of > LOST_SECONDS:
            return Found(State.WARNING, f"{name} was killed.", f"Run: rm {path}, and serai up if nothing else serves.")
        if running.is_old:
            return Found(State.WARNING, f"{name} runs older code than is installed here.", "Start it again.")
    return Found(State.OK, f"What serves the instance is of this version: {len(announcements())} serai up.")


@check("clock", needs=["migrations"])
def clock_is_right() -> Found:
    """The clock of this machine agrees with the database's and with what was recorded before."""
    from serai.expo.base.audit.models import AuditEntry  # a model: only after the settings are read

    now, latest_entry = timezone.now(), AuditEntry.objects.aggregate(at=Max("at"))["at"]
    if latest_entry and latest_entry > now + CLOCK_ERROR:
        sentence = (
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, and the trail has an entry of {latest_entry:%Y-%m-%d %H:%M}."
        )
        return Found(State.WARNING, sentence, "Set the clock of this machine by NTP.")
    if (apart := abs(_time_of_database() - timezone.now())) > CLOCK_ERROR:
        sentence = f"The clocks of this machine and of the database are {apart.total_seconds():.0f} s apart."
        return Found(State.WARNING, sentence, "Set both by NTP.")
    return Found(State.OK, "The clock agrees with what was recorded.")


def _time_of_database() -> datetime:
    rows = MigrationRecorder.Migration.objects.annotate(now=Now()).values_list("now", flat=True)
    return cast(datetime, rows[0])  # the table is never empty


@check("trail", needs=["migrations"])
def trail_stands() -> Found:
    """The end of the audit trail stands as it was written, and is sealed."""
    from serai.expo.base.audit.domain.verification import verify  # models: only after the settings are read

    trail = verify(last=LAST_SEALS)
    if trail.faults:
        count = len(trail.faults) + trail.more_faults
        return Found(State.FAILED, f"The audit trail has {count} faults: {trail.faults[0]}", "Run: serai audit verify")
    if trail.unsealed_since and trail.unsealed_since < timezone.now() - WAITED_LONG:
        return Found(
            State.WARNING,
            f"{trail.unsealed} entries of the audit trail are not sealed, since {trail.unsealed_since:%H:%M} UTC.",
            "Run: serai up (without --no-worker).",
        )
    return Found(State.OK, f"The audit trail stands, of {trail.entries} entries at its end.")


@check("mail", needs=["migrations"])
def mails_go_out() -> Found:
    """Mails reach a server, and none of the outbox has failed or waited for long."""
    from serai.expo.fairs.mailing.domain.outbox import mail_state  # models: only after the settings are read

    mail = mail_state()
    if mail.is_late:
        sentence = f"{mail.waiting} mails wait for a worker since {mail.untried:%Y-%m-%d %H:%M} UTC."
        return Found(State.WARNING, sentence, "Run: serai up (without --no-worker).")
    try:
        server = mailers.default
        server.open()
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        waiting = f" {mail.waiting} mails wait for it." if mail.waiting else ""
        return Found(State.FAILED, f"The mail server does not answer: {error}.{waiting}", "Correct SERAI_SMTP.")
    if mail.failed:
        return Found(State.WARNING, f"{mail.failed} mails have failed.", "Look at the outbox of the fair.")
    if _on_the_console() and _has_a_fair():
        return Found(
            State.WARNING,
            "A fair is published, and its mails are printed on the console, sign-in codes among them.",
            "Set SERAI_SMTP to your mail server.",
        )
    return Found(State.OK, f"Mails go to {'the console' if _on_the_console() else 'the mail server'}.")


def _on_the_console() -> bool:
    return str(settings.MAILERS["default"]["BACKEND"]).endswith("console.EmailBackend")


def _has_a_fair() -> bool:
    """Whether a fair is published that is no demonstration."""
    from serai.expo.fairs.edition.models import Edition  # a model: only after the settings are read

    return Edition.objects.filter(state=Edition.State.PUBLISHED, fictional=False).exists()


@check("backup", needs=["migrations"])
def backups_are_made() -> Found:
    """A backup was made lately, once there is a fair that would be lost."""
    made_at = latest()
    if made_at is None and not _has_a_fair():
        return Found(State.OK, "There is no backup, and no published fair yet that would be lost.")
    if made_at is None or timezone.now() - made_at > BACKED_UP_LONG_AGO:
        sentence = f"The last backup is of {made_at:%Y-%m-%d}." if made_at else "There is no backup."
        return Found(State.WARNING, sentence, "Run: serai backup, every night and to another disk (SERAI_BACKUPS).")
    return Found(State.OK, f"The last backup is of {made_at:%Y-%m-%d %H:%M} UTC.")
