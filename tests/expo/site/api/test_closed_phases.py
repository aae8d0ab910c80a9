"""Each operation of the interface that belongs to a phase is refused in the phase's words while that is closed.

All are tried with the bodies of ``RIGHTS`` (test_rights.py), which says that they are taken while nothing is closed.
"""

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import closed_sentence, set_phases
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.people.account.models import User
from tests.expo.changes import tried
from tests.expo.site.api.test_rights import RIGHTS, address, body, operations

pytestmark = pytest.mark.any_database

APPLY, PROFILE, NEEDS = Phase.Kind.APPLY, Phase.Kind.PROFILE, Phase.Kind.NEEDS
ROWS_OF_THE_RECORD = ("identifier", "name", "plant", "flow", "certificate")
ACTS = ("enter", "change", "remove", "submit", "renew", "withdraw")

KEPT_BY: dict[str, str] = {
    **dict.fromkeys(("apply", "register_buyer", "answer_invitation"), APPLY),
    **dict.fromkeys(("change_firm", "change_record"), PROFILE),
    **{f"{act}_{row}": PROFILE for act in ("add", "change", "remove") for row in ROWS_OF_THE_RECORD},
    **{f"{act}_offer": PROFILE for act in ACTS},
    **{f"{act}_need": NEEDS for act in ACTS},
    "wish": Phase.Kind.WISHES,
    **dict.fromkeys(("ask", "ask_exchange"), Phase.Kind.REQUESTS),
    **dict.fromkeys(("scan_meeting", "confirm_meeting", "miss_meeting", "keep_contact"), Phase.Kind.FAIR),
    **dict.fromkeys(("claim_outcome", "amend_outcome", "add_party"), Phase.Kind.OUTCOMES),
    "answer_follow_up": Phase.Kind.FOLLOW_UP,
}
"""The phase of each operation that has one. That of the timetable keeps nothing from being done: it hides times."""


def test_an_operation_is_refused_in_the_words_of_its_phase_and_no_other_one_is(
    edition: Edition, owner: User, organiser: User, there: dict[str, Any], program_of: Any, subtests: pytest.Subtests
) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    # While times are hidden, nothing is found of which they could be exchanged.
    set_phases(edition, dict.fromkeys({*Phase.Kind.values} - {Phase.Kind.TIMETABLE}, (None, yesterday)))
    said = {kind: closed_sentence(edition, kind) for kind in KEPT_BY.values()}
    scopes = ("read", "write", "organise")
    callers = {"owner": program_of(owner, *scopes), "organiser": program_of(organiser, *scopes)}
    for name, (method, path, _scopes) in operations().items():
        who = next((one for one in callers if one in RIGHTS[name].who), None)
        if method == "get" or who is None:
            continue
        with subtests.test(operation=name), override_settings(API_GENEROSITY=1000), scope(edition=edition):
            call = partial(callers[who], address(name, path, there), method, body(name, there))
            answer, changed = tried(call)
            told = json.loads(answer.content or "{}") if not answer.streaming else {}
            why = told.get("detail") if isinstance(told, dict) else None
            if name in KEPT_BY:
                assert (answer.status_code, why) == (409, said[KEPT_BY[name]])
                assert changed == {}
            else:
                assert why not in said.values(), "Say in KEPT_BY of this file which phase this operation belongs to."


def test_every_phase_that_keeps_something_from_being_done_is_asked() -> None:
    assert set(KEPT_BY) <= set(RIGHTS)
    on_pages_alone = {Phase.Kind.TIMETABLE, Phase.Kind.PROPOSALS}
    assert set(Phase.Kind.values) - set(KEPT_BY.values()) == on_pages_alone
