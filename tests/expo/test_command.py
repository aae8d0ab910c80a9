"""The commands that work on an edition: what they say, to people and to programs, and how they refuse."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation
from django_scopes import scope

from serai.cli import main
from serai.expo.chains.domain import load_builtin_chains
from serai.expo.editions.models import Edition, Participation
from serai.expo.editions.opening import UNKNOWN_COUNTRY, EditionUnknownError, edition_named, open_edition
from serai.expo.meetings.models import TimetableRun, Wish
from serai.expo.people.models import Organisation

type Run = Callable[..., str]


@pytest.fixture(autouse=True)
def same_language_afterwards() -> Iterator[None]:
    """A command speaks English from its start to the end of its process; the tests go on after it."""
    with translation.override(translation.get_language()):
        yield


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command and return what it said; it must have ended well, or with the exit code given."""

    def run(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == code
        said = capsys.readouterr()
        return said.err if code else said.out

    return run


@pytest.fixture
def fair(
    edition: Edition, take_part: Callable[..., Participation], offer: Callable[..., Any], need: Callable[..., Any]
) -> tuple[Participation, Participation]:
    """A maker of separators and a buyer that needs one and wishes to meet it."""
    load_builtin_chains()
    maker, buyer = take_part(edition), take_part(edition, kind="buyer")
    offer(maker, "battery separator film")
    need(buyer, "battery separator film")
    with scope(edition=edition):
        Wish.objects.create(edition=edition, wisher=buyer, wished=maker, strength=Wish.Strength.MUST)
    return maker, buyer


def test_match_names_the_partner_of_each_firm_with_the_reason(run: Run, fair: tuple[Any, Any]) -> None:
    maker, buyer = fair
    said = run("match")
    assert f"{maker.firm} could supply it" in said
    assert f"{buyer.firm} could buy from it" in said
    assert "2 placements; 2 of 2 participants have partners." in said


def test_match_of_one_firm_in_json(run: Run, fair: tuple[Any, Any]) -> None:
    maker, buyer = fair
    (of_maker,) = json.loads(run("match", maker.firm.identifier, "--json"))["firms"]
    assert of_maker["firm"] == maker.firm.identifier
    assert [partner["firm"] for partner in of_maker["partners"]] == [buyer.firm.identifier]
    assert of_maker["partners"][0]["relation"] == "customer"
    assert of_maker["partners"][0]["reasons"]


def test_match_of_a_firm_that_does_not_take_part_is_refused(run: Run, fair: tuple[Any, Any]) -> None:
    assert "No firm with the identifier 'nobody' takes part" in run("match", "nobody", code=2)


def test_timetable_keeps_a_draft_and_says_how_good_it_is(run: Run, fair: tuple[Any, Any], edition: Edition) -> None:
    said = run("timetable", "--seconds", "5")
    assert said.startswith("Placed 1 of 1 meetings")
    with scope(edition=edition):
        assert TimetableRun.objects.get().state == TimetableRun.State.DRAFT


def test_timetable_in_json_has_objective_and_bound(run: Run, fair: tuple[Any, Any], edition: Edition) -> None:
    answer = json.loads(run("timetable", "--edition", edition.slug, "--json"))
    assert (answer["wished"], answer["placed"], answer["objective"], answer["bound"]) == (1, 1, 3.0, 3.0)


def test_timetable_without_wishes_is_refused_in_a_sentence(run: Run, edition: Edition) -> None:
    assert run("timetable", code=1).strip().endswith(".")


def test_report_shows_each_figure_with_its_definition(run: Run, fair: tuple[Any, Any]) -> None:
    said = run("report")
    assert "Exhibitors: 1 firms\n    Confirmed participations" in said
    figures = {figure["code"]: figure for figure in json.loads(run("report", "--json"))["figures"]}
    assert figures["exhibitors"]["value"] == 1
    assert all(figure["definition"] and figure["version"] for figure in figures.values())


def test_the_edition_is_named_where_there_are_several(run: Run, edition: Edition, other_edition: Edition) -> None:
    said = run("report", code=2)
    assert edition.slug in said
    assert other_edition.slug in said
    assert "there are: " in run("report", "--edition", "unknown", code=2)


def test_the_only_edition_need_not_be_named(edition: Edition) -> None:
    assert edition_named(None) == edition


@pytest.mark.django_db
def test_without_an_edition_there_is_none_to_name() -> None:
    with pytest.raises(EditionUnknownError, match="no edition yet"):
        edition_named(None)


@pytest.mark.django_db
def test_an_edition_opened_by_name_brings_its_organisation() -> None:
    edition = open_edition("new-fair")
    assert edition.state == Edition.State.DRAFT
    assert edition.country == UNKNOWN_COUNTRY
    assert edition.organisation == Organisation.objects.get(slug="new-fair")
    assert edition.audit_entries.get().action == "edition.opened"


def test_an_edition_opened_by_name_belongs_to_the_only_organisation(organisation: Organisation) -> None:
    assert open_edition("new-fair", "CN").organisation == organisation
