"""No operation takes the number of a row of another firm, or of another fair, from those who may call it for their own.

Each operation is tried without being named here, with what test_rights.py says of its path and body. A rival, with a
firm of its own at the same fair, names the first firm's rows beside its own identifier; those of the first fair name
rows of another one, in the path and in the body. All must be refused in a sentence, and change no row of the database.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.test import override_settings

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.leads import api as leads_room
from serai.expo.meetings.leads.models import Lead
from serai.expo.people.account.models import Role, User
from tests.expo.changes import tried
from tests.expo.site.api.test_rights import FIRM, ORGANISER, OWNER, RIGHTS, SCOPES, address, body, operations

pytestmark = pytest.mark.any_database

OF_ONE_FIRM = (FIRM, OWNER, FIRM | ORGANISER, OWNER | ORGANISER)
REFUSED = {400, 403, 404, 409, 422}
SHARED = {"express_interest_in_offer", "express_interest_in_need"}
"""What any firm of the fair may do with another's row."""


@pytest.fixture
def rival(edition: Edition, take_part: Callable[..., Participation], new_user: Callable[..., User]) -> User:
    """The owner of another exhibitor at the same fair, where nothing is between it and the first."""
    user = new_user("rival")
    Role.objects.create(user=user, firm=take_part(edition).firm, kind=Role.Kind.OWNER)
    return user


def numbered() -> Iterator[tuple[str, str, str]]:
    """The name, method and path of each operation on a row that has a number."""
    for name, (method, path, _scopes) in operations().items():
        if "{number}" in path:
            yield name, method, path


def test_a_number_of_another_firms_row_is_not_found_beside_ones_own_identifier(
    there: dict[str, Any], rival: User, organiser: User, program_of: Callable[..., Any], subtests: pytest.Subtests
) -> None:
    call, organising = program_of(rival, *SCOPES), program_of(organiser, *SCOPES)
    firm = rival.roles.get().firm
    assert firm is not None
    mixed = there | {"identifier": firm.identifier}
    tried_of = []
    for name, method, path in numbered():
        if RIGHTS[name].who not in OF_ONE_FIRM or name in SHARED or RIGHTS[name].identifier != "identifier":
            continue
        tried_of.append(name)
        with subtests.test(operation=name), override_settings(API_GENEROSITY=1000):
            refused(call, name, method, path, mixed)
            if "{identifier}" in path and RIGHTS[name].who >= ORGANISER:
                refused(organising, name, method, path, mixed)
    assert len(tried_of) > 60


def test_a_number_of_another_fair_is_not_found_in_a_path(
    there: dict[str, Any],
    there_abroad: dict[str, Any],
    owner: User,
    organiser: User,
    program_of: Callable[..., Any],
    subtests: pytest.Subtests,
) -> None:
    calls = {who: program_of(user, *SCOPES) for who, user in (("owner", owner), ("organiser", organiser))}
    mixed = there_abroad | {key: there[key] for key in ("slug", "identifier", "partner", "third")}
    for name, method, path in numbered():
        with subtests.test(operation=name), override_settings(API_GENEROSITY=1000):
            for call in calls.values():
                refused(call, name, method, path, mixed, given=there)


def test_a_number_of_another_fair_is_not_taken_in_a_body(
    there: dict[str, Any],
    there_abroad: dict[str, Any],
    owner: User,
    organiser: User,
    program_of: Callable[..., Any],
    subtests: pytest.Subtests,
) -> None:
    calls = {who: program_of(user, *SCOPES) for who, user in (("owner", owner), ("organiser", organiser))}
    numbers = {word for word, value in there.items() if isinstance(value, int)}
    found = []
    for name, (method, path, _scopes) in operations().items():
        named = set(re.findall(r'"\{([^"}]+)\}"', json.dumps(RIGHTS[name].body))) & numbers
        if not named:
            continue
        found.append(name)
        with subtests.test(operation=name), override_settings(API_GENEROSITY=1000):
            for call in calls.values():
                for word in named:
                    refused(call, name, method, path, there, given=there | {word: there_abroad[word]})
    assert found


def refused(
    call: Any, name: str, method: str, path: str, there: dict[str, Any], *, given: dict[str, Any] | None = None
) -> None:
    """The operation says no in a sentence, and changes nothing. ``given`` is what stands in its body."""
    where = address(name, path, there)
    answer, changed = tried(partial(call, where, method, body(name, given or there)))
    assert answer.status_code in REFUSED, f"{name} at {where} got {answer.status_code}: the row is another's."
    assert answer.json()["detail"].endswith("."), (name, answer.json())
    assert not changed, f"{name} at {where} changed {' and '.join(changed)}."
    if given is None or given is there:
        assert answer.status_code in {403, 404}, f"{name} at {where} got {answer.status_code}: {answer.json()}"


def test_an_operation_that_takes_any_number_is_found(
    edition: Edition,
    there: dict[str, Any],
    rival: User,
    program_of: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Leads are made to be read and removed by whoever names their number."""
    call, known = program_of(rival, *SCOPES), operations()
    for name in ("my_lead", "remove_lead"):
        refused(call, name, *known[name][:2], there)
    monkeypatch.setattr(
        leads_room, "_rows", lambda _request, of: Lead.objects.filter(edition=of).select_related("participation__firm")
    )
    for name in ("my_lead", "remove_lead"):
        with pytest.raises(AssertionError, match="the row is another's"):
            refused(call, name, *known[name][:2], there)
