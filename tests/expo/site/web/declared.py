"""What tests/expo/<wing>/<room>/rights.toml says of every address of the site, and how an address is filled."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import reverse

from scripts.addresses import Visitor, named_addresses, value
from serai.expo.fairs.edition.models import Edition

EXPO = Path(__file__).parents[2]
EVERYONE = frozenset({"organiser", "owner", "member", "buyer", "other organiser", "stranger", "anonymous"})
LEVELS = {
    "public": EVERYONE,
    "signed in": EVERYONE - {"anonymous"},
    "member or organiser": frozenset({"owner", "member", "organiser"}),
    "member": frozenset({"owner", "member"}),
    "participant": frozenset({"owner", "member", "buyer"}),
    "participant or organiser": frozenset({"owner", "member", "buyer", "organiser"}),
    "buyer": frozenset({"buyer"}),
    "owner": frozenset({"owner"}),
    "owner or organiser": frozenset({"owner", "organiser"}),
    "organiser": frozenset({"organiser"}),
    "nobody": frozenset[str](),
    "staff": frozenset[str](),  # a superuser in an open staff session; none of those who try pages here
    "secret": EVERYONE,  # the address itself is the key; with what is no key it is nobody's
}
HOW_TO_FILL = (
    "make the thing in the fixture 'things' (tests/expo/site/web/conftest.py), "
    "say in scripts/addresses.py how it is found, "
    "or say in rights.toml why there is none: nothing = '...'."
)
OPEN = {200, 204, 302, 303, 304}
SHUT = {403, 404}
NOTHING = {"int": 987_654, "slug": "nothing", "str": "nothing", "uuid": "00000000-0000-4000-8000-000000000000"}
ABOUT = {
    "who",
    "answers",
    "nothing",
    "post",
    "sent",
    "shared",
    "everywhere",
}  # what a row says beside the values of parameters


@dataclass(frozen=True)
class Page:
    """A named address of the site, as it is declared."""

    name: str
    converters: Mapping[str, str]  # parameter -> kind of its converter
    who: str
    given: Mapping[str, Any]
    answers: int | None = None
    nothing: str = ""
    post: bool = False
    sent: Mapping[str, str] = field(default_factory=dict)
    shared: str = ""  # why each firm of the fair may name a row of another here
    everywhere: str = ""  # why a row of another fair may be named here

    def address(self, edition: Edition, things: Mapping[str, Any]) -> str:
        """Its path. Fails where a parameter has no value and the row does not say why."""
        return reverse(self.name, kwargs=self.values(edition, things))

    def values(self, edition: Edition, things: Mapping[str, Any]) -> dict[str, Any]:
        """The value of each of its parameters, chosen for the owner of the things (on a buyer's page the buyer)."""
        visitor = Visitor(edition, things["buyer" if self.who == "buyer" else "owner"])
        values, lacking = {}, []
        for parameter, kind in self.converters.items():
            said = self.given.get(parameter)
            if said is None:
                said = None if self.nothing else value(visitor, self.name, parameter)
                said = edition.slug if parameter == "edition" else said
            else:
                said = named(said, things)
            if said is None:
                lacking.append(parameter)
            values[parameter] = NOTHING.get(kind, "nothing") if said is None else said
        assert self.nothing or not lacking, (
            f"Nothing in the database is {' and '.join(lacking)} of {self.name}: {HOW_TO_FILL}"
        )
        assert lacking or not self.nothing, f"Every parameter of {self.name} has a value: take its 'nothing' away."
        return values


def named(said: Any, things: Mapping[str, Any]) -> Any:
    """What a value of a row means: ``$name`` is one of the things."""
    return things[said[1:]] if str(said).startswith("$") else said


def declarations() -> dict[str, dict[str, dict[str, Any]]]:
    """Room by room, what its rights.toml says of each address."""
    files = sorted(EXPO.rglob("rights.toml"))
    found = {
        path.parent.relative_to(EXPO).as_posix(): tomllib.loads(path.read_text(encoding="utf-8")) for path in files
    }
    return {
        room: {name: {"who": said} if isinstance(said, str) else said for name, said in pages.items()}
        for room, pages in found.items()
    }


def pages_of(room: str, things: Mapping[str, Any]) -> list[Page]:
    """Each address that the room declares."""
    known, pages = dict(named_addresses()), []
    for name, said in DECLARED[room].items():
        given = {key: value for key, value in said.items() if key not in ABOUT}
        about = {key: value for key, value in said.items() if key in ABOUT}
        about["sent"] = {key: named(value, things) for key, value in said.get("sent", {}).items()}
        pages.append(Page(name, known.get(name, {}), given=given, **about))
    return pages


DECLARED = declarations()
