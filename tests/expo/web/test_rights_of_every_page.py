"""Every page of the site is declared with who may see it, and is tried by each kind of visitor.

The declarations are in ``tests/expo/<room>/rights.toml``, one line a page: the name of its address, and who may see it.

    import-list = "organiser"
    firm = { who = "public", identifier = "$firm" }

``who`` is one of LEVELS. What follows it are the values of the address's parameters, ``$name`` a thing of the fixture
``things`` (conftest.py beside this file); who may see the page then must find it. A parameter without a value gets one
that nothing has, and who may see the page is told that there is nothing. ``answers`` is the code that who may see it
gets, where it is not one of OPEN.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from serai.expo.audit.models import AuditEntry
from serai.expo.editions.models import Edition

EVERYONE = frozenset({"organiser", "owner", "member", "other organiser", "stranger", "anonymous"})
LEVELS = {
    "public": EVERYONE,
    "signed in": EVERYONE - {"anonymous"},
    "member or organiser": frozenset({"owner", "member", "organiser"}),
    "member": frozenset({"owner", "member"}),
    "owner": frozenset({"owner"}),
    "owner or organiser": frozenset({"owner", "organiser"}),
    "organiser": frozenset({"organiser"}),
    "buyer": frozenset[str](),  # who acts for a buyer; all of those here are of an exhibitor (tests/expo/buyers)
    "staff": frozenset[str](),  # a superuser in an open staff session; none of those who try pages here
    "secret": frozenset[str](),  # the address itself is the key, and what is tried here is no key
}
HOW_TO_DECLARE = (
    "Declare who may see it: a line in tests/expo/<room>/rights.toml, the name of its address = one of "
    f"{', '.join(LEVELS)} (see the docstring of {Path(__file__).name})."
)
OPEN = {200, 204, 302, 303, 304, 405}
SHUT = {403, 404, 405}
NOTHING = {"int": 987_654, "slug": "nothing", "str": "nothing", "uuid": "00000000-0000-4000-8000-000000000000"}
UNDECLARED_BY_DESIGN = {"api"}  # the operations of the API are tried by tests/expo/api/test_rights.py


@dataclass(frozen=True)
class Page:
    """A named address of the site, as it is declared."""

    name: str
    converters: Mapping[str, str]  # parameter -> kind of its converter
    who: str
    given: Mapping[str, Any]
    answers: int | None

    def address(self, edition: Edition, things: Mapping[str, Any]) -> str:
        values = {name: NOTHING.get(kind, "nothing") for name, kind in self.converters.items()}
        if "edition" in values:
            values["edition"] = edition.slug
        for name, value in self.given.items():
            values[name] = things[value[1:]] if str(value).startswith("$") else value
        return reverse(self.name, kwargs=values)

    @property
    def may_find_nothing(self) -> bool:
        return bool(set(self.converters) - {"edition"} - set(self.given))


def named_addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """The name of every address of the site and its parameters with the kinds of their converters."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace in UNDECLARED_BY_DESIGN:
                continue
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            kinds = _kinds(pattern)
            yield from ((name, kinds | more) for name, more in named_addresses(pattern, inner))
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}", _kinds(pattern)


def _kinds(pattern: URLPattern | URLResolver) -> dict[str, str]:
    converters = getattr(pattern.pattern, "converters", {})
    return {name: type(converter).__name__.removesuffix("Converter").lower() for name, converter in converters.items()}


def declarations() -> dict[str, dict[str, dict[str, Any]]]:
    """Room by room, what its rights.toml says of each address."""
    files = sorted(Path(__file__).parents[1].glob("*/rights.toml"))
    found = {path.parent.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in files}
    return {
        room: {name: {"who": said} if isinstance(said, str) else said for name, said in pages.items()}
        for room, pages in found.items()
    }


DECLARED = declarations()


def test_every_page_is_declared() -> None:
    declared = {name for pages in DECLARED.values() for name in pages}
    undeclared = sorted({name for name, _kinds in named_addresses()} - declared)
    assert not undeclared, f"Nobody says who may see {undeclared}. {HOW_TO_DECLARE}"


def test_nothing_is_declared_that_is_not_there_or_twice() -> None:
    declared = [name for pages in DECLARED.values() for name in pages]
    assert sorted(set(declared) - {name for name, _kinds in named_addresses()}) == []
    assert sorted(declared) == sorted(set(declared))
    assert {said["who"] for pages in DECLARED.values() for said in pages.values()} <= set(LEVELS)


@pytest.fixture
def everyone(visitors: dict[str, Client], things: Mapping[str, Any]) -> dict[str, Client]:
    """The visitors, with an owner of the member's firm."""
    owner = Client()
    owner.force_login(things["owner"])
    return visitors | {"owner": owner}


@pytest.mark.parametrize("room", sorted(DECLARED))
def test_a_page_is_shown_to_those_it_is_declared_for_and_to_nobody_else(
    room: str, edition: Edition, everyone: dict[str, Client], things: Mapping[str, Any], subtests: pytest.Subtests
) -> None:
    known = dict(named_addresses())
    for name, said in DECLARED[room].items():
        given = {key: value for key, value in said.items() if key not in {"who", "answers"}}
        page = Page(name, known.get(name, {}), said["who"], given, said.get("answers"))
        with subtests.test(page=name, who=page.who):
            _try(page, page.address(edition, things), everyone)


def _try(page: Page, address: str, everyone: Mapping[str, Client]) -> None:
    welcome = LEVELS[page.who]
    shown = {page.answers} if page.answers else OPEN | ({404} if page.may_find_nothing else set())
    entries = AuditEntry.objects.count()
    for who, client in everyone.items():
        answer = client.get(address)
        to_sign_in = answer.status_code == 302 and "/sign-in/" in answer["Location"]
        if who in welcome:
            assert answer.status_code in shown, f"{who} may see {address} and got {answer.status_code}."
            assert not to_sign_in or page.answers == 302, f"{who} may see {address} and was sent to sign in."
            continue
        assert (
            to_sign_in
            if who == "anonymous" and page.who != "secret" and answer.status_code not in SHUT
            else (answer.status_code in SHUT)
        ), f"{who} may not see {address} and got {answer.status_code}."
        answer = client.post(address)
        refused = answer.status_code in SHUT or (who == "anonymous" and "/sign-in/" in answer.get("Location", ""))
        assert refused, f"{who} may not change anything at {address} and got {answer.status_code}."
    assert AuditEntry.objects.count() == entries, f"Looking at {address}, or being refused there, changed something."


def test_a_page_that_lets_the_wrong_people_in_is_found(edition: Edition, everyone: dict[str, Client]) -> None:
    address = reverse("directory", args=[edition.slug])
    with pytest.raises(AssertionError, match="may not see"):
        _try(Page("directory", {}, "organiser", {}, None), address, everyone)
    address = reverse("organiser", args=[edition.slug])
    with pytest.raises(AssertionError, match="may see"):
        _try(Page("organiser", {}, "public", {}, None), address, everyone)
