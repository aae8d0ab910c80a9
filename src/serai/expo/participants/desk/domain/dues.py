"""What a participant has to do: a registry that every room fills in its ``hooks.py``.

    @dues
    def requests(participation: Participation, now: datetime) -> Iterator[Due]:
        for request in received(participation, now):
            yield Due("my-meetings", text, lost=_("The request runs out."), address=..., until=request.expires_at)

The first page of the desk shows them in the order of what is lost by waiting: what ends first stands first, and what
has no end stands last, in the order in which the rooms were declared. The side of the page counts them by page.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise

from serai.expo.base.rooms import load_hooks
from serai.expo.fairs.edition.models import Participation

type Text = str | Promise

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """A button that does it at once: what it posts, and to which address."""

    label: Text
    address: str
    act: str
    is_first: bool = True
    """Whether it is the answer that most will give; the others are shown quietly."""


@dataclass(frozen=True)
class Due:
    """Something that the participant has to do."""

    page: str
    """The page of the desk on which it stands, by the name of its address."""
    text: Text
    lost: Text
    """What is lost by waiting, as a sentence."""
    address: str
    until: datetime | None = None
    about: Text = ""
    """What helps to decide: the words of the other side, the reason to meet."""
    answers: tuple[Answer, ...] = ()
    duty: str = "see"
    """What its reader must be able to do for the firm; one of the duties of ``firms/record/rules.py``."""


type Find = Callable[[Participation, datetime], Iterator[Due]]

_found_by: list[Find] = []


def dues(function: Find) -> Find:
    """Declare the function below as one that finds what a participant has to do."""
    _found_by.append(function)
    return function


def dues_of(participation: Participation, duties: Collection[str], now: datetime) -> list[Due]:
    """Everything that the participant has to do and someone with these duties can do, what ends first before all else.

    The edition and the firm of the participation are loaded.
    """
    load_hooks()
    everything = (due for find in _found_by for due in find(participation, now) if due.duty in duties)
    return sorted(everything, key=lambda due: due.until or NEVER)
