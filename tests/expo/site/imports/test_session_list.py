"""A list of sessions as an organiser writes it becomes a programme with rooms, forums and speakers."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.releases import release_programme
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.reversal import UndoRefusedError
from serai.expo.site.imports.domain.session_columns import people
from serai.expo.site.imports.domain.sheet import read
from serai.expo.site.imports.domain.subjects import SUBJECTS
from serai.expo.site.imports.domain.template import template
from serai.expo.site.imports.models import Import

type Make = Callable[..., Import]

GERMAN = (
    ("Programm der Messe 2026",),
    ("Datum", "Beginn", "Ende", "Saal", "Titel", "Reihe", "Sprache", "Referenten", "Firma", "Kurzbiografie",
     "Catering"),
    ("28.11.2026", time(10), time(10, 45), "Saal 1", "Was Käufer von Zellen erwarten", "Batterien", "Deutsch",
     "Dr. Anna Muster; Prof. Li Wei", "Zellwerk GmbH; Institut für Energie", "Anna baut Zellen.\n\nLi forscht.", "ja"),
    ("", 0.4583333333, "11:45 Uhr", "Saal 1", "Recycling", "Batterien", "en", "Anna Muster (CTO, Zellwerk GmbH)"),
    ("Sonntag, 29. November",),
    ("", "14.00-15.30 Uhr", "", "Saal 2", "Rundgang", "", "", "", "", "", ""),
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


def states(made: Import) -> list[str]:
    return list(made.rows.order_by("number").values_list("state", flat=True))


def notes(made: Import, number: int) -> list[str]:
    return [note["reason"] for note in made.rows.get(number=number).reason_details.get("notes", ())]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("cell", "persons"),
    [
        ("Anna Muster", [("Anna Muster", "", "")]),
        ("Anna Muster, Zellwerk GmbH", [("Anna Muster", "", "Zellwerk GmbH")]),
        ("Dr. Anna Muster (CTO, Zellwerk GmbH)\nLi Wei", [
            ("Dr. Anna Muster", "CTO", "Zellwerk GmbH"), ("Li Wei", "", ""),
        ]),
        ("Anna Muster und Li Wei", [("Anna Muster", "", ""), ("Li Wei", "", "")]),
        ("Muster, Anna; Wei, Li", [("Anna Muster", "", ""), ("Li Wei", "", "")]),
        ("张伟、李娜", [("张伟", "", ""), ("李娜", "", "")]),
        ("Anna Muster – Zellwerk GmbH", [("Anna Muster", "", "Zellwerk GmbH")]),
        ("Anna Muster, Leiterin Einkauf, Zellwerk GmbH", [("Anna Muster", "Leiterin Einkauf", "Zellwerk GmbH")]),
    ],
)  # fmt: skip
def test_persons_of_a_cell_come_apart(cell: str, persons: list[tuple[str, str, str]]) -> None:
    assert [(one.name, one.position, one.affiliation) for one in people(cell)] == persons


def test_a_german_programme_is_read_whole(
    imported: Make, edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]
) -> None:
    exhibitor = take_part(edition, a_firm("Zellwerk GmbH", country="DE"))
    made = imported(GERMAN)
    assert made.subject == "sessions"
    assert states(made) == ["new", "new", "unchanged", "new"]
    first, second, third = Session.objects.order_by("starts_at")
    assert (first.title, first.starts_at, first.ends_at) == (
        {"de": "Was Käufer von Zellen erwarten"}, at(28, 10), at(28, 10, 45),
    )  # fmt: skip
    assert (second.starts_at, second.ends_at) == (at(28, 11), at(28, 11, 45))
    assert (third.starts_at, third.ends_at) == (at(29, 14), at(29, 15, 30))
    assert [(room.title, room.sessions.count()) for room in Room.objects.all()] == [
        ({"de": "Saal 1"}, 2), ({"en": "Saal 2"}, 1),
    ]  # fmt: skip
    assert [(forum.slug, forum.sessions.count()) for forum in Forum.objects.all()] == [
        ("batterien", 2),
        ("programme", 1),
    ]
    anna, li = Speaker.objects.order_by("pk")
    assert (anna.affiliation, anna.participation, anna.biography) == (
        {"de": "Zellwerk GmbH", "en": "Zellwerk GmbH"}, exhibitor, {"de": "Anna baut Zellen."},
    )  # fmt: skip
    assert (li.name, li.affiliation) == ({"de": "Prof. Li Wei"}, {"de": "Institut für Energie"})
    assert list(Appearance.objects.values_list("session", "speaker", "order")) == [
        (first.pk, anna.pk, 0), (second.pk, anna.pk, 0), (first.pk, li.pk, 1),
    ]  # fmt: skip


def test_the_same_programme_again_changes_nothing_and_undone_all_is_as_before(imported: Make) -> None:
    made = imported(GERMAN)
    before = [list(model.objects.order_by("pk").values()) for model in (Forum, Room, Speaker, Session, Appearance)]
    again = imported(GERMAN)
    assert set(states(again)) == {"unchanged"}
    after = [list(model.objects.order_by("pk").values()) for model in (Forum, Room, Speaker, Session, Appearance)]
    assert after == before
    domain.undo(made)
    assert not any(model.objects.exists() for model in (Forum, Room, Speaker, Session, Appearance))


def test_a_session_that_moves_is_the_same_session(imported: Make) -> None:
    header = ("Title", "Date", "Begins", "Ends", "Room", "Speaker")
    imported([header, ("Recycling", "2026-11-28", "10:00", "11:00", "Room 1", "Ada Quill")])
    made = imported([header, ("Recycling", "2026-11-29", "12:00", "12:30", "Room 2", "Bo Chen")])
    assert states(made) == ["matched"]
    session = Session.objects.get()
    assert (session.starts_at, session.room.title["en"] if session.room else "") == (at(29, 12), "Room 2")
    domain.undo(made)
    session.refresh_from_db()
    assert (session.starts_at, Room.objects.count(), Speaker.objects.count()) == (at(28, 10), 1, 1)


def test_a_session_stays_in_its_room_beside_a_room_of_the_same_name(imported: Make, edition: Edition) -> None:
    header = ("Title", "Date", "Begins", "Ends", "Room")
    imported([header, ("Recycling", "2026-11-28", "10:00", "11:00", "Room 1")])
    Room.objects.create(edition=edition, title={"en": "Room 1"}, order=2)
    made = imported([header, ("Recycling", "2026-11-29", "12:00", "13:00", "")])
    assert states(made) == ["matched"]
    session = Session.objects.get()
    assert (session.room_id, session.starts_at) == (Room.objects.earliest("pk").pk, at(29, 12))
    assert [*made.rows.get().undo[0]["before"]] == ["ends_at", "starts_at"]


def test_a_row_for_each_speaker_is_one_session(imported: Make) -> None:
    header = ("Session title", "Day", "Time", "Speaker", "Company", "Speaker 2")
    rows = [
        header,
        ("Recycling", "28 Nov", "10:00-11:00", "Ada Quill", "Quill Ltd", "Cem Ak"),
        ("Recycling", "28 Nov", "10:00-11:00", "Bo Chen", "Chen Ltd", ""),
    ]
    made = imported(rows)
    assert states(made) == ["new", "matched"]
    assert [one.speaker.name["en"] for one in Session.objects.get().appearances.all()] == [
        "Ada Quill", "Cem Ak", "Bo Chen",
    ]  # fmt: skip
    assert states(imported(rows)) == ["unchanged", "unchanged"]


def test_what_can_not_be_read_is_told_with_its_row(previewed: Make) -> None:
    header = ("Title", "Date", "Begins", "Ends", "Room")
    made = previewed([
        header,
        ("A", "2026-11-28", "ten", "11:00", ""),
        ("B", "soon", "10:00", "11:00", ""),
        ("C", "2026-11-28", "10:00", "", ""),
        ("D", "2026-11-28", "10:00", "9:00", ""),
        ("", "2026-11-28", "10:00", "11:00", ""),
        ("F", "2026-11-28", "", "11:00", ""),
    ])  # fmt: skip
    assert states(made) == ["rejected"] * 6
    assert [notes(made, number) for number in (2, 3)] == [["not_a_time"], ["not_a_day"]]
    reasons = list(made.rows.order_by("number").values_list("reason", flat=True))
    assert reasons[2:] == ["no_end", "ends_before_it_begins", "no_title", "no_time"]


def test_conflicts_are_told_before_anything_is_written(previewed: Make) -> None:
    header = ("Title", "Date", "Begins", "Ends", "Room", "Speaker")
    made = previewed([
        header,
        ("A", "2026-11-28", "10:00", "11:00", "Room 1", "Ada Quill"),
        ("B", "2026-11-28", "10:30", "11:30", "Room 1", "Bo Chen"),
        ("C", "2026-12-24", "10:30", "11:30", "Room 2", "Ada Quill"),
    ])  # fmt: skip
    sentences = [note["sentence"] for row in made.rows.order_by("number") for note in row.reason_details["notes"]]
    assert "Room 1 holds “A” and “B” at the same time." in sentences
    assert "“C” is not on a day of the fair." in sentences
    assert not Session.objects.exists()


def test_a_session_that_was_released_is_not_taken_back(imported: Make, edition: Edition, organiser: User) -> None:
    made = imported([("Title", "Date", "Begins", "Ends"), ("A", "2026-11-28", "10:00", "11:00")])
    release_programme(edition, note={}, by=organiser)
    with pytest.raises(UndoRefusedError, match="is in release 1"):
        domain.undo(made)


def test_the_template_of_each_kind_of_list_is_known_by_its_own_titles(edition: Edition, tmp_path: Any) -> None:
    for key, subject in SUBJECTS.items():
        for language in ("en", "zh-hans", "ar"):
            path = tmp_path / f"{key}-{language}.xlsx"
            path.write_bytes(template(subject, language))
            assert read(path, path.name).subject is subject, (key, language)
            made = domain.preview(edition, path, path.name)
            assert [row.reason for row in made.rows.all()] == ["example"], (key, language)
