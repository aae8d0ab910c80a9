"""The commands that work on an edition: what they say, to people and to programs, and how they refuse."""

import json
import math
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.utils import translation
from django_scopes import scope

from serai.cli import main
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Wish
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Chain
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.site.demonstration.domain import edition as demonstration
from serai.expo.site.operation.domain.editions import EditionUnknownError, HostUnknownError, edition_named, open_edition
from serai.world.chains import builtin_chains

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


def test_match_explains_two_firms_with_scores_signals_and_reasons(run: Run, fair: tuple[Any, Any]) -> None:
    maker, buyer = fair
    pair = (maker.firm.identifier, buyer.firm.identifier)
    run("match")
    said = run("match", "--explain", *pair)
    assert "chain 0." in said
    assert re.search(r"meaning [01]\.\d\d, weight 5", said)
    assert f"{buyer.firm.legal_name} needs battery separator film" in said
    assert "meaning not known, weight 5" in run("match", "--explain", *pair, "--words-only")
    told = json.loads(run("match", "--explain", *pair, "--json"))
    assert [side["firm"] for side in told["sides"]] == list(pair)
    for side in told["sides"]:
        odds = told["intercept"] + sum(signal["adds"] for signal in side["signals"].values())
        assert side["score"] == pytest.approx(1 / (1 + math.exp(-odds)), abs=1e-3)
    assert (told["relation"], told["cut"], told["link"]) == ("customer", [], None)
    assert "No firm with the identifier 'nobody'" in run("match", "--explain", pair[0], "nobody", code=2)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", " offers "),
        ("zh-hans", "提供"),
        ("ar", "تعرض"),
        ("fr", " propose "),
        ("es", " ofrece "),
        ("ru", " предлагает: "),
    ],
)
def test_match_explains_two_firms_in_each_language(run: Run, fair: tuple[Any, Any], language: str, said: str) -> None:
    pair = [one.firm.identifier for one in fair]
    run("match")
    assert said in run("match", "--explain", *pair, "--language", language)
    assert "There is no language 'xx'" in run("match", "--explain", *pair, "--language", "xx", code=2)


def test_match_shows_what_each_floor_gives_and_costs(run: Run, fair: tuple[Any, Any]) -> None:
    run("match")
    assert "protected" in run("match", "--curve")
    points = json.loads(run("match", "--curve", "--most", "2", "--json"))["floors"]
    assert [point["floor"] for point in points] == [0, 2, 4, 8, 16]
    assert points[0]["gain"] == pytest.approx(1)


def test_match_by_learned_weights_says_from_how_many_answers(run: Run, fair: tuple[Any, Any]) -> None:
    assert "Weights learned from 1 wishes and refusals: chain 4." in run("match", "--learned")
    judged, learned = (json.loads(run("match", *how, "--json"))["weights"] for how in ((), ("--learned",)))
    assert (judged["answers"], learned["answers"]) == (0, 1)
    assert learned["weights"]["chain"] > judged["weights"]["chain"]


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
def test_an_edition_opened_by_name_brings_its_organisation_and_the_chains() -> None:
    edition = open_edition("new-fair", "China")
    assert edition.state == Edition.State.DRAFT
    assert edition.country == "CN"
    assert edition.organisation == Organisation.objects.get(slug="new-fair")
    assert edition.audit_entries.get().action == "edition.opened"
    assert Chain.objects.count() == len(builtin_chains())


def test_an_edition_opened_by_name_belongs_to_the_only_organisation_in_its_country(organisation: Organisation) -> None:
    edition = open_edition("new-fair")
    assert edition.organisation == organisation
    assert edition.country == organisation.country


def test_an_organisation_without_a_country_gives_none_to_an_edition(organisation: Organisation) -> None:
    Organisation.objects.update(country="")
    with pytest.raises(HostUnknownError):
        open_edition("new-fair")
    assert open_edition("new-fair", "CN").country == "CN"


@pytest.mark.django_db
@pytest.mark.parametrize("host", [None, "Atlantis"])
def test_without_a_country_no_edition_is_opened(host: str | None) -> None:
    with pytest.raises(HostUnknownError):
        open_edition("new-fair", host)
    assert not Organisation.objects.exists()


LIST = """Company,Country,Product
Alpha Cells Ltd,China,Battery cells
Beta Foils GmbH,Germany,Copper foil
,,
?,Atlantis,
"""


@pytest.fixture
def firms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of a list of two firms and a row that cannot be read."""
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))
    path = tmp_path / "firms.csv"
    path.write_text(LIST, encoding="utf-8")
    return str(path)


def test_import_accounts_for_every_row_and_changes_nothing_the_second_time(
    run: Run, edition: Edition, firms: str
) -> None:
    first = json.loads(run("import", firms, "--json"))
    assert (first["rows"], first["counts"]["new"], first["counts"]["rejected"]) == (3, 2, 1)
    assert [(report["number"], report["state"]) for report in first["reports"]] == [(5, "rejected")]
    second = json.loads(run("import", firms, "--json"))
    assert (second["counts"]["new"], second["counts"]["unchanged"], second["counts"]["rejected"]) == (0, 2, 1)
    assert "       2  unchanged" in run("import", firms)


def test_a_dry_run_changes_nothing(run: Run, edition: Edition, firms: str) -> None:
    assert "3 rows, not imported (dry run)" in run("import", firms, "--dry-run")
    assert not Firm.objects.exists()


@pytest.mark.django_db
def test_an_edition_is_opened_for_a_list_but_not_for_a_refused_or_tried_one(run: Run, firms: str) -> None:
    into = ("--edition", "new-fair", "--create", "--country", "CN")
    run("import", firms, *into, "--dry-run")
    assert "nonsense" in run("import", firms, *into, "--map", "Company=nonsense", code=1)
    assert not Edition.objects.exists()
    run("import", firms, *into)
    run("import", firms, *into)
    assert Edition.objects.get().slug == "new-fair"
    assert Firm.objects.count() == 2


def test_wrong_use_of_import_is_refused(run: Run, edition: Edition, firms: str) -> None:
    assert "form COLUMN=FIELD" in run("import", firms, "--map", "Company", code=2)
    assert "Name the edition" in run("import", firms, "--create", code=2)
    assert "does not exist" in run("import", f"{firms}.nowhere", code=2)


@pytest.mark.django_db
def test_demo_makes_the_demonstration_edition_once_and_says_how_to_sign_in(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    new_edition: Callable[..., Edition],
    organisation: Organisation,
) -> None:
    """What is in it, tests/expo/site/demonstration look at, and those in a browser at what the command itself makes."""
    made: list[tuple[int, str]] = []

    def create_demo(*, password: str, seed: int, phase: str, progress: Callable[..., None]) -> Edition:
        organiser = User.objects.create_user("organiser@demo.example", password, name="Organiser")
        Role.objects.create(user=organiser, organisation=organisation, kind=Role.Kind.OWNER)
        progress("Inventing the exhibitors", 0.5)
        made.append((seed, phase))
        return new_edition(organisation, "demo", fictional=True)

    monkeypatch.setattr(demonstration, "create_demo", create_demo)
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))
    first = json.loads(run("demo", "--if-missing", "--json"))
    assert first["made"] is True
    assert made == [(demonstration.SEED, "before")]
    assert Edition.objects.get(slug=first["edition"]).fictional
    assert authenticate(username=first["sign_in"]["email"], password=first["sign_in"]["password"]) is not None
    assert stat.S_IMODE((tmp_path / "demo-password").stat().st_mode) == 0o600
    again = json.loads(run("demo", "--if-missing", "--json"))
    assert again == first | {"made": False}
    assert "--anew" in run("demo", code=2)
