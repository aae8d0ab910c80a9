"""Every page of the site is declared with who may see it, and is tried by each kind of visitor.

The declarations are in the ``rights.toml`` of each room, one line a page: the name of its address, and who may see it.

    import-list = "organiser"
    firm = { who = "public", identifier = "$firm" }

``who`` is one of LEVELS. What follows it are the values of the address's parameters, ``$name`` a thing of the fixture
``things`` (conftest.py beside this file); a parameter that is not named gets the value that scripts/addresses.py finds
in the database, for the owner of the firm (the buyer, on a page for buyers alone). One that neither has a value for
fails, unless the row says why in ``nothing = "..."``; who may see the page is then told that there is nothing.
``post = true`` is an address that takes what is sent only: who may use it is tried with an empty form, or with what
``sent`` says, undone again. ``answers`` is the code that who may see it gets, where it is not one of OPEN.
A page that is ``secret`` is tried twice: with its key everyone sees it, with what is no key nobody.
``shared`` and ``everywhere`` say why a row of another firm, or of another fair, may be named in the address
(test_rows_of_others.py).
SERAI_ROOMS="venue/halls venue/floor" tries the pages of these rooms alone.
"""

import os
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from scripts.addresses import named_addresses
from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from tests.expo.changes import undrawn
from tests.expo.site.web.declared import DECLARED, LEVELS, OPEN, SHUT, Page, pages_of

pytestmark = [
    pytest.mark.any_database,
    pytest.mark.slow,
    pytest.mark.usefixtures("plain_refusals", "kept_as_on_a_site"),
]

ROOMS = os.environ.get("SERAI_ROOMS", "").split() or sorted(DECLARED)
HOW_TO_DECLARE = (
    "Declare who may see it: a line in tests/expo/<wing>/<room>/rights.toml, the name of its address = one of "
    f"{', '.join(LEVELS)} (see the docstring of {Path(__file__).name})."
)
FEWEST_RIGHTS_FIRST = ("anonymous", "stranger", "member", "buyer", "owner", "organiser")
"""For the first of them who may see a page it is drawn. Drawing it for the others would not tell whether they may;
for an owner, a buyer and the organiser test_choices_of_others.py does."""


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
    """The visitors, with an owner of the member's firm and a buyer."""
    return visitors | {who: things[f"client of {who}"] for who in ("owner", "buyer")}


def test_a_page_is_shown_to_those_it_is_declared_for_and_to_nobody_else(
    edition: Edition, everyone: dict[str, Client], things: Mapping[str, Any], subtests: pytest.Subtests
) -> None:
    """One test, as making the things for each room would take longer than looking at its pages."""
    for page in (page for room in ROOMS for page in pages_of(room, things)):
        with subtests.test(page=page.name, who=page.who), scope(edition=edition):
            _try(page, page.address(edition, things), everyone)
            if page.who == "secret":
                no_key = replace(page, who="nobody", given={}, nothing="it is no key")
                _try(no_key, no_key.address(edition, things), everyone)


def _try(page: Page, address: str, everyone: Mapping[str, Client]) -> None:
    entries = AuditEntry.objects.count()
    drawn_for = next((who for who in FEWEST_RIGHTS_FIRST if who in LEVELS[page.who]), None)
    for who, client in everyone.items():
        with nullcontext() if who == drawn_for else undrawn():
            (_try_welcome if who in LEVELS[page.who] else _try_unwelcome)(page, address, who, client)
    assert AuditEntry.objects.count() == entries, f"Looking at {address}, or being refused there, changed something."


def _try_welcome(page: Page, address: str, who: str, client: Client) -> None:
    shown = {page.answers} if page.answers else OPEN | ({404} if page.nothing else set())
    if page.post:
        looked = _read(client.get(address))
        assert looked.status_code == 405, f"{address} is declared as one that takes what is sent only."
        with transaction.atomic():
            cookies = client.cookies.copy()
            answer = _read(client.post(address, page.sent))
            client.cookies = cookies
            transaction.set_rollback(True)
        shown |= {400, 422}  # the form was empty
    else:
        answer = _read(client.get(address))
    assert answer.status_code in shown, f"{who} may see {address} and got {answer.status_code}."
    assert not _to_sign_in(answer) or page.answers == 302, f"{who} may see {address} and was sent to sign in."


def _try_unwelcome(page: Page, address: str, who: str, client: Client) -> None:
    answer = _read(client.get(address))
    shut = SHUT | ({405} if page.post else set())
    sent_away = who == "anonymous" and page.who != "nobody" and _to_sign_in(answer)
    assert sent_away or answer.status_code in shut, f"{who} may not see {address} and got {answer.status_code}."
    answer = _read(client.post(address, page.sent))
    shut = SHUT | (set() if page.post else {405})
    refused = answer.status_code in shut or (who == "anonymous" and _to_sign_in(answer))
    assert refused, f"{who} may not change anything at {address} and got {answer.status_code}."


def _read(answer: Any) -> Any:
    """An answer read to its end: that closes the file which it gives, and leaves the database's connection alone."""
    if answer.streaming:
        answer.getvalue()
    return answer


def _to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and "/sign-in/" in answer["Location"]


def test_a_page_that_lets_the_wrong_people_in_is_found(edition: Edition, everyone: dict[str, Client]) -> None:
    address = reverse("directory", args=[edition.slug])
    with pytest.raises(AssertionError, match="may not see"):
        _try(Page("directory", {}, "organiser", {}), address, everyone)
    with pytest.raises(AssertionError, match="takes what is sent only"):
        _try(Page("directory", {}, "public", {}, post=True), address, everyone)
    address = reverse("organiser", args=[edition.slug])
    with pytest.raises(AssertionError, match="may see"):
        _try(Page("organiser", {}, "public", {}), address, everyone)


def test_a_page_that_takes_what_is_sent_only_is_not_open_to_who_looks(
    edition: Edition, everyone: dict[str, Client]
) -> None:
    with pytest.raises(AssertionError, match="got 405"):
        _try(Page("sign-out", {}, "public", {}), reverse("sign-out"), everyone)


def test_a_parameter_that_nothing_has_a_value_for_is_found(edition: Edition, things: Mapping[str, Any]) -> None:
    with scope(edition=edition):
        with pytest.raises(AssertionError, match="secret of unsubscribe"):
            Page("unsubscribe", {"secret": "string"}, "public", {"secret": None}).address(
                edition, things | {"owner": None}
            )
        with pytest.raises(AssertionError, match="take its 'nothing' away"):
            Page("firm", {}, "public", {}, nothing="no reason").address(edition, things)
