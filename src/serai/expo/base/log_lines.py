"""The log: a JSON object a line, which says what happened and nothing of a person.

An exception is told by its class and its places in the code; its message may quote what somebody entered.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from serai.expo.base.audit.domain.requests import request_id
from serai.expo.base.databases.domain.patience import is_outage

PLACES = 12
"""At most so many places of an exception, the last ones."""


class JsonLines(logging.Formatter):
    """``time``, ``level``, ``logger``, ``message``, ``request`` and the ``fields`` that are given by ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if identifier := request_id():
            line["request"] = identifier
        line |= getattr(record, "fields", {})
        if record.exc_info and (error := record.exc_info[1]) is not None:
            places = traceback.extract_tb(error.__traceback__)[-PLACES:]
            line["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
            line["at"] = [f"{place.filename}:{place.lineno} {place.name}" for place in places]
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    if hasattr(record, "status_code") and isinstance(record.args, tuple) and record.args:
        return str(record.args[0])  # what Django says of a failed request has its address, in which a secret can stand
    return record.getMessage()


def without_outages(record: logging.LogRecord) -> bool:
    """A filter: that a page met an outage is told by whoever answers it, in one line."""
    told = getattr(record, "status_code", None) == HTTPStatus.SERVICE_UNAVAILABLE
    return not (told or (record.exc_info and is_outage(record.exc_info[1])))
