"""Every test on SQLite with a real browser, lint beside it, then the fair on PostgreSQL. Says how long each took.

    python -m scripts.test [ARGUMENT OF PYTEST ...]
    python -m scripts.test --postgresql [ARGUMENT OF PYTEST ...]
    python -m scripts.test --quick [REVISION]

Arguments go to the first run of the tests, such as ``--cov --cov-report=term``, which takes a tenth longer.
On PostgreSQL are run those tests of the fair that together make every kind of statement that was made on SQLite
(tests/expo/statements.py); with ``--postgresql`` all tests of the fair, and nothing else.
The PostgreSQL server is a private one: made in a temporary folder, on a free port of loopback, gone at the end.
``--quick`` runs on SQLite what differs from REVISION touches: scripts/touched.py says which tests those are.
REVISION is where the branch left ``main``, unless it is given.
Without arguments it also keeps how long each phase took, for scripts/size.py.
"""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from scripts import size, touched

ROOT = Path(__file__).parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
SERVER_USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
KERNELS = "from serai.match.timetable import load; load()"
NO_TESTS_COLLECTED = 5
"""What pytest ends with where its marks leave no test."""


def main() -> int:
    arguments, seconds = sys.argv[1:], dict[str, float]()
    with tempfile.TemporaryDirectory(prefix="serai-test-") as folder:
        environment = os.environ | {"SERAI_HOME": folder}
        environment.pop("DATABASE_URL", None)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what one of many processes has compiled the others load
        if "SERAI_DATA" not in environment and SHARED_DATA.is_dir():
            environment["SERAI_DATA"] = str(SHARED_DATA)
        if arguments[:1] == ["--quick"]:
            failed = quick(*arguments[1:2], environment=environment, seconds=seconds)
        elif arguments[:1] == ["--postgresql"]:
            failed = on_postgresql(arguments[1:], environment, seconds)
        else:
            failed = everything(arguments, environment | {"SERAI_STATEMENTS": folder}, seconds)
            if not arguments:
                size.write_seconds(ROOT, seconds)
    for phase, taken in seconds.items():
        print(f"{phase:<12}{taken / 60:5.1f} min")
    return min(failed, 1)


def everything(arguments: Sequence[str], environment: Mapping[str, str], seconds: dict[str, float]) -> int:
    """Run all phases, lint beside the first one. Writes into ``seconds`` how long each took."""
    with clocked("SQLite", seconds), linting() as lint:
        compile_kernels(environment)
        failed = run_pytest(arguments, environment)
        output, _nothing = lint.communicate()
    failed += on_postgresql([], environment, seconds)
    if lint.returncode:
        print(f"Lint failed:\n{output}")
    return failed + lint.returncode


def compile_kernels(environment: Mapping[str, str]) -> None:
    """Compile the timetable's kernels once, a minute of one core on a clean checkout, while lint has the other.

    Else each process that opens the page of the day compiles them all: those of pytest and those of each served fair.
    """
    subprocess.run([sys.executable, "-c", KERNELS], cwd=ROOT, env=environment, check=True)


@contextmanager
def linting() -> Iterator[subprocess.Popen[str]]:
    """Lint in a process of its own: it has one core to keep busy, and leaves the other to the tests."""
    command = ["make", "--no-print-directory", "lint"]
    lint = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield lint
    finally:
        lint.kill()
        lint.wait()


def on_postgresql(arguments: Sequence[str], environment: Mapping[str, str], seconds: dict[str, float]) -> int:
    """Run the tests of the fair that a database can change."""
    with clocked("PostgreSQL", seconds), postgresql() as url:
        of_fair = ["tests/expo", "-m", "not any_database", *arguments]
        return run_pytest(of_fair, environment | {"DATABASE_URL": url})


def quick(revision: str = "", *, environment: Mapping[str, str], seconds: dict[str, float]) -> int:
    """Run the tests of what differs from a revision."""
    arguments = touched.tests(ROOT, touched.changed_files(ROOT, revision))
    print("Touched:", *arguments or ["no tests"], flush=True)
    if not arguments:
        return 0
    with clocked("SQLite", seconds):
        code = run_pytest(arguments, environment)
    return 0 if code == NO_TESTS_COLLECTED else code


@contextmanager
def clocked(phase: str, seconds: dict[str, float]) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        seconds[phase] = time.monotonic() - started


def run_pytest(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run pytest on the database that the environment names, a process a core. Returns its exit code."""
    print(f"Tests on {'PostgreSQL' if 'DATABASE_URL' in environment else 'SQLite'}", flush=True)
    # The tests of a file stay together, as they share what is costly to make, and so do files that tests/conftest.py
    # names. Long ones go first, so that no process is left alone with one. Each has one core to itself.
    a_process_a_core = ["--numprocesses", str(os.cpu_count()), "--dist", "loadfile", "--no-loadscope-reorder"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *a_process_a_core, *arguments],
        cwd=ROOT,
        env=environment | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        check=False,
    ).returncode


@contextmanager
def postgresql() -> Iterator[str]:
    """A private PostgreSQL server; yields the URL of its database."""
    with cluster() as server:
        yield server.url


@dataclass(frozen=True)
class Cluster:
    """A private PostgreSQL server that can be stopped and started again."""

    url: str
    data: Path
    user: str
    settings: str

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._control("--options", self.settings, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it. ``immediate`` keeps nothing that was not written yet, as a power cut."""
        self._control("--mode", mode, "stop")

    def create_database(self) -> None:
        """Make the database that the URL names."""
        address = ["--host", str(self.data.parent), "--port", self.url.rpartition(":")[2].partition("/")[0]]
        as_server(self.user, [programs_of_postgresql() / "createdb", *address, "--username", "serai", "serai"])

    def backend(self) -> int:
        """The number of a process that serves a connection, of the first process where there is none."""
        for path in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split():
            if b"serai serai" in Path(f"/proc/{path}/cmdline").read_bytes():
                return int(path)
        return self.pid

    @property
    def pid(self) -> int:
        """The number of its first process, 0 if it does not run."""
        with suppress(FileNotFoundError, IndexError, ProcessLookupError):
            pid = int((self.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
            os.kill(pid, 0)  # which only asks
            return pid
        return 0

    def _control(self, *arguments: str | Path) -> None:
        program = [programs_of_postgresql() / "pg_ctl", "--pgdata", self.data, "--log", self.data.parent / "log"]
        as_server(self.user, [*program, "--silent", "--wait", *arguments])


@contextmanager
def cluster(where: Path | None = None, *, safe: bool = False) -> Iterator[Cluster]:
    """A private PostgreSQL server in a folder of its own inside of ``where``; ``safe`` loses nothing when killed."""
    programs = programs_of_postgresql()
    user = server_user()
    folder = Path(tempfile.mkdtemp(prefix="serai-postgresql-", dir=where))
    try:
        shutil.chown(folder, user)
        data, port = folder / "data", free_port()
        # Nothing need survive a crash of the machine here, so nothing waits for the disk.
        settings = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c full_page_writes=off"
        settings += " -c max_wal_size=64MB" if safe else " -c synchronous_commit=off"
        identity = ["--username", "serai", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"]
        as_server(user, [programs / "initdb", "--no-sync", "--pgdata", data, *identity])
        server = Cluster(f"postgresql://serai@127.0.0.1:{port}/serai", data, user, settings)
        server.start()
        try:
            yield server
        finally:
            if server.pid:
                server.stop()
    finally:
        shutil.rmtree(folder)


def programs_of_postgresql() -> Path:
    """The folder of initdb and pg_ctl: where Debian keeps the newest version, else on the path."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: int(path.parents[1].name), default=None)
    found = newest or shutil.which("initdb")
    if found is None:
        sys.exit("The tests need a PostgreSQL server; as root: apt-get install postgresql")
    return Path(found).parent


def server_user() -> str:
    """Who runs the server: whoever runs the tests, but never root."""
    if os.getuid():
        return getpass.getuser()
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(user for user in SERVER_USERS if user in known)


def as_server(user: str, command: list[str | Path]) -> None:
    """Run a program of PostgreSQL as ``user``; what it says is shown where it fails."""
    other = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if not os.getuid() else {}
    # Its output goes to a file: the server keeps a pipe open, and reading that to its end would wait for ever.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, check=False, cwd="/", stdout=said, stderr=subprocess.STDOUT, **other)
        if done.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(map(str, command))} failed:\n{said.read().decode(errors='replace')}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
