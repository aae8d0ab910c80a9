"""Lines of the log: an object each, and nothing that a person entered."""

import json
import logging
import sys

from django.db import OperationalError

from serai.expo.base.audit.domain.requests import new_request
from serai.expo.base.log_lines import JsonLines, without_outages


def record(message: str, *arguments: object, error: bool = False, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord(
        "serai.here", logging.ERROR, "a.py", 1, message, arguments, sys.exc_info() if error else None
    )
    for name, value in extra.items():
        setattr(made, name, value)
    return made


def line(made: logging.LogRecord) -> dict[str, object]:
    text = JsonLines().format(made)
    assert "\n" not in text
    return dict(json.loads(text))


def test_a_line_says_when_what_and_in_which_request() -> None:
    with new_request() as identifier:
        said = line(record("%d letters\nwait", 3, fields={"status": 200, "ms": 1.5}))
    assert said["message"] == "3 letters\nwait"
    assert (said["level"], said["logger"], said["request"]) == ("error", "serai.here", identifier)
    assert (said["status"], said["ms"]) == (200, 1.5)
    assert "request" not in line(record("outside"))


def test_an_error_is_told_by_its_class_and_places_and_not_by_its_message() -> None:
    try:
        raise ValueError("amina@example.org is taken")
    except ValueError:
        said = line(record("It failed.", error=True))
    assert said["error"] == "builtins.ValueError"
    assert str(said["at"]).count("test_log_lines.py") == 1
    assert "amina" not in json.dumps(said)


def test_the_address_of_a_failed_request_is_left_out() -> None:
    said = line(record("%s: %s", "Internal Server Error", "/en/invitation/secret/", status_code=500))
    assert said["message"] == "Internal Server Error"


def test_an_outage_is_not_told_with_each_request() -> None:
    try:
        raise OperationalError("away")
    except OperationalError:
        assert not without_outages(record("It failed.", error=True))
    assert not without_outages(record("%s: %s", "Service Unavailable", "/", status_code=503))
    assert without_outages(record("%s: %s", "Internal Server Error", "/", status_code=500))
