"""The workers of a Dask cluster through joblib, and the error if the scheduler cannot be reached."""

import _thread
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from serai.world.shocks.worlds import World


class SchedulerLostError(Exception):
    """The scheduler cannot be reached, or no longer; the message says what to do."""


@contextmanager
def workers_of(scheduler: str, world: World, reached: float) -> Iterator[None]:
    """joblib works on the workers of the scheduler at this address, to which the world is sent once.

    Raises SchedulerLostError where the scheduler doesn't answer within `reached` seconds, or is lost on the way.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise SchedulerLostError("A scheduler needs Dask: pip install distributed.") from None
    from joblib import parallel_config

    try:
        client: Any = Client(scheduler, set_as_default=False, timeout=reached)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SchedulerLostError(
            f"No scheduler answers at {scheduler} within {reached:g} seconds; start one with 'dask scheduler', and "
            "give its address, such as tcp://10.0.0.1:8786."
        ) from error
    watch = _Watch(client, reached)
    try:
        with parallel_config(backend="dask", client=client, scatter=[world]):
            yield
    except (KeyboardInterrupt, OSError, RuntimeError) as error:
        if isinstance(error, KeyboardInterrupt) and not watch.lost.is_set():
            raise
        if client.status == "running":
            raise
        raise SchedulerLostError(
            f"The scheduler at {scheduler} was lost. What was answered is kept; the same command goes on from there."
        ) from error
    finally:
        watch.over.set()
        client.close(timeout=reached)


class _Watch:
    """Interrupts joblib, which would wait for ever, some seconds after the cluster is gone."""

    def __init__(self, client: Any, reached: float) -> None:
        self.client, self.reached = client, reached
        self.over, self.lost = threading.Event(), threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        gone, pause = 0.0, 0.5
        while not self.over.wait(pause):
            gone = 0.0 if self.client.status == "running" else gone + pause
            if gone > self.reached:
                self.lost.set()
                _thread.interrupt_main()
                return
