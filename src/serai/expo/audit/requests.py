"""The request in whose course something changes, known everywhere below it without being passed along."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The identifier of the request, command or task that runs, or the empty string."""
    return _request_id.get()


@contextmanager
def new_request() -> Iterator[str]:
    """Give what runs inside an identifier of its own."""
    token = _request_id.set(secrets.token_hex(8))
    try:
        yield request_id()
    finally:
        _request_id.reset(token)
