"""The current request, for audit entries, without passing it along."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_acting: ContextVar[tuple[int | None, int | None]] = ContextVar("acting", default=(None, None))


def request_id() -> str:
    """The identifier of the request, command or task that runs, or the empty string."""
    return _request_id.get()


@contextmanager
def new_request() -> Iterator[str]:
    """Give the code inside an identifier of its own."""
    token = _request_id.set(secrets.token_hex(8))
    try:
        yield request_id()
    finally:
        _request_id.reset(token)


def acting() -> dict[str, int | None]:
    """The fields of an audit entry that name the impersonator and the staff session."""
    impersonator, staff_session = _acting.get()
    return {"impersonator_id": impersonator, "staff_session_id": staff_session}


@contextmanager
def acting_with(*, impersonator: int | None = None, staff_session: int | None = None) -> Iterator[None]:
    """Entries inside name the impersonator or the staff session."""
    token = _acting.set((impersonator, staff_session))
    try:
        yield
    finally:
        _acting.reset(token)
