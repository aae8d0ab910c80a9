"""Who takes meetings when, and what the fair brought one exhibitor."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.meetings.timetable.domain.arrangements import parts, people, set_people
from serai.expo.meetings.timetable.domain.grids import spans
from serai.expo.meetings.timetable.models import MeetingBlock, MeetingTerms
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.people.account.models import Organisation, Role, User


def test_days_are_cut_at_noon_and_at_the_sessions_of_the_organiser(edition: Edition) -> None:
    with scope(edition=edition):
        halves = parts(edition)
        MeetingBlock.objects.create(edition=edition, title={"en": "Late"}, from_time="15:00", until_time="17:00")
        cut = parts(edition)
    assert [f"{part.begins:%H:%M}-{part.ends:%H:%M}" for part in halves[:2]] == ["09:30-12:30", "12:30-17:30"]
    assert len(halves) == 6
    assert [f"{part.begins:%H:%M}" for part in cut[:4]] == ["09:30", "12:30", "15:00", "17:00"]


def test_the_timetable_knows_when_nobody_is_there_and_how_many_are(
    desk: Participation, edition: Edition, owner: User, stranger: User
) -> None:
    helper = User.objects.create_user("helper@example.org")
    Role.objects.create(user=helper, firm=desk.firm, kind=Role.Kind.SALES)
    with scope(edition=edition):
        first, second, *rest = (part.key for part in parts(edition))
        late = ["2026-11-28T09:30:00+08:00", "2026-11-28T10:00:00+08:00"]
        MeetingTerms.objects.create(edition=edition, participation=desk, away=[late])
        set_people(desk, {owner.pk: [second, *rest], helper.pk: [second, *rest], stranger.pk: [first]}, user=owner)
        terms = MeetingTerms.objects.get()
        assert terms.people == 2
        assert [f"{begins:%d %H:%M}-{ends:%H:%M}" for begins, ends in spans(terms.away)] == [
            "28 09:30-10:00",
            "28 09:30-12:30",
        ]
        assert [person.takes_meetings for person in people(desk, parts(edition))] == [True, True]
        set_people(desk, {owner.pk: [first]}, user=owner)
        terms = MeetingTerms.objects.get()
        assert (terms.people, len(terms.away)) == (1, 6)  # five halves, and the organiser's own
        set_people(desk, {}, user=owner)
        assert MeetingTerms.objects.get().away == [late]


def test_availability_is_set_on_the_page(
    desk: Participation, edition: Edition, owner: User, owner_client: Client, address: str
) -> None:
    with scope(edition=edition):
        first = parts(edition)[0].key
    sent = {"takes": [str(owner.pk), "x", "9" * 30], f"there-{owner.pk}": [first, "nonsense"]}
    assert owner_client.post(f"{address}availability/", sent).status_code == 302
    page = owner_client.get(f"{address}availability/").text
    assert page.count("checked") == 2
    with scope(edition=edition):
        assert len(MeetingTerms.objects.get().away) == 5


def test_the_return_sheet_counts_what_is_the_firms_own(
    desk: Participation, edition: Edition, owner_client: Client, address: str, take_part: Callable[..., Participation]
) -> None:
    other, third = take_part(edition), take_part(edition)
    with scope(edition=edition):
        Meeting.objects.create(edition=edition, host=desk, guest=other, state="held")
        Meeting.objects.create(edition=edition, host=third, guest=desk, state="missed")
        Meeting.objects.create(edition=edition, host=third, guest=other, state="held")
        Lead.objects.create(edition=edition, participation=desk, person="A", rating=5, next_step="Call")
        Lead.objects.create(edition=edition, participation=other, person="B", rating=5)
        for value, state, parties in (
            (100, "claimed", (desk, other)),
            (50, "claimed", (desk, third)),
            (7, "confirmed", (other, third)),
        ):
            made = Outcome.objects.create(
                edition=edition, kind="contract", state=state, value=Decimal(value), currency="USD"
            )
            for party in parties:
                OutcomeParty.objects.create(outcome=made, participation=party)
    page = owner_client.get(f"{address}results/")
    found = page.context["results"]
    assert (found.held, found.missed, found.leads, found.good_leads, found.open_steps) == (1, 1, 1, 1, 1)
    assert found.values == [("Claimed by one side", "USD", Decimal(150))]
    assert "$150" in page.text


def test_a_later_fair_is_booked_with_a_click(
    desk: Participation,
    edition: Edition,
    organisation: Organisation,
    other_organisation: Organisation,
    owner_client: Client,
    address: str,
    new_edition: Callable[..., Edition],
) -> None:
    dates = {"starts_on": date(2027, 11, 28), "ends_on": date(2027, 11, 30)}
    later = new_edition(organisation, "fair-2027", **dates)
    closed = new_edition(organisation, "fair-2028", **dates)
    new_edition(other_organisation, "elsewhere-2027", **dates)
    with scope(edition=closed):
        Phase.objects.create(edition=closed, kind="apply", closes_at=timezone.now() - timedelta(days=1))
    with scope(edition=edition):
        Participation.objects.filter(pk=desk.pk).update(area_m2=54, pavilion="KE")
    page = owner_client.get(f"{address}results/")
    assert [one.slug for one in page.context["next_editions"]] == ["fair-2027"]
    for slug in ("fair-2028", "elsewhere-2027", "nowhere"):
        told = owner_client.post(f"{address}results/", {"again": slug}, follow=True)
        assert "takes no applications of yours" in told.text
    owner_client.post(f"{address}results/", {"again": "fair-2027"})
    with scope(edition=later):
        made = Participation.objects.get()
        assert (made.state, made.area_wanted_m2, made.pavilion) == ("applied", 54, "KE")
    assert owner_client.get(f"{address}results/").context["next_editions"] == []


@pytest.mark.parametrize("sent", [{}, {"again": ""}, {"again": "fair-2026"}, {"again": "\0"}, {"again": "9" * 5_000}])
def test_a_booking_for_no_later_fair_is_refused_in_a_sentence_and_changes_nothing(
    desk: Participation, edition: Edition, owner_client: Client, address: str, sent: dict[str, str]
) -> None:
    entries = AuditEntry.objects.count()
    answer = owner_client.post(f"{address}results/", sent, follow=True)
    assert "This fair takes no applications of yours." in answer.text
    with scope(edition=edition):
        assert list(Participation.objects.all()) == [desk]
    assert AuditEntry.objects.count() == entries


def test_a_certificate_of_participation_is_looked_at_only_and_only_once_the_fair_ends(
    desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    today = timezone.now().date()
    for days, code in ((2, 404), (-1, 200)):
        Edition.objects.filter(pk=edition.pk).update(
            starts_on=today + timedelta(days - 1), ends_on=today + timedelta(days)
        )
        assert owner_client.get(f"{address}certificate.pdf").status_code == code
        assert owner_client.post(f"{address}certificate.pdf", {"name": "x"}).status_code == 405
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, 400),
        ({"note": "x" * 5_000}, 400),
        ({"note": "Done", "file": SimpleUploadedFile("form.exe", b"MZ\x90\x00")}, 400),
        ({"note": "Done", "file": SimpleUploadedFile("form.pdf", b"")}, 400),
        ({"undo": "1"}, 302),
    ],
)
def test_a_task_is_not_done_by_what_can_not_be_taken(
    desk: Participation, edition: Edition, owner_client: Client, address: str, sent: dict[str, Any], code: int
) -> None:
    with scope(edition=edition):
        DeskTask.objects.create(
            edition=edition, code="customs", title={"en": "Customs form"}, due_on=edition.starts_on, wants_file=True
        )
    answer = owner_client.post(f"{address}tasks/customs/", sent)
    assert answer.status_code == code
    with scope(edition=edition):
        assert not DeskTaskDone.objects.exists()
    assert not AuditEntry.objects.exists()
    assert owner_client.post(f"{address}tasks/nothing/", {"note": "x"}).status_code == 404
