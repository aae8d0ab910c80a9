"""The audit trail as the organiser looks at it: narrowed, with both states, of one fair only."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.audit.domain.words import Change, changes
from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.site.trail.domain import entries


@pytest.fixture
def address(edition: Edition) -> str:
    return reverse("audit-trail", args=[edition.slug])


def write(edition: Edition, action: str, user: User | None = None, at: datetime | None = None) -> AuditEntry:
    made = record(
        action, edition, before={"city": "Old", "area": 1}, after={"city": "New", "area": 1}, user=user, edition=edition
    )
    if at:
        AuditEntry.objects.filter(pk=made.pk).update(at=at)
    return made


def test_both_states_stand_side_by_side_and_what_did_not_change_is_not_shown(
    edition: Edition, organiser: User, organiser_client: Client, address: str
) -> None:
    made = write(edition, "edition.changed", organiser)
    assert changes(made.before, made.after) == [Change("city", "Old", "New")]
    text = organiser_client.get(address).text
    assert '<del dir="auto">Old</del>' in text
    assert '<ins dir="auto">New</ins>' in text
    assert "Organiser" in text


def test_what_is_written_there_is_shown_and_never_run(edition: Edition, organiser_client: Client, address: str) -> None:
    record("firm.renamed", edition, before={"name": "a"}, after={"name": "<script>alert(1)</script>"}, edition=edition)
    assert "<script>alert" not in organiser_client.get(address).text


def test_the_trail_is_narrowed_by_action_record_person_request_and_day_of_the_fairs_own_place(
    edition: Edition, organiser: User
) -> None:
    late = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # already the second of March in Shanghai
    first, second = write(edition, "a.made", organiser, late), write(edition, "b.made")
    AuditEntry.objects.filter(pk=second.pk).update(request_id="r1", object_id="77")
    day = datetime(2026, 3, 2, tzinfo=UTC).date()

    def found(**wanted: object) -> set[int]:
        return set(entries(organiser, edition, wanted).values_list("pk", flat=True))

    assert found() == {first.pk, second.pk}
    assert found(action="a.made") == found(user="organiser@") == found(until=day) == {first.pk}
    assert found(object_id="77", object_type="edition") == found(request="r1") == {second.pk}
    assert found(since=day, until=day) == {first.pk}
    assert found(since=datetime(2026, 3, 3, tzinfo=UTC).date()) == {second.pk}


def test_a_wrong_value_is_said_and_shows_no_traceback(edition: Edition, organiser_client: Client, address: str) -> None:
    write(edition, "a.made")
    answer = organiser_client.get(address, {"since": "yesterday", "action": "nothing"})
    assert answer.status_code == 400
    assert "notice-error" in answer.text


def test_the_trail_of_another_fair_is_not_shown(
    edition: Edition, other_edition: Edition, organiser_client: Client, address: str
) -> None:
    write(other_edition, "elsewhere.made")
    assert "elsewhere.made" not in organiser_client.get(address).text


def test_three_entries_take_as_many_queries_as_one(
    edition: Edition, organiser: User, organiser_client: Client, address: str
) -> None:
    seen = []
    for _number in range(3):
        write(edition, "a.made", organiser)
        with CaptureQueriesContext(connection) as queries:
            organiser_client.get(address)
        seen.append(len(queries))
    assert seen[0] == seen[2]
