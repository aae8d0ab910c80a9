"""The processes of ``serai up``: web server and task worker, which start and end together."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

WEB_PROCESSES = 2  # at most, and never more than there are cores
THREADS = 4  # per web process: a page that waits for the database lets others go on
GRACE_SECONDS = 25  # the worker finishes, or gives back, what it does
LOOK_SECONDS = 0.1
# Linear algebra in one thread: pages run in parallel already, and OpenBLAS with threads of its own brings a web process
# down when two pages ask it for something at once.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
SETTLED_SECONDS = 10  # a process that has run for so long had not been started wrongly
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (asked for by the user, and asked back on loopback)

log = logging.getLogger(__name__)


class Running:
    """A process in a group of its own: Ctrl-C reaches only its parent, which ends it."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self.process = subprocess.Popen(command, process_group=0, env=os.environ | ONE_THREAD)  # noqa: S603
        self.since = time.monotonic()


class ServingError(Exception):
    """The fair cannot be served; the message says why and what to do."""


def serve(host: str, port: int, *, worker: bool, ready: Callable[[str], None]) -> None:
    """Serve the fair until SIGINT, SIGTERM or SIGHUP arrives; ``ready`` is told the address once pages are answered.

    A process that ends by itself is started again, so that one lost task or page does not take the fair down. Raises
    ServingError where the port is taken or a process ends as soon as it is started; the others are then ended too.
    """
    check_port(host, port)
    os.environ["SERAI_PORT"] = str(port)  # both processes write letters, with links to the site
    commands = {"web server": web_command(host, port)} | ({"task worker": worker_command()} if worker else {})
    with stop_signals() as stopped:
        running: dict[str, Running] = {}
        try:
            for name, command in commands.items():
                running[name] = Running(command)
            while not (stopped.is_set() or answers(host, port)):
                _look(running)
                stopped.wait(LOOK_SECONDS)
            if not stopped.is_set():
                ready(address(host, port))
            while not stopped.wait(LOOK_SECONDS):
                _look(running)
        finally:
            _end([process.process for process in running.values()])


def address(host: str, port: int) -> str:
    """The address of the fair for a browser on this machine."""
    host = EVERY_ADDRESS.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def check_port(host: str, port: int) -> None:
    """Raise ServingError unless ``port`` of ``host`` is free to listen on."""
    try:
        (family, *_kind, where), *_others = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise ServingError(
            f"Cannot listen on {host}, port {port} ({error.strerror}); choose another by --host or --port."
        ) from None


def web_command(host: str, port: int) -> list[str]:
    """The command line of the web server."""
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": port,
        "--workers": min(WEB_PROCESSES, os.cpu_count() or 1),
        "--blocking-threads": THREADS,
        "--log-level": "warning",
        "--workers-kill-timeout": 5,
    }
    arguments = [str(part) for option in options.items() for part in option]
    return [
        sys.executable,
        "-P",
        "-m",
        "granian",
        *arguments,
        "--respawn-failed-workers",
        "serai.expo.wsgi:application",
    ]


def worker_command() -> list[str]:
    """The command line of the task worker, which ends within GRACE_SECONDS when it is asked to."""
    return [sys.executable, "-P", "-m", "serai.expo.worker"]


def answers(host: str, port: int) -> bool:
    """Whether a page is answered there, whatever the answer."""
    connection = HTTPConnection(EVERY_ADDRESS.get(host, host), port, timeout=5)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """An event that is set when this process is asked to stop."""
    stopped = threading.Event()
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda _number, _frame: stopped.set()) for number in wanted}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _look(running: dict[str, Running]) -> None:
    for name, started in running.items():
        if (code := started.process.poll()) is None:
            continue
        if time.monotonic() - started.since < SETTLED_SECONDS:
            raise ServingError(f"The {name} ended by itself with exit code {code}; what it said stands above.")
        log.warning("The %s ended by itself with exit code %s and is started again.", name, code)
        running[name] = Running(started.command)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Terminate all processes, and kill those that have not ended in time."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
