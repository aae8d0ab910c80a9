"""The registry of jobs. A room declares a kind in its ``hooks.py`` by the function that does it:

    job("timetable", title=_("Timetable"), refusals=(TimetableRefusedError,))(make)

The function is called with the job and with what is to be told of the progress, in the scope of the edition, in the
language of who asked, and again if its worker was killed: what it does twice must come to the same. With ``atomic`` it
is done in one transaction with the end of the job, so that it is done once. Whoever changes the area of the room may
cancel its jobs, unless the room says by ``why_not`` who may.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from serai.expo.base.rooms import load_hooks
from serai.expo.fairs.edition.rules.roles import area_of
from serai.expo.fairs.jobs.models import Job
from serai.expo.people.account.models import User
from serai.registry import Registry
from serai.world.progress import Progress


@dataclass(frozen=True)
class Ended:
    """What came of a job."""

    sentence: str
    page: str = ""
    """Address at which the work goes on."""
    made: int | None = None
    """Number of what was made, as in the interface."""
    file_name: str = ""
    """Name of the file that was written to ``files.path_of``."""


type Act = Callable[[Job, Progress], Ended]
type WhyNot = Callable[[User, Job], str]
"""Why a user may not cancel a job, in a sentence; empty where it may."""


@dataclass(frozen=True)
class Kind:
    """A kind of job: its title, what does it, and which exceptions are answers to who asked."""

    key: str
    title: str | Promise
    act: Act
    refusals: tuple[type[Exception], ...]
    atomic: bool
    why_not: WhyNot | None = None

    @property
    def area(self) -> str:
        """The area of the organiser's work to which it belongs: that of the room that does it."""
        return area_of(self.act.__module__)


_kinds: Registry[Kind] = Registry("job")


def job(
    key: str,
    *,
    title: str | Promise,
    refusals: tuple[type[Exception], ...] = (),
    atomic: bool = False,
    why_not: WhyNot | None = None,
) -> Callable[[Act], Act]:
    """Declare the function below as the one that does jobs of this kind."""

    def declare(act: Act) -> Act:
        _kinds.add(key, Kind(key, title, act, refusals, atomic, why_not))
        return act

    return declare


def kinds() -> list[Kind]:
    """All kinds."""
    load_hooks()
    return list(_kinds.values())


def kind_of(key: str) -> Kind:
    """The kind of this key. Raises KeyError if there is none."""
    load_hooks()
    return _kinds[key]
