"""Each session of a day stands once in the table of rooms and times, in its column, from its beginning to its end."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from serai.expo.programme.sessions.domain.grid import days_of
from serai.expo.programme.sessions.models import Forum, Room, Session

BEIJING = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 28, 1, tzinfo=UTC)


def held(number: int, room: Room, begins: int, ends: int, kind: str = "main_forum") -> Session:
    """From one quarter of an hour to another."""
    session = Session(pk=number, forum=Forum(kind=kind), room=room)
    session.starts_at, session.ends_at = (START + timedelta(minutes=15 * at) for at in (begins, ends))
    return session


@given(st.lists(st.lists(st.integers(1, 6), max_size=8), min_size=1, max_size=5))
def test_whatever_is_held_stands_once_where_it_belongs(lengths: list[list[int]]) -> None:
    """Rooms with blocks in a row, every other of which is a session."""
    sessions = []
    for column, blocks in enumerate(lengths):
        at = 0
        for number, length in enumerate(blocks):
            if number % 2 == 0:
                sessions.append(held(len(sessions) + 1, Room(pk=column + 1, order=column), at, at + length))
            at += length
    for day in days_of(sessions, BEIJING):
        until = dict.fromkeys(range(len(day.rooms)), 0)
        found = []
        for number, row in enumerate(day.rows):
            columns = [column for column in until if until[column] <= number]
            assert len(columns) == len(row.cells)
            for column, cell in zip(columns, row.cells, strict=True):
                until[column] = number + cell.rows
                if cell.session:
                    found.append(cell.session)
                    assert cell.session.room == day.rooms[column].room
                    assert row.starts_at == cell.session.starts_at
                    assert day.rows[number + cell.rows - 1].ends_at == cell.session.ends_at
        assert sorted(each.pk for each in found) == sorted(each.pk for each in day.sessions)


def test_a_late_session_belongs_to_the_day_on_which_it_begins() -> None:
    """16:00 UTC is midnight in Beijing."""
    late = held(1, Room(pk=1), 4 * 14, 4 * 17)
    early = held(2, Room(pk=1), 4 * 24, 4 * 25)
    assert [(str(day.on), [each.pk for each in day.sessions]) for day in days_of([early, late], BEIJING)] == [
        ("2026-11-28", [1]),
        ("2026-11-29", [2]),
    ]


def test_events_at_booths_are_listed_and_make_no_columns() -> None:
    [day] = days_of([held(1, Room(pk=1), 0, 4), held(2, Room(pk=2), 1, 2, "booth_event")], BEIJING)
    assert [column.room.pk for column in day.rooms] == [1]
    assert [session.pk for session in day.sessions] == [1, 2]


def test_two_sessions_at_once_in_a_room_stand_side_by_side_and_a_later_one_below() -> None:
    room = Room(pk=1)
    [day] = days_of([held(1, room, 0, 4), held(2, room, 2, 6), held(3, room, 6, 8)], BEIJING)
    assert [(column.room.pk, column.lanes) for column in day.rooms] == [(1, 2)]
    cells = [[cell.session.pk if cell.session else None for cell in row.cells] for row in day.rows]
    assert cells == [[1, None], [2], [None], [3, None]]
