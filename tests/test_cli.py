"""The command, as a process: what it needs, what it refuses, and how it serves and ends."""

import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

import serai
from serai.cli import app
from serai.expo.site.operation.domain import server as serving

ROOT = Path(__file__).parents[1]
COMMANDS = [
    command.name or command.callback.__name__.replace("_", "-")
    for command in app.registered_commands
    if command.callback
]


def run(*arguments: str, python: Sequence[str] = ("-m", "serai"), **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command with the environment variables named."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | variables
    return subprocess.run(
        [sys.executable, *python, *arguments], capture_output=True, text=True, env=environment, timeout=120, check=False
    )


def test_the_version_is_the_package_s() -> None:
    assert run("--version").stdout == f"{serai.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_shows_an_example(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert re.search(rf"Example: (\w+=\S+ )*serai {command}\b", result.output)


def test_help_waits_for_no_heavy_library() -> None:
    heavy = {"django", "numpy", "scipy", "numba", "polars", "pyarrow"}
    loaded = run(python=["-c", "import sys, serai.cli; print(*{name.partition('.')[0] for name in sys.modules})"])
    assert heavy.isdisjoint(loaded.stdout.split())


@pytest.mark.parametrize("arguments", [("nonsense",), ("up", "--port", "0"), ("up", "--nonsense"), ("doctor", "more")])
def test_wrong_use_exits_with_2_and_no_traceback(arguments: tuple[str, ...]) -> None:
    said = run(*arguments)
    assert said.returncode == 2
    assert "Usage: serai" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("command", ["up", "doctor", "match", "timetable", "report"])
def test_without_django_a_command_of_the_fair_says_which_extra_to_install(command: str) -> None:
    without = f"import sys; sys.modules['django'] = None; from serai.cli import main; main(['{command}'])"
    said = run(python=["-c", without])
    assert said.returncode == 2
    assert said.stderr == "This command needs django, which is not installed: pip install 'serai[expo]'\n"


def test_a_database_of_an_unknown_kind_is_refused_in_a_sentence(tmp_path: Path) -> None:
    said = run("report", SERAI_HOME=str(tmp_path), DATABASE_URL="mysql://localhost/serai")
    assert said.returncode == 1
    assert said.stderr == "DATABASE_URL must begin with postgresql:// and begins with mysql://.\n"


def test_a_database_that_does_not_answer_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        url = f"postgresql://serai@127.0.0.1:{nobody_listens.getsockname()[1]}/serai"
        said = run("report", SERAI_HOME=str(tmp_path), DATABASE_URL=url)
    assert said.returncode == 1
    assert said.stderr.startswith("The database cannot be used (")
    assert said.stderr.endswith("'serai doctor' tells more.\n")


@pytest.mark.parametrize(
    ("name", "value", "bounds"), [("SERAI_WORKERS", "0", "1 to 64"), ("SERAI_PROXIES", "one", "0 to 9")]
)
def test_a_setting_that_is_no_number_is_told_in_a_sentence(tmp_path: Path, name: str, value: str, bounds: str) -> None:
    said = run("up", SERAI_HOME=str(tmp_path), **{name: value})
    assert said.returncode == 1
    assert said.stderr == f"{name} must be a whole number from {bounds} and is {value!r}.\n"


def test_a_home_that_is_no_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = run("report", SERAI_HOME=str(tmp_path / "file"))
    assert said.returncode == 1
    assert said.stderr.startswith("The folder of the instance cannot be used (")


def test_a_bare_instance_has_no_edition_and_says_how_to_make_one(tmp_path: Path) -> None:
    said = run("report", SERAI_HOME=str(tmp_path))
    assert said.returncode == 2
    assert "serai demo" in said.stderr
    assert (tmp_path / "serai.sqlite3").exists()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        said = run("up", "--port", str(number), SERAI_HOME=str(tmp_path))
    assert said.returncode == 1
    assert said.stderr == (
        f"Cannot listen on 127.0.0.1, port {number} (Address already in use); choose another by --host or --port.\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_up_serves_and_ends_with_all_that_it_started(tmp_path: Path, port: int, end: signal.Signals) -> None:
    environment = os.environ | {"SERAI_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "serai", "up", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == f"Serai is at http://127.0.0.1:{port}/ (Ctrl-C ends it)\n"
            assert "Who opens this link first" in server.stdout.readline()
            with urllib.request.urlopen(server.stdout.readline().strip()) as page:
                assert "Name your organisation" in page.read().decode()
            until = time.monotonic() + 60  # the others are made once the first answers
            while len(started := descendants(server.pid)) < 2 and time.monotonic() < until:
                time.sleep(0.1)
            assert serving.answers("127.0.0.1", port)
            server.send_signal(end)
            assert server.wait(30) == 0  # what is being computed has some time to end
        finally:
            server.terminate()  # where something failed nobody else would, and the test would wait for ever
    assert len(started) >= 2  # a web server at least, the task worker
    assert not any(is_alive(process) for process in started)


@pytest.mark.slow
def test_what_up_started_ends_when_it_is_killed_itself(tmp_path: Path, port: int) -> None:
    environment = os.environ | {"SERAI_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "serai", "up", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        started = descendants(server.pid)
        server.kill()
        server.stdout.read()  # ends when the last process closes it, and is about to end
    until = time.monotonic() + 20
    while any(is_alive(process) for process in started) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(is_alive(process) for process in started)


def descendants(process: int) -> list[int]:
    children = [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return [*children, *(other for child in children for other in descendants(child))]


def is_alive(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


def sleep(seconds: float = 60) -> None:
    time.sleep(seconds)


def test_a_process_that_ends_before_a_page_is_answered_is_told_and_nothing_runs_on(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    def ends(*_: object) -> None:
        sleep(1)
        sys.exit(3)

    forked = forks(monkeypatch)
    monkeypatch.setattr(serving, "answers", lambda _host, _port: False)
    monkeypatch.setattr(serving, "answer_requests", ends)
    with pytest.raises(serving.ServingError, match="web server 1 ended by itself with exit code 3"):
        serving.serve("127.0.0.1", port, worker=True, ready=lambda _address: pytest.fail("nothing answers"))
    assert forked
    assert not any(is_alive(process) for process in forked)


def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that are forked from now on: those of a fair that is served beside this test are not among them."""
    fork, forked = serving._fork, list[int]()

    def noted(run: Callable[[], None], life: tuple[int, int]) -> int:
        forked.append(fork(run, life))
        return forked[-1]

    monkeypatch.setattr(serving, "_fork", noted)
    return forked


def test_a_process_that_ends_is_started_again_with_growing_pauses_and_never_given_up(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    starts: list[float] = []
    started = forks(monkeypatch)
    fork = serving._fork

    def forked(run: Callable[[], None], life: tuple[int, int]) -> int:
        if run is not_long:
            starts.append(time.monotonic())
        if len(starts) == 5:
            os.kill(os.getpid(), signal.SIGTERM)
        return fork(run, life)

    def not_long() -> None:
        sys.exit(3)

    monkeypatch.setattr(serving, "FIRST_PAUSE", 0.2)
    monkeypatch.setattr(serving, "LONGEST_PAUSE", 0.4)
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(serving, "answers", lambda _host, _port: True)
    monkeypatch.setattr(serving, "answer_requests", lambda *_: sleep())
    monkeypatch.setattr(serving, "work", not_long)
    monkeypatch.setattr(serving, "_warm_up", lambda: None)
    monkeypatch.setattr(serving, "_fork", forked)
    serving.serve("127.0.0.1", port, worker=True, ready=lambda _address: None)
    pauses = [after - before for before, after in itertools.pairwise(starts)]
    assert all(pause >= wanted for pause, wanted in zip(pauses, [0.2, 0.4, 0.4, 0.4], strict=True))
    assert not any(is_alive(process) for process in started)


def test_a_web_process_that_is_stuck_is_killed_and_started_again(
    monkeypatch: pytest.MonkeyPatch, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    starts: list[int] = []
    fork = serving._fork

    def forked(run: Callable[[], None], life: tuple[int, int]) -> int:
        starts.append(1)
        if len(starts) == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        return fork(run, life)

    monkeypatch.setattr("django.conf.settings.WEB_PROCESSES", 1)
    monkeypatch.setattr(serving, "_warm_up", lambda: time.sleep(0.5))  # until the first ignores SIGTERM
    monkeypatch.setattr(serving, "_load", lambda: None)  # which configures the log anew, without this test

    def stuck(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sleep()

    monkeypatch.setattr(serving, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(serving, "STUCK_SECONDS", 0.3)
    monkeypatch.setattr(serving, "answers", lambda _host, _port: True)
    monkeypatch.setattr(serving, "answer_requests", stuck)
    monkeypatch.setattr(serving, "_fork", forked)
    serving.serve("127.0.0.1", port, worker=False, ready=lambda _address: None)
    assert [record.message for record in caplog.records] == [
        "The web server 1 shows no life for 0 s and is killed.",
        "The web server 1 ended by itself with exit code -9 and is started again after 1 s.",
    ]


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:80/"), ("0.0.0.0", "http://127.0.0.1:80/"), ("::1", "http://[::1]:80/")],
)
def test_the_address_is_one_that_a_browser_on_this_machine_can_open(host: str, address: str) -> None:
    assert serving.address(host, 80) == address


def test_the_command_is_installed_under_its_name() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"serai": "serai.cli:main"}
