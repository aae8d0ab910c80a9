"""Who only puts a known firm on a list reads of it what anyone reads; and no trail tells what a firm hides."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

import serai.expo
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.models import Audience
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.identity.domain.merges import merge
from serai.expo.firms.record.domain.profile import change, put, show_to
from serai.expo.firms.record.domain.visibility import readable, reads_as
from serai.expo.firms.record.models import Firm, Plant
from serai.expo.participants.participation.domain.applications import apply_as
from serai.expo.people.account.models import Role, User
from serai.expo.results.exports.domain.records import fields_of, value_of
from serai.expo.results.exports.hooks import firms as firms_table
from serai.expo.site.api.domain import _body
from serai.expo.site.api.pages.interface import interface

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(edition: Edition, a_firm: Callable[..., Firm], take_part: Any) -> Firm:
    """A firm of the first fair."""
    made = a_firm("Longwell", turnover="10-50", website="https://longwell.example")
    take_part(edition, made)
    show_to(made, "website", Audience.ORGANISER, user=None)
    return made


def test_an_organiser_who_only_adds_a_known_firm_reads_what_anyone_reads(
    firm: Firm, other_edition: Edition, organiser: User, other_organiser: User, take_part: Any
) -> None:
    assert reads_as(organiser, firm) == Audience.ORGANISER
    assert reads_as(other_organiser, firm) == Audience.PUBLIC
    take_part(other_edition, firm)
    assert reads_as(other_organiser, firm) == Audience.PUBLIC
    assert reads_as(organiser, firm) == Audience.ORGANISER


def test_where_the_firm_applies_itself_the_organiser_reads_as_one(
    firm: Firm, other_edition: Edition, other_organiser: User, new_user: Any, take_part: Any
) -> None:
    take_part(other_edition, firm)
    owner = new_user("owner-of-it")
    Role.objects.create(user=owner, firm=firm, kind=Role.Kind.OWNER)
    with scope(edition=other_edition):
        apply_as(other_edition, firm, "service", {"service": "law", "offers": "Advice"}, user=owner)
    assert reads_as(other_organiser, firm) == Audience.ORGANISER


def test_a_table_of_who_only_added_the_firm_leaves_out_what_is_hidden(
    firm: Firm, edition: Edition, other_edition: Edition, take_part: Any
) -> None:
    take_part(other_edition, firm)
    told = {}
    for one in (edition, other_edition):
        with scope(edition=one):
            told[one.slug] = "longwell.example" in str(list(firms_table(one, {})))
    assert told == {edition.slug: True, other_edition.slug: False}


def test_the_trail_masks_what_the_firm_keeps_for_itself(
    firm: Firm, edition: Edition, organiser_client: Client, a_firm: Callable[..., Firm], take_part: Any
) -> None:
    show_to(firm, "turnover", Audience.FIRM, user=None)
    show_to(firm, "plants", Audience.FIRM, user=None)
    change(firm, {"turnover": "50-500", "legal_form": "Joint stock company"}, user=None, edition=edition)
    put(Plant(firm=firm, country="CN", place={"en": "Secret valley"}), user=None, edition=edition)
    trail = organiser_client.get(f"/en/{edition.slug}/organiser/audit/").content.decode()
    assert "Joint stock company" in trail
    assert "50-500" not in trail
    assert "Secret valley" not in trail


def test_a_merge_tells_no_trail_what_the_merged_firm_hid(
    firm: Firm, edition: Edition, a_firm: Callable[..., Firm], take_part: Any
) -> None:
    show_to(firm, "turnover", Audience.FIRM, user=None)
    Firm.objects.filter(pk=firm.pk).update(turnover="")
    other = a_firm("Long Well", turnover="50-500")
    show_to(other, "turnover", Audience.FIRM, user=None)
    take_part(edition, other)
    merge(Firm.objects.get(pk=firm.pk), other, edition=edition)
    entries = list(AuditEntry.objects.filter(object_type="firm"))
    told = readable(entries, edition)
    assert "50-500" in str([(one.before, one.after) for one in entries])
    assert "50-500" not in str(told)


def test_the_states_of_many_entries_are_read_in_a_fixed_number_of_queries(
    firm: Firm, edition: Edition, a_firm: Callable[..., Firm], take_part: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        one = a_firm(f"Firm {number}")
        take_part(edition, one)
        change(one, {"founded": 1990 + number}, user=None, edition=edition)
    entries = list(AuditEntry.objects.filter(object_type="firm"))
    with django_assert_max_num_queries(3):
        assert len(readable(entries, edition)) == len(entries) > 2


READERS = {
    "base/audit/domain/entries.py",  # writes
    "base/audit/domain/erasure.py",  # masks for good
    "base/audit/domain/seals.py",  # reads the proofs alone
    "base/audit/domain/verification.py",  # compares entries with their proofs, shows none
    "site/operation/domain/doctor.py",  # asks whether there are entries
    "site/trail/domain.py",  # the organiser's page, which shows what `readable` gives
    "base/audit/models.py",
    "site/api/domain.py",  # tells others the names of fields, never a value
    "participants/participation/domain/decisions.py",  # of participations alone
    "results/exports/domain/records.py",  # writes what `readable` gives
    "firms/record/domain/visibility.py",  # `readable` itself, and whether a firm has applied
    "venue/booths/domain/allocation.py",  # writes
    "site/imports/domain/reversal.py",  # writes
    "site/imports/domain/storage.py",  # writes
    "meetings/timetable/domain/arrangements.py",  # of meetings alone
    "meetings/timetable/domain/publication.py",  # writes
    "results/exports/domain/record_tables.py",
}
"""Every module that knows the trail, with what it does there: a new one is to be thought of before it is added."""


def test_nobody_reads_the_trail_but_those_who_were_thought_of() -> None:
    root = Path(serai.expo.__file__).parent
    known = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "migrations" not in path.parts and "AuditEntry" in path.read_text(encoding="utf-8")
    }
    assert known == READERS


def test_no_export_and_no_event_tells_what_a_firm_hides_and_no_operation_reads_the_trail(
    firm: Firm, edition: Edition
) -> None:
    show_to(firm, "turnover", Audience.FIRM, user=None)
    change(firm, {"turnover": "50-500"}, user=None, edition=edition)
    entry = AuditEntry.objects.get(object_type="firm", after__turnover="50-500")
    with scope(edition=edition):
        told = [value_of(entry, field) for field in fields_of(AuditEntry)]
    assert "50-500" not in str(told)
    assert "turnover" in str(told)
    assert "50-500" not in str(_body(entry))
    assert not [
        path
        for path in interface.get_openapi_schema(path_prefix="/api/v1")["paths"]
        if "audit" in path or "trail" in path
    ]


def test_what_a_firm_opens_later_is_read_in_the_trail_of_before(firm: Firm, edition: Edition) -> None:
    """Why values are masked when they are read and not when they are written: who may read changes."""
    show_to(firm, "turnover", Audience.FIRM, user=None)
    change(firm, {"turnover": "50-500"}, user=None, edition=edition)
    entries = list(AuditEntry.objects.filter(object_type="firm"))
    assert "50-500" not in str(readable(entries, edition))
    show_to(firm, "turnover", Audience.ORGANISER, user=None)
    assert "50-500" in str(readable(entries, edition))
