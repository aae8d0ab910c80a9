"""Play faults against `serai up` under load, and check that nothing acknowledged is lost, doubled or double-booked.

python -m faults [--database sqlite|postgresql] [--short] [--only NAME ...]
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks import apart
from benchmarks.serving import free_port
from faults.fair import make_fair, read_fair
from faults.ledger import Booking, double_booked, doubled, lost, unsent
from faults.letters import MailServer, mail_server
from faults.load import Load
from faults.plays import PLAYS, Figures, Sizes
from faults.site import Site, served, start
from scripts.test import ROOT, cluster

FULL = Sizes(kills=50, drip_seconds=60, away=(5, 10, 60), frozen_seconds=60, full_seconds=15, silent_seconds=60)
SHORT = Sizes(kills=8, drip_seconds=12, away=(5,), frozen_seconds=20, full_seconds=5, silent_seconds=25)
DISK = "900m"
SETTLED_SECONDS = 480
"""A letter that met a silent server is sent again after five minutes."""


def main() -> int:
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and what was started is ended
    sizes = SHORT if arguments.short else FULL
    if arguments.kills is not None:
        sizes = replace(sizes, kills=arguments.kills)
    wrong = 0
    for database in arguments.database or ("sqlite", "postgresql"):
        print(
            f"\n## {database}, {time.strftime('%Y-%m-%d')}, load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores\n"
        )
        print("| fault | what | measured |\n| --- | --- | --- |", flush=True)
        wrong += play(database, sizes, arguments.only or list(PLAYS), arguments.pause)
    return min(wrong, 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m faults", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"), help="both by default")
    parser.add_argument("--short", action="store_true", help="a few kills, and short silences")
    parser.add_argument("--kills", type=int, help="so many, in the place of 50 or 8")
    parser.add_argument("--only", action="append", choices=list(PLAYS), help="only this fault; may be given again")
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between two acts of each client")
    return parser.parse_args()


def play(database: str, sizes: Sizes, names: list[str], pause: float) -> int:
    """Play these faults and print what was measured. Returns how many findings the checker has."""
    with ExitStack() as opened:
        folder = opened.enter_context(_small_disk())
        mail = opened.enter_context(mail_server())
        server = opened.enter_context(cluster(folder, safe=True)) if database == "postgresql" else None
        settings = _settings(folder, mail)
        if server:
            server.create_database()
            settings["DATABASE_URL"] = server.url
        fair = apart(make_fair, settings=settings)
        clock, moved = _clock(opened)
        port, log = free_port(), Path(opened.enter_context(tempfile.TemporaryDirectory()), "log")
        process = start(settings | moved, port, log)
        site = Site(folder, settings, port, mail, server, clock, process)
        opened.callback(_keep_log, log, database)
        with served(site):
            load = Load(port, fair, pause)
            load.start()
            try:
                time.sleep(5)
                for name in names:
                    _tell(name, PLAYS[name](site, load, sizes))
            finally:
                load.stop()
            return _check(site, load)


def _check(site: Site, load: Load) -> int:
    """Compare what was acknowledged with what is there, once nothing waits any more."""
    began, stopped = time.monotonic(), time.monotonic() + SETTLED_SECONDS
    while (kept := apart(read_fair, settings=site.settings))["waiting"] and time.monotonic() < stopped:
        time.sleep(5)
    codes = {write.mark for write in load.writes if write.kind == "code" and write.acknowledged}
    letters = [(address, state) for address, state, _reason in kept["letters"]]
    findings = {
        "lost": lost([write for write in load.writes if write.kind != "code"], kept["held"]),
        "doubled": doubled(kept["held"]),
        "double-booked": double_booked(Booking(*row) for row in kept["bookings"]),
        "letters that did not come": unsent(letters, site.mail.arrived),
        "codes that did not come": sorted(codes - set(site.mail.arrived)),
        "audit trail": _audit_faults(site),
        "still waiting": ["tasks or letters"] * kept["waiting"],
    }
    acknowledged = load.acknowledged()
    times = len(kept["bookings"])
    _tell(
        "checker",
        iter(
            [
                (
                    "writes acknowledged, of those sent",
                    f"{acknowledged} of {len(load.writes)}; {load.refused} refused in words",
                ),
                ("requests in all, meetings with a time", f"{len(load.answers)}, {times}"),
                ("letters in the outbox, that came", f"{len(letters)}, {sum(site.mail.arrived.values())}"),
                ("until nothing waited", f"{time.monotonic() - began:.0f} s"),
                *(
                    (what, f"{len(found)}" + (f": {'; '.join(found[:5])}" if found else ""))
                    for what, found in findings.items()
                ),
            ]
        ),
    )
    return sum(map(len, findings.values()))


def _audit_faults(site: Site) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "serai", "audit", "verify", "--json"],
        cwd=ROOT,
        env=os.environ | site.settings,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        told: list[str] = json.loads(done.stdout)["faults"]
    except ValueError:
        told = [f"serai audit verify says: {(done.stderr or done.stdout).strip()[-200:]}"]
    return told


def _tell(name: str, figures: Figures) -> None:
    for what, value in figures:
        print(f"| {name} | {what} | {value} |", flush=True)


def _settings(folder: Path, mail: MailServer) -> dict[str, str]:
    home = folder / "home"
    home.mkdir()
    return {
        "SERAI_HOME": str(home),
        "SERAI_SMTP": f"smtp://127.0.0.1:{mail.port}",
        "SERAI_WORKERS": "2",
        "DATABASE_URL": "",
    }


@contextmanager
def _small_disk() -> Iterator[Path]:
    """A folder on a file system of its own where that may be made, else a plain one."""
    folder = Path(tempfile.mkdtemp(prefix="serai-faults-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", str(folder)]
    mounted = not os.getuid() and not subprocess.run(mount, capture_output=True, check=False).returncode
    folder.chmod(0o755)  # the server of PostgreSQL runs as another user
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _clock(opened: ExitStack) -> tuple[Path | None, Mapping[str, str]]:
    """The file that moves the clock, and what has to be set for the processes; nothing without a compiler."""
    if (compiler := shutil.which("cc")) is None:
        return None, {}
    built = Path(opened.enter_context(tempfile.TemporaryDirectory()))
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", built / "clock.so", Path(__file__).with_name("clock.c")]
    subprocess.run(command, check=True)
    (built / "clock").write_bytes(bytes(8))
    return built / "clock", {"LD_PRELOAD": str(built / "clock.so"), "FAULTS_CLOCK": str(built / "clock")}


def _keep_log(log: Path, database: str) -> None:
    """Keep what the site said, for whoever looks for a reason."""
    if log.exists():
        kept = Path(tempfile.gettempdir(), f"serai-faults-{database}.log")
        shutil.copy(log, kept)
        print(f"\nThe log of the site is in {kept}.")


if __name__ == "__main__":
    sys.exit(main())
