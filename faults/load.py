"""Load: people who write over HTTP as browsers do, and visitors who read. What was answered is kept."""

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from itertools import count, cycle, product
from typing import Any
from urllib.parse import urlencode, urlsplit

from faults.fair import FIRM, READERS, reader
from faults.ledger import Write

TOKEN = "f" * 32
"""Of the form, sent as cookie and header (CSRF)."""
LONGEST = 90.0
"""Seconds that a client waits: longer than the site lets anything wait, so that no write outlives its client."""
LONGEST_JOB = 600.0
"""Seconds after which a job is given up, as one that was not done."""
ROWS = 150
"""Firms of an import."""
TIME = re.compile(rb'<option value="(\d{4}-[^"]+)"')
REQUEST = re.compile(rb"/meetings/requests/(\d+)/")


@dataclass(frozen=True)
class Answer:
    """An answer of the site; status 0 is a connection that broke."""

    at: float
    who: str
    path: str
    status: int
    seconds: float
    location: str
    body: bytes


@dataclass
class Load:
    """Clients that go on until they are stopped."""

    port: int
    fair: Mapping[str, Any]
    pause: float
    writes: list[Write] = field(default_factory=list)
    answers: list[tuple[float, str, str, int, float]] = field(default_factory=list)
    refused: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    codes_wanted: threading.Event = field(default_factory=threading.Event)
    imports_wanted: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    numbers: Any = field(default_factory=count)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        self.codes_wanted.set()
        exhibitors, buyers = self.fair["exhibitors"], self.fair["buyers"]
        acts: list[Callable[[], None]] = [
            *(lambda part=part: self._exhibit(exhibitors[part::3]) for part in range(3)),  # type: ignore[misc]
            *(lambda part=part: self._buy(buyers[part::3], part) for part in range(3)),  # type: ignore[misc]
            lambda: self._visit(""),
            lambda: self._visit(self.fair["organiser"]),
            self._ask_for_codes,
            self._import,
        ]
        for act in acts:
            self.threads.append(threading.Thread(target=act, daemon=True))
            self.threads[-1].start()

    def stop(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join(LONGEST + 10)

    def acknowledged(self) -> int:
        return sum(write.acknowledged for write in list(self.writes))

    def ask(
        self,
        who: str,
        path: str,
        cookie: str = "",
        form: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """One request over a connection of its own. The place it comes from differs, since limits count by place."""
        sent = {"Cookie": f"csrftoken={TOKEN}; {cookie}"} if cookie or form is not None or body else {}
        sent |= {"X-CSRFToken": TOKEN, "Accept-Language": "en"} | dict(headers or {})
        if form is not None:
            body, sent["Content-Type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
        began = time.monotonic()
        number = next(self.numbers)
        place = f"127.0.{1 + number // 250 % 250}.{1 + number % 250}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST, source_address=(place, 0))
        try:
            connection.request("POST" if form is not None or body else "GET", path, body or None, sent)
            got = connection.getresponse()
            answer = Answer(began, who, path, got.status, 0.0, got.headers.get("Location", ""), got.read())
        except (OSError, HTTPException):
            answer = Answer(began, who, path, 0, 0.0, "", b"")
        finally:
            connection.close()
        self.answers.append((began, who, path, answer.status, time.monotonic() - began))
        return answer

    def keep(self, kind: str, mark: str, value: str, answer: Answer, *, good: int = 302) -> bool:
        """Note a write. One that was refused in words is no write."""
        if answer.status in (0, good) or answer.status >= 500:
            with self.lock:
                self.writes.append(Write(kind, mark, value, answer.status == good))
        else:
            self.refused += 1
        return answer.status == good

    def _exhibit(self, sides: list[dict[str, Any]]) -> None:
        """Scan leads, as a phone does that sends one until it is taken, and agree to what was asked."""
        for side in cycle(sides):
            mark = f"lead-{next(self.numbers)}"
            form = {"person": mark, "key": mark, "rating": "3"}
            while not self.stopped.wait(self.pause):
                answer = self.ask("lead", side["lead"], side["cookie"], form, headers={"x-serai-queue": "1"})
                if self.keep("lead", mark, mark, answer, good=200):
                    break
            if self.stopped.is_set():
                return
            page = self.ask("reading", self.fair["meetings"], side["cookie"])
            for number in sorted({int(found) for found in REQUEST.findall(page.body)})[:3]:
                path = f"{self.fair['meetings']}requests/{number}/"
                answer = self.ask("agreement", path, side["cookie"], {"act": "accept"})
                self.keep("agreement", str(number), "accepted", answer)
                if self.stopped.wait(self.pause):
                    return

    def _buy(self, sides: list[dict[str, Any]], part: int) -> None:
        """Ask for meetings at times that others want too, say wishes, and write to who offers."""
        strengths = cycle(("must", "would", "no_thanks"))
        items = [item for number, item in enumerate(self.fair["interests"]) if number % 3 == part]
        messages = iter(product(items, sides))
        pairs = list(product(self.fair["exhibitors"], sides))
        asked = iter(pairs[: len(pairs) // 2])  # in the same order as the others do
        for other, side in cycle(pairs[len(pairs) // 2 :]):
            if self.stopped.wait(self.pause):
                return
            mark, value = f"{side['participation']}>{other['participation']}", next(strengths)
            self.keep("wish", mark, value, self.ask("wish", other["wish"], side["cookie"], {"strength": value}))
            if pair := next(asked, None):
                self._ask_to_meet(*pair)
            if message := next(messages, None):
                (_number, path), sender = message
                mark = f"message-{next(self.numbers)}"
                form = {"cooperation": mark, "about": "We try faults.", "agreement": ""}
                self.keep("message", mark, mark, self.ask("message", path, sender["cookie"], form))

    def _ask_to_meet(self, other: Mapping[str, Any], side: Mapping[str, Any]) -> None:
        times = TIME.findall(self.ask("reading", other["ask"], side["cookie"]).body)
        mark = f"request-{next(self.numbers)}"
        form = {"message": mark, "starts_at": times[0].decode() if times else ""}
        self.keep("request", mark, mark, self.ask("request", other["ask"], side["cookie"], form))

    def _ask_for_codes(self) -> None:
        for number in range(READERS):
            if self.stopped.wait(2 * self.pause):
                return
            self.codes_wanted.wait(5)
            if self.codes_wanted.is_set():
                self.ask_for_code(reader(number))

    def ask_for_code(self, email: str) -> None:
        self.keep("code", email, "", self.ask("code", self.fair["code"], "", {"email": email}))

    def _visit(self, cookie: str) -> None:
        for path in cycle(self.fair["pages"]):
            if self.stopped.wait(self.pause):
                return
            self.ask("person's page" if cookie else "visitor's page", path, cookie)

    def _import(self) -> None:
        """Import a list of firms whenever it is wanted, and follow it to its end."""
        for number in count():
            while not self.imports_wanted.wait(0.5):
                if self.stopped.is_set():
                    return
            self.imports_wanted.clear()
            # Names that differ by a digit are held back, for a person to say whether they are one firm.
            names = [FIRM + sha256(f"{number} {row}".encode()).hexdigest() for row in range(ROWS)]
            rows = "".join(f"{name},DE\n" for name in names)
            page = self.followed(self.fair["import"], *upload(f"Legal name,Country\n{rows}"))
            done = bool(page) and self.applied(page)
            with self.lock:
                self.writes += [Write("import", name, name, done) for name in names]

    def applied(self, page: str) -> bool:
        """Whether the organiser reads that the import has been applied."""
        to = self.followed(f"{page}apply/", b"x=1", "application/x-www-form-urlencoded")
        return b"has been applied" in self.ask("import", to, self.fair["organiser"]).body if to else False

    def followed(self, path: str, body: bytes, media_type: str) -> str:
        """Start a job, trying again until it is taken, and wait for its end. Returns the page that it led to."""
        cookie = self.fair["organiser"]
        job, end = "", time.monotonic() + LONGEST_JOB
        while time.monotonic() < end and not self.stopped.wait(1.0):
            if not job:
                job = self.ask("import", path, cookie, headers={"Content-Type": media_type}, body=body).location
                continue
            if to := self.ask("import", job, cookie).location:
                return to if "/imports/" in urlsplit(to).path and "new" not in to else ""
        return ""


def upload(text: str) -> tuple[bytes, str]:
    """The body of a form with a list of firms, and its media type."""
    edge = "faultsfaultsfaults"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="firms.csv"'
    return (
        f"{head}\r\nContent-Type: text/csv\r\n\r\n{text}\r\n--{edge}--\r\n".encode(),
        f"multipart/form-data; boundary={edge}",
    )
