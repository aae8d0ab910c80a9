"""The checker of `make faults` finds what was planted in played data, and nothing where all is well."""

from faults.ledger import Booking, Write, double_booked, doubled, lost, unsent


def write(kind: str, mark: str, value: str = "", *, acknowledged: bool = True) -> Write:
    return Write(kind, mark, value, acknowledged)


def test_what_was_acknowledged_and_is_not_there_is_lost() -> None:
    sent = [write("lead", "1", "1"), write("lead", "2", "2"), write("request", "1", "1")]
    assert lost(sent, {"lead": {"1": ["1"]}, "request": {"1": ["1"]}}) == ["lead 2"]
    assert lost(sent, {"lead": {"1": ["1"], "2": ["2"]}}) == ["request 1"]


def test_what_was_not_acknowledged_may_be_there_or_not() -> None:
    sent = [write("lead", "1", "1", acknowledged=False)]
    assert lost(sent, {}) == []
    assert lost(sent, {"lead": {"1": ["1"]}}) == []


def test_an_older_value_than_the_one_acknowledged_last_is_a_loss() -> None:
    sent = [write("wish", "1>2", "must"), write("wish", "1>2", "would")]
    assert lost(sent, {"wish": {"1>2": ["must"]}}) == ["wish 1>2"]
    assert lost(sent, {"wish": {"1>2": ["would"]}}) == []


def test_a_value_without_an_answer_may_stand_only_if_none_was_acknowledged_after_it() -> None:
    sent = [write("wish", "1>2", "must"), write("wish", "1>2", "would", acknowledged=False)]
    for value in ("must", "would"):
        assert lost(sent, {"wish": {"1>2": [value]}}) == []
    assert lost(sent, {"wish": {"1>2": ["no_thanks"]}}) == ["wish 1>2"]
    after = [*sent, write("wish", "1>2", "must")]
    assert lost(after, {"wish": {"1>2": ["would"]}}) == ["wish 1>2"]


def test_two_rows_of_one_write_are_a_doubling() -> None:
    assert doubled({"lead": {"1": ["1"], "2": ["2", "2"]}, "import": {"Firm": ["Firm"]}}) == ["lead 2"]


def test_two_meetings_of_one_side_or_place_at_a_time_are_a_double_booking() -> None:
    first = Booking(1, 0, 20, ["side 1", "side 2", "place A"])
    assert double_booked([first, Booking(2, 10, 30, ["side 1", "side 3"])]) == ["side 1: meetings 1 and 2"]
    assert double_booked([first, Booking(2, 0, 20, ["side 3", "side 4", "place A"])]) == ["place A: meetings 1 and 2"]
    assert double_booked([first, Booking(2, 20, 40, ["side 1", "side 2", "place A"])]) == []
    assert double_booked([first, Booking(2, 0, 20, ["side 3", "side 4", "place B"])]) == []


def test_a_letter_that_did_not_come_is_found_and_one_that_came_twice_is_not() -> None:
    letters = [("a@faults.example", "sent"), ("a@faults.example", "failed"), ("b@faults.example", "sent")]
    assert unsent(letters, {"a@faults.example": 1, "b@faults.example": 2}) == ["a@faults.example: 1 of 2"]
    assert unsent(letters, {"a@faults.example": 2, "b@faults.example": 1}) == []
