"""What rows share whose work a task does."""

from typing import Any


class DoneByTask:
    """A row with a ``task`` and how it ``ended``, which stays when the task is forgotten.

    ``State`` are its choices of ``ended``, WAITING, RUNNING and FAILED among them.
    """

    ended: Any
    task: Any
    State: Any

    @property
    def state(self) -> str:
        """One of State."""
        if self.ended:
            return str(self.ended)
        of_task = {"READY": self.State.WAITING, "RUNNING": self.State.RUNNING}
        return str(of_task.get(self.task.status, self.State.FAILED) if self.task else self.State.FAILED)

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}
