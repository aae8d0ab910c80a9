"""An import is written in parts, and yet it is done whole or not at all, whatever ends it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import Model
from django.test import Client
from django_scopes import scope

from serai.expo.base import rows
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm, FirmIdentifier
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.market.models import Need, Offer
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain import storage
from serai.expo.site.imports.domain.custody import ImportStateError, _alone, held, is_interrupted
from serai.expo.site.imports.models import Import, ImportRow
from serai.expo.venue.halls.models import Booth, Hall, Stand

type Make = Callable[..., Import]

MODELS: tuple[type[Model], ...] = (Firm, Participation, Hall, Booth, Stand, Offer, Need)
HEADER = ("Name", "Country", "Hall", "Booth", "Offers", "Main exhibitor", "Website")
LIST = [
    HEADER,
    ("Tea Ltd", "Kenya", "E1", "A1", "Black tea", "Coffee SA", ""),
    ("Known Ltd", "Kenya", "E1", "A2", "Green tea", "", "known.example"),
    ("Coffee SA", "France", "E2", "A1", "Coffee; Roasters", "", ""),
    ("Cocoa GmbH", "Germany", "E2", "A2", "Cocoa", "", ""),
]


class PowerCut(BaseException):
    """The process ends here."""


@pytest.fixture(autouse=True)
def in_scope(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Parts of two rows, in the scope of the fair."""
    for name in ("FEWEST", "FIRST", "MOST"):
        monkeypatch.setattr(rows, name, 2)
    with scope(edition=edition):
        yield


@pytest.fixture
def known(a_firm: Callable[..., Firm]) -> Firm:
    return a_firm("Known Ltd", "KE", name={"en": "Known Ltd"})


def everything() -> dict[str, list[Any]]:
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in MODELS}


def ends_at(monkeypatch: pytest.MonkeyPatch, part: int, ending: BaseException) -> None:
    """Let the writing of an import end at a part."""
    calls = 0
    lasting = storage.AuditEntry.objects.bulk_create

    def bulk_create(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == part:
            raise ending
        return lasting(*given, **named)

    monkeypatch.setattr(storage.AuditEntry.objects, "bulk_create", bulk_create)


@pytest.mark.parametrize("part", [1, 3, 7, 10])
def test_what_fails_leaves_nothing(previewed: Make, known: Firm, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    before = everything()
    made = previewed(LIST)
    with monkeypatch.context() as patched:
        ends_at(patched, part, OSError("The disk is full."))
        with pytest.raises(OSError, match="disk is full"):
            domain.apply(made)
    assert everything() == before
    made.refresh_from_db()
    assert made.state == "previewed"
    domain.apply(made)
    assert Participation.objects.get(firm__legal_name="Tea Ltd").lead == Participation.objects.get(
        firm__legal_name="Coffee SA"
    )


@pytest.fixture
def interrupted(previewed: Make, known: Firm, monkeypatch: pytest.MonkeyPatch) -> Import:
    """An import whose process was killed when a part was written."""
    made = previewed(LIST)
    with monkeypatch.context() as patched:
        ends_at(patched, 8, PowerCut())
        patched.setattr(domain, "_give_up", lambda *_given: None)
        with pytest.raises(PowerCut):
            domain.apply(made)
    made.refresh_from_db()
    assert made.state == "applying"
    assert is_interrupted(made)
    assert Participation.objects.exists()
    return made


def test_an_interrupted_import_is_applied_anew_as_if_it_had_not_been(interrupted: Import) -> None:
    domain.apply(interrupted)
    assert interrupted.state == "applied"
    assert (Firm.objects.count(), Participation.objects.count(), Offer.objects.count()) == (4, 4, 5)
    assert (Hall.objects.count(), Stand.objects.count()) == (2, 4)
    domain.undo(interrupted)
    assert [firm.legal_name for firm in Firm.objects.all()] == ["Known Ltd"]


def test_an_interrupted_import_is_taken_back(interrupted: Import, known: Firm) -> None:
    domain.undo(interrupted)
    assert interrupted.state == "previewed"
    assert list(Firm.objects.values_list("pk", "website")) == [(known.pk, "")]
    assert not any(model._base_manager.exists() for model in MODELS if model is not Firm)
    assert not ImportRow.objects.exclude(undo=[]).exists()


def test_the_page_says_that_it_was_interrupted_and_how_to_go_on(
    interrupted: Import, edition: Edition, organiser_client: Client
) -> None:
    page = f"/en/{edition.slug}/organiser/imports/{interrupted.pk}/"
    assert "This work was interrupted" in organiser_client.get(page).text
    assert "Take 1 interrupted import back" in organiser_client.get(f"/en/{edition.slug}/organiser/").text
    organiser_client.post(f"{page}undo/")
    assert "Previewed, nothing changed yet" in organiser_client.get(page).text


def test_what_is_used_by_now_stands_in_the_way_of_an_interrupted_one(
    interrupted: Import, edition: Edition, take_part: Callable[..., Participation]
) -> None:
    half_written = Participation.objects.earliest("pk")
    Wish.objects.create(edition=edition, wisher=take_part(edition, kind="buyer"), wished=half_written)
    with pytest.raises(ImportStateError, match="wish to meet"):
        domain.apply(interrupted)
    assert Participation.objects.filter(pk=half_written.pk).exists()


def test_an_interrupted_reversal_goes_on(imported: Make, known: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    made = imported(LIST)
    with monkeypatch.context() as patched:
        ends_at(patched, 9, PowerCut())
        with pytest.raises(PowerCut):
            domain.undo(made)
    made.refresh_from_db()
    assert (made.state, is_interrupted(made)) == ("undoing", True)
    domain.undo(made)
    assert made.state == "undone"
    assert list(Firm.objects.values_list("pk", "website")) == [(known.pk, "")]


def test_two_do_not_work_on_an_import_at_once_nor_write_two_imports(previewed: Make) -> None:
    made = previewed(LIST)
    with held(made, "previewed"):
        with pytest.raises(ImportStateError, match="being worked on"):
            domain.apply(made)
        assert not is_interrupted(made)
    with _alone("writing") as free:
        assert free
        with pytest.raises(ImportStateError, match="Another import is being applied"):
            domain.apply(made)
    domain.apply(made)


def test_what_others_change_while_it_is_written_is_read_anew(
    previewed: Make, known: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = previewed(LIST)
    read, others = domain.write, iter(["https://of-its-own.example"])

    def write(*given: Any, **named: Any) -> None:
        for website in others:
            Firm.objects.filter(pk=known.pk).update(website=website)
        read(*given, **named)

    monkeypatch.setattr(domain, "write", write)
    domain.apply(made)
    steps = [step for row in made.rows.all() for step in row.undo if step.get("changed") == "firm"]
    assert [step["before"]["website"] for step in steps] == ["https://of-its-own.example"]


def test_what_others_change_all_the_time_is_refused(previewed: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = previewed(LIST)

    def write(*_given: Any, **_named: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(domain, "write", write)
    with pytest.raises(ImportStateError, match="being changed by others"):
        domain.apply(made)
    assert not FirmIdentifier.objects.exists()


def test_a_preview_that_fails_leaves_nothing(previewed: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ImportRow.objects.bulk_create
    monkeypatch.setattr(ImportRow.objects, "bulk_create", lambda *given, **named: [rows(*given, **named), 1 / 0])
    with pytest.raises(ZeroDivisionError):
        previewed(LIST)
    assert not Import.objects.exists()
