"""What asks a process to stop, heard without a lock."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def stop_signals(*wanted: signal.Signals) -> Iterator[Sequence[int]]:
    """Those of the wanted signals that have come so far. What is forked inside inherits it.

    No event: a handler that sets one waits for its lock, which what it interrupts, such as the handler of the signal
    before, may hold.
    """
    asked: list[int] = []
    before = {number: signal.signal(number, lambda received, _frame: asked.append(received)) for number in wanted}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
