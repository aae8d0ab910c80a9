"""No address takes the number of a row of another firm, or of another fair, from those who may use it for their own.

Each address of the ``rights.toml`` of each room is tried without being named here. A firm's pages are tried by a rival
at the same fair, once as they stand and once under the rival's own firm with the number of the first firm's row; those
of every level by those of the first fair with the number of a row of another fair. All must be refused, looked at and
written to, and change no row of the database. Where a row is not one firm's the declaration says so: ``shared = "why"``
(any firm of the fair may name it) or ``everywhere = "why"`` (those of any fair may).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.market.pages import views as market_views
from tests.expo.changes import tried
from tests.expo.site.web.declared import DECLARED, SHUT, Page, pages_of

pytestmark = [pytest.mark.any_database, pytest.mark.slow, pytest.mark.usefixtures("plain_refusals")]

OF_ALL = {"public", "signed in", "secret", "organiser"}
"""Pages on which a firm's row is anyone's at the same fair, or the organiser's."""
OF_NOBODY = {"nobody", "staff"}


@dataclass(frozen=True)
class Case:
    """An address that names a row of another, and who tries it."""

    page: Page
    address: str
    who: str
    client: Client

    def __str__(self) -> str:
        return f"{self.who} at {self.address} ({self.page.name})"


def test_a_row_of_another_firm_of_the_fair_is_not_found(
    edition: Edition,
    organiser_client: Client,
    things: Mapping[str, Any],
    things_of_a_rival: Mapping[str, Any],
    subtests: pytest.Subtests,
) -> None:
    for page in _pages(things):
        if page.who in OF_ALL | OF_NOBODY or page.nothing or page.shared:
            continue
        with subtests.test(page=page.name), scope(edition=edition):
            _refused(_of_rivals(page, edition, things, things_of_a_rival, organiser_client))


def _pages(things: Mapping[str, Any]) -> list[Page]:
    return [page for room in sorted(DECLARED) for page in pages_of(room, things)]


def _of_rivals(
    page: Page, edition: Edition, theirs: Mapping[str, Any], own: Mapping[str, Any], organiser: Client
) -> Iterator[Case]:
    who = "buyer" if page.who == "buyer" else "owner"
    named, mine = page.values(edition, theirs), page.values(edition, own)
    rows = set(named) - {"edition"}
    if not rows:
        return
    if page.given.get("identifier") != "$firm":
        yield Case(page, reverse(page.name, kwargs=named), f"rival {who}", own[f"client of {who}"])
        return
    yield Case(page, reverse(page.name, kwargs=named), "rival owner", own["client of owner"])
    for parameter in sorted(rows - {"identifier"}):
        if named[parameter] == mine[parameter]:
            assert page.converters[parameter] != "int", (
                f"{page.name} has one {parameter} for two firms: say in scripts/addresses.py how it is found for each."
            )
            continue
        address = reverse(page.name, kwargs=mine | {parameter: named[parameter]})
        yield Case(page, address, "rival owner", own["client of owner"])
        if page.who.endswith("or organiser"):
            yield Case(page, address, "organiser", organiser)


def test_a_row_of_another_fair_is_not_found(
    edition: Edition,
    other_edition: Edition,
    organiser_client: Client,
    things: Mapping[str, Any],
    things_abroad: Mapping[str, Any],
    subtests: pytest.Subtests,
) -> None:
    clients = {
        "organiser": organiser_client,
        "owner": things["client of owner"],
        "buyer": things["client of buyer"],
        "anonymous": Client(),
    }
    for page in _pages(things):
        if page.who in OF_NOBODY or page.nothing or page.everywhere or "edition" not in page.converters:
            continue
        with subtests.test(page=page.name):
            addresses = list(_with_rows_of_abroad(page, edition, things, other_edition, things_abroad))
            with scope(edition=edition):
                _refused(Case(page, address, who, client) for address in addresses for who, client in clients.items())


def _with_rows_of_abroad(
    page: Page, edition: Edition, things: Mapping[str, Any], abroad: Edition, things_abroad: Mapping[str, Any]
) -> Iterator[str]:
    """The address with the value of one parameter at a time from another fair."""
    with scope(edition=edition):
        here = page.values(edition, things)
    with scope(edition=abroad):
        there = page.values(abroad, things_abroad)
    rows = {parameter for parameter in here if parameter != "edition" and here[parameter] != there[parameter]}
    numbers = {parameter for parameter, kind in page.converters.items() if kind == "int"}
    assert rows or not numbers, f"{page.name} has the same numbers at two fairs: mark them in conftest.py."
    for parameter in sorted(rows):
        yield reverse(page.name, kwargs=here | {parameter: there[parameter]})


def _refused(cases: Iterable[Case]) -> None:
    """Looked at and written to, each address gives nothing and changes nothing."""
    for case in cases:
        for method, closed in (("get", case.page.post), ("post", not case.page.post)):
            sent = case.page.sent if method == "post" else {}
            answer, changed = tried(partial(getattr(case.client, method), case.address, sent))
            away = case.who == "anonymous" and answer.status_code == 302 and "/sign-in/" in answer["Location"]
            assert away or answer.status_code in SHUT | ({405} if closed else set()), (
                f"{case} got {answer.status_code} by {method}: the row is another's. If it is not, say why in "
                "rights.toml: shared = '...' or everywhere = '...'."
            )
            assert not changed, f"{case} changed {' and '.join(changed)}."


def test_an_address_that_takes_any_number_is_found(
    edition: Edition,
    organiser_client: Client,
    things: Mapping[str, Any],
    things_of_a_rival: Mapping[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The pages of offers and needs are made to take every number of the fair."""
    pages = {page.name: page for page in pages_of("offers/market", things)}

    def any_item(_request: Any, kind: str, number: int) -> Offer | Need:
        return (Offer if kind == "offer" else Need).objects.get(pk=number)

    def cases(name: str) -> Iterator[Case]:
        return _of_rivals(pages[name], edition, things, things_of_a_rival, organiser_client)

    with scope(edition=edition):
        _refused([*cases("desk-offer-edit"), *cases("desk-need-remove")])
        monkeypatch.setattr(market_views, "_item", any_item)
        for name, method in (("desk-offer-edit", "get"), ("desk-need-remove", "post")):
            with pytest.raises(AssertionError, match=f"by {method}: the row is another's"):
                _refused(cases(name))


def test_an_address_that_is_refused_and_changes_a_row_is_found(
    edition: Edition, things: Mapping[str, Any], things_of_a_rival: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = next(page for page in pages_of("offers/market", things) if page.name == "desk-offer-edit")
    kept: Callable[..., Any] = market_views._item

    def changing(request: Any, kind: str, number: int) -> Any:
        Offer.objects.filter(pk=number).update(title={"en": "Mine"})
        return kept(request, kind, number)

    monkeypatch.setattr(market_views, "_item", changing)
    with scope(edition=edition), pytest.raises(AssertionError, match=r"changed .*expo.Offer"):
        _refused(_of_rivals(page, edition, things, things_of_a_rival, Client()))
