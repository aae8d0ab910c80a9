"""The processes of ``serai up``: web servers and task worker, started from one that has loaded everything before."""

import ctypes
import gc
import logging
import mmap
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from typing import Any

from serai.expo.base.stop_signals import stop_signals
from serai.expo.site.operation.domain.processes import announced, begin_counting

THREADS = 4  # per web process: a page that waits for the database lets others go on
GRACE_SECONDS = 25  # for requests and tasks to finish, before a process is killed
LOOK_SECONDS = 0.1
STUCK_SECONDS = 60  # a web process that shows no life for so long is killed
SETTLED_SECONDS = 10  # a process that has run for so long is started again at once
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0  # seconds before one is started again that ends sooner
OPEN_FILES = 8_192
BACKLOG = 1_024  # connections that wait until a web process takes them
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (asked for by the user, and asked back on loopback)

type Pulse = memoryview[float]  # of one number: when a process last showed that it is not stuck

log = logging.getLogger(__name__)


class ServingError(Exception):
    """The fair cannot be served; the message says why and what to do."""


@dataclass
class Process:
    """A process that has to run, and how it fared."""

    name: str
    run: Callable[[], None]
    pulse: Pulse | None = None
    pid: int = 0  # 0: it does not run
    since: float = 0.0
    pause: float = 0.0  # seconds that were waited before it was started last
    makes_way: bool = False  # it was asked to end, for one that takes its place
    due: float = field(default_factory=time.monotonic)


def serve(host: str, port: int, *, worker: bool, ready: Callable[[str], None]) -> None:
    """Serve the fair until SIGINT, SIGTERM or SIGHUP arrives; ``ready`` is told the address once pages are answered.

    From then on a process that ends is started again, however often. Raises ServingError where the port is taken or a
    process ends before that; the others are then ended too.
    """
    from django.conf import settings

    stopping = stop_signals(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    with listening(host, port) as listener, stopping as asked, lifeline() as life, announced() as alive:
        if settings.METRICS:
            begin_counting()
        application = _load()
        processes = []
        for number in range(1, settings.WEB_PROCESSES + 1):
            pulse = memoryview(mmap.mmap(-1, 8)).cast("d")  # memory that is shared after the fork
            run = partial(answer_requests, application, listener, pulse)
            processes.append(Process(f"web server {number}", run, pulse))
        if worker:
            processes.append(Process("task worker", work))
        try:
            while not asked:
                _start_due(processes[:1], life)
                if answers(host, port):
                    ready(address(host, port))
                    break
                _notice_ends(processes, served=False)
                time.sleep(LOOK_SECONDS)
            if not asked:
                _warm_up()  # pages are answered meanwhile by the first, which makes way for one that shares this
                _start_due(processes, life)
                processes[0].makes_way = True
                os.kill(processes[0].pid, signal.SIGTERM)
            while not asked:
                time.sleep(LOOK_SECONDS)
                _notice_ends(processes, served=True)
                _start_due(processes, life)
                alive()
        finally:
            _end([process.pid for process in processes if process.pid])


def answer_requests(application: Any, listener: socket.socket, pulse: Pulse) -> None:
    """Be a web server until SIGTERM arrives, and finish then what has begun."""
    from serai.expo.base.databases.domain.patience import be_a_web_process
    from serai.expo.site.operation.domain.connections import Server

    be_a_web_process()

    def beat() -> None:
        pulse[0] = time.monotonic()

    server = Server(application, listener, threads=THREADS, is_signed_in=is_signed_in, beat=beat)
    signal.signal(signal.SIGTERM, lambda _number, _frame: server.stop(GRACE_SECONDS - 1))
    server.run()


def _warm_up() -> None:
    """Load what lists and searches need, so that the processes to come share its memory and nobody waits for it."""
    from django.db import DatabaseError, connections
    from django.urls import get_resolver

    from serai.expo.firms.identity.domain.name_words import words_of
    from serai.expo.offers.search.domain.search import warm_up

    for addresses in get_resolver().url_patterns:
        getattr(addresses, "url_patterns", None)  # those of the interface, which are loaded with the first of them
    words_of("丝绸")  # generic words and the dictionary of pinyin
    try:
        warm_up()
    except DatabaseError:
        log.warning("The search could not be warmed up: the database did not answer.", exc_info=True)
    finally:
        connections.close_all()
    gc.collect()
    give_back_memory()
    gc.freeze()


def give_back_memory() -> None:
    """Give the system what was freed after loading: a seventh of all, which each process to come would hold on to."""
    with suppress(AttributeError, OSError, TypeError):  # a C library without it
        ctypes.CDLL(None).malloc_trim(0)


def work() -> None:
    """Be a task worker until SIGTERM arrives."""
    from django.conf import settings

    from serai.expo.base.tasks.domain import worker

    worker.work(settings.TASK_SLOTS)


def is_signed_in(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from a program with a key or a person who is signed in. Keys as in CGI, without HTTP_."""
    from django.conf import settings
    from django.contrib.auth import SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import close_old_connections
    from django.http import parse_cookie

    from serai.expo.fairs.interface.domain.keys import key_of

    close_old_connections()
    try:
        if "AUTHORIZATION" in headers:
            return key_of(headers["AUTHORIZATION"].partition(" ")[2]) is not None
        cookie = parse_cookie(headers.get("COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
        return SESSION_KEY in SessionStore(cookie) if cookie else False
    finally:
        close_old_connections()


def address(host: str, port: int) -> str:
    """The address of the fair for a browser on this machine."""
    host = EVERY_ADDRESS.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens on ``port`` of ``host``. Raises ServingError if there is none to be had."""
    with ExitStack() as opened:
        try:
            (family, *_kind, where), *_others = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            listener = opened.enter_context(socket.socket(family, socket.SOCK_STREAM))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where)
            listener.listen(BACKLOG)
        except OSError as error:
            raise ServingError(
                f"Cannot listen on {host}, port {port} ({error.strerror}); choose another by --host or --port."
            ) from None
        yield listener


def answers(host: str, port: int) -> bool:
    """Whether a thread answers there, whatever the answer. A page would refuse the name by which this asks for it."""
    connection = HTTPConnection(EVERY_ADDRESS.get(host, host), port, timeout=5)
    try:
        connection.request("HEAD", "/health/ready")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


@contextmanager
def lifeline() -> Iterator[tuple[int, int]]:
    """A pipe that is written to by nobody: its other end is told when the process that opened it is gone."""
    ends = os.pipe()
    try:
        yield ends
    finally:
        for end in ends:
            os.close(end)


def _load() -> Any:
    """The application, with all pages, so that the processes share the memory of what they are made of."""
    from django.core.servers.basehttp import get_internal_wsgi_application
    from django.db import connections

    application = get_internal_wsgi_application()
    connections.close_all()
    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES if most < 0 else min(OPEN_FILES, most), most))
    gc.collect()
    gc.freeze()  # what all share stays for good: looking through it for garbage would copy it into each process
    return application


def _start_due(processes: Sequence[Process], life: tuple[int, int]) -> None:
    now = time.monotonic()
    for process in processes:
        if not process.pid and process.due <= now:
            if process.pulse:
                process.pulse[0] = now
            try:
                process.pid, process.since = _fork(process.run, life), now
            except OSError as error:  # no memory or no number left: later there may be
                log.warning("The %s cannot be started just now: %s.", process.name, error.strerror)
                process.due = now + LONGEST_PAUSE


def _fork(run: Callable[[], None], life: tuple[int, int]) -> int:
    """Start a process in a group of its own: Ctrl-C reaches only its parent, which ends it. Returns its number."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # it waits until the child no longer has our handler
    try:
        pid = os.fork()
    except OSError:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        raise
    if pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        watched, held = life
        os.close(held)
        threading.Thread(target=_end_with_parent, args=(watched,), name="lifeline", daemon=True).start()
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # it must not go on as a copy of its parent
        log.exception("A process ended by an error.")
    finally:
        logging.shutdown()
        os._exit(code)


def _end_with_parent(watched: int) -> None:
    os.read(watched, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _notice_ends(processes: Sequence[Process], *, served: bool) -> None:
    for process in processes:
        if not process.pid:
            continue
        if process.pulse and time.monotonic() - process.pulse[0] > STUCK_SECONDS:
            log.error("The %s shows no life for %d s and is killed.", process.name, STUCK_SECONDS)
            os.kill(process.pid, signal.SIGKILL)
            process.pulse[0] = time.monotonic()
        pid, status = os.waitpid(process.pid, os.WNOHANG)
        if not pid:
            continue
        code = os.waitstatus_to_exitcode(status)
        process.pid = 0
        if not served:
            raise ServingError(f"The {process.name} ended by itself with exit code {code}; what it said stands above.")
        now = time.monotonic()
        if process.makes_way and code == 0:
            process.makes_way, process.due = False, now
            continue
        settled = code == 0 or now - process.since > SETTLED_SECONDS
        process.pause = 0.0 if settled else min(max(process.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        process.due = now + process.pause
        log.log(
            logging.WARNING if code else logging.INFO,
            "The %s ended by itself with exit code %s and is started again after %.0f s.",
            process.name,
            code,
            process.pause,
        )


def _end(pids: Sequence[int]) -> None:
    """Terminate all processes, and kill those that have not ended in time."""
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + GRACE_SECONDS
    for pid in pids:
        while not os.waitpid(pid, os.WNOHANG)[0]:
            if time.monotonic() > until:
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                break
            time.sleep(LOOK_SECONDS / 2)
