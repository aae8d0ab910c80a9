"""What programs read and change of the organiser's own fields."""

from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.people.account.models import User


@pytest.fixture
def field(edition: Edition) -> OwnField:
    with scope(edition=edition):
        return OwnField.objects.create(edition=edition, key="f1", column="crew", title={"en": "Crew"}, kind="number")


def test_a_program_of_the_organiser_reads_and_changes_them(
    edition: Edition,
    organiser: User,
    field: OwnField,
    take_part: Callable[..., Participation],
    program_of: Callable[..., Any],
) -> None:
    one = take_part(edition)
    directs, root = program_of(organiser, "read", "write", "organise"), f"/editions/{edition.slug}"
    listed = directs(f"{root}/own-fields").json()["items"]
    assert listed == [
        {"number": field.pk, "key": "f1", "title": {"en": "Crew"}, "kind": "number", "audience": "organiser",
         "listed": False}
    ]  # fmt: skip
    values = f"{root}/participations/{one.pk}/own-fields"
    assert directs(values, "patch", {"values": {"f1": "4"}}).json() == {"values": {"f1": 4}}
    assert directs(values, "patch", {"values": {"f1": "many"}}).status_code == 409
    assert directs(values, "patch", {"values": {"f9": "4"}}).status_code == 409
    assert directs(values).json() == {"values": {"f1": 4}}
    found = directs(f"{root}/participations?own=f1&holds=%3E+3").json()["items"]
    assert [row["number"] for row in found] == [one.pk]
    changed = directs(f"{root}/own-fields/{field.pk}", "patch", {"kind": "text", "audience": "public"})
    assert (changed.json()["kind"], changed.json()["audience"]) == ("text", "public")
    with scope(edition=edition):
        assert OwnRecord.objects.get().values == {"f1": "4"}


def test_nobody_else_reads_or_changes_them(
    edition: Edition,
    field: OwnField,
    member: User,
    stranger: User,
    other_organiser: User,
    take_part: Callable[..., Participation],
    program_of: Callable[..., Any],
) -> None:
    one, root = take_part(edition), f"/editions/{edition.slug}"
    for user in (member, stranger, other_organiser, None):
        program = program_of(user, "read", "write", "organise") if user else program_of()
        refused = {401} if user is None else {403, 404}
        assert program(f"{root}/own-fields").status_code in refused
        assert program(f"{root}/own-fields/{field.pk}", "patch", {"kind": "text"}).status_code in refused
        for method, body in (("get", None), ("patch", {"values": {"f1": "4"}})):
            assert program(f"{root}/participations/{one.pk}/own-fields", method, body).status_code in refused
