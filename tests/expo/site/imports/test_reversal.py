"""An import is taken back whole or not at all."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import Model
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.offers.chains.models import Chain, Node, Placement, Stage
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import Role, User
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.batches import ImportStateError
from serai.expo.site.imports.domain.reversal import UndoRefusedError
from serai.expo.site.imports.models import Import
from serai.expo.venue.halls.models import Booth, Hall, Stand

type Make = Callable[..., Import]
type Rows = list[tuple[str, ...]]

MODELS: tuple[type[Model], ...] = (Firm, Participation, Hall, Booth, Stand, Offer, Need)
TEA = [("Name", "Country", "Hall", "Booth", "Offers"), ("Tea Ltd", "Kenya", "E1", "A1", "Black tea")]


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


def everything() -> dict[str, list[Any]]:
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in MODELS}


def test_an_undone_import_leaves_all_as_it_was(
    imported: Make, firms: Rows, edition: Edition, organiser: User, take_part: Callable[..., Participation], a_firm: Any
) -> None:
    known = a_firm("Nairobi Tea Exporters", country="KE", name={"en": "Nairobi Tea"})
    take_part(edition, known, tokens=" as before ")
    a_firm("Lyon Chimie SA", country="FR")
    Booth.objects.create(edition=edition, hall=Hall.objects.create(edition=edition, code="E1"), code="A12")
    before = everything()
    made = imported(firms)
    assert everything() != before
    domain.undo(made, user=organiser)
    after = everything()
    refreshed = after["Participation"][0].pop("tokens")
    assert " nairobi " in refreshed
    assert before["Participation"][0].pop("tokens") == " as before "
    assert after == before
    assert made.state == "undone"
    assert made.undone_at is not None
    assert made.rows.count() == 3
    entry = AuditEntry.objects.get(action="import.undone")
    assert entry.user == organiser
    assert AuditEntry.objects.filter(action="firm.import_undone").count() == 3


def test_a_row_of_a_cancelled_firm_leaves_it_cancelled_and_without_a_booth_and_says_so(
    imported: Make, firms: Rows, edition: Edition, take_part: Callable[..., Participation], a_firm: Any
) -> None:
    gone = take_part(edition, a_firm("Nairobi Tea Exporters", country="KE"), state="cancelled")
    before = everything()
    made = imported(firms)
    gone.refresh_from_db()
    assert (gone.state, gone.stands.exists()) == ("cancelled", False)
    assert Stand.objects.count() == 2
    said = [note["reason"] for note in made.rows.get(firm=gone.firm).reason_details["notes"]]
    assert said == ["cancelled"]
    domain.undo(made)
    after = everything()
    for rows in (before, after):
        rows["Participation"][0].pop("tokens")
    assert after == before


def test_an_import_cannot_be_undone_twice_nor_a_preview_at_all(imported: Make, previewed: Make, firms: Rows) -> None:
    made = imported(firms)
    domain.undo(made)
    for one in (made, previewed(firms)):
        with pytest.raises(ImportStateError):
            domain.undo(one)


def test_after_undoing_the_file_can_be_imported_anew(imported: Make, firms: Rows) -> None:
    domain.undo(imported(firms))
    again = imported(firms)
    assert domain.counts(again)["new"] == 3


def refused(made: Import) -> str:
    """The sentence of the refusal, after which nothing has changed."""
    before = everything()
    with pytest.raises(UndoRefusedError) as refusal:
        domain.undo(made)
    assert everything() == before
    made.refresh_from_db()
    assert made.state == "applied"
    return str(refusal.value)


def test_a_meeting_with_an_imported_firm_stands_in_the_way(
    imported: Make, edition: Edition, take_part: Callable[..., Participation]
) -> None:
    made = imported(TEA)
    Meeting.objects.create(edition=edition, host=Participation.objects.get(), guest=take_part(edition, kind="buyer"))
    sentence = refused(made)
    assert "meeting" in sentence
    assert "Tea Ltd" in sentence


def test_a_user_of_an_imported_firm_stands_in_the_way(imported: Make, stranger: User) -> None:
    made = imported(TEA)
    Role.objects.create(user=stranger, kind=Role.Kind.OWNER, firm=Firm.objects.get())
    assert "role of a user" in refused(made)


def test_a_participation_at_another_fair_stands_in_the_way(
    imported: Make, other_edition: Edition, take_part: Callable[..., Participation]
) -> None:
    made = imported(TEA)
    take_part(other_edition, Firm.objects.get())
    assert "participation “Tea Ltd” (other-2026)" in refused(made)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Firm, {"website": "https://other.example"}),
        (Participation, {"area_m2": 36}),
        (Hall, {"width_m": 80.0}),
        (Booth, {"x_m": 1.0, "y_m": 2.0}),
        (Offer, {"title": {"en": "Green tea"}}),
    ],
)
def test_what_was_changed_since_stands_in_the_way(model: type[Model], change: dict[str, Any], imported: Make) -> None:
    made = imported(TEA)
    model._base_manager.update(**change)
    assert f"{model.__name__.lower()} " in refused(made)
    assert "changed since" in refused(made)


def test_what_a_later_import_added_is_undone_first(imported: Make) -> None:
    first = imported(TEA)
    second = imported([TEA[0], ("Tea Ltd", "Kenya", "E1", "A1", "Green tea")])
    assert "offer “Tea Ltd” depends on it" in refused(first)
    domain.undo(second)
    domain.undo(first)
    assert not any(model._base_manager.exists() for model in MODELS)


def test_a_known_firm_may_be_changed_elsewhere_since(imported: Make, a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("Tea Ltd", country="KE", website="https://old.example")
    made = imported([("Name", "Country", "Website"), ("Tea Ltd", "Kenya", "https://new.example")])
    Firm.objects.update(founded=1999)
    domain.undo(made)
    firm.refresh_from_db()
    assert (firm.website, firm.founded) == ("https://old.example", 1999)


def test_a_known_firm_changed_in_the_same_field_since_stands_in_the_way(
    imported: Make, a_firm: Callable[..., Firm]
) -> None:
    a_firm("Tea Ltd", country="KE", website="https://old.example")
    made = imported([("Name", "Country", "Website"), ("Tea Ltd", "Kenya", "https://new.example")])
    Firm.objects.update(website="https://newer.example")
    assert "firm “Tea Ltd” has been changed since" in refused(made)


def test_computed_placements_go_with_the_offers_and_confirmed_ones_stand_in_the_way(
    imported: Make, edition: Edition
) -> None:
    chain = Chain.objects.create(slug="tea")
    stage = Stage.objects.create(chain=chain, code="leaf", position="upstream")
    node = Node.objects.create(chain=chain, stage=stage, code="leaf")

    def place(*, confirmed: bool) -> Import:
        made = imported(TEA)
        Placement.objects.create(
            edition=edition,
            participation=Participation.objects.get(),
            offer=Offer.objects.get(),
            node=node,
            side=Placement.Side.OFFER,
            confidence=0.9,
            confirmed=confirmed,
        )
        return made

    domain.undo(place(confirmed=False))
    assert not Placement.objects.exists()
    assert "placement confirmed by hand" in refused(place(confirmed=True))


def test_what_is_gone_already_does_not_stand_in_the_way(imported: Make) -> None:
    made = imported(TEA)
    Offer.objects.all().delete()
    domain.undo(made)
    assert not Firm.objects.exists()


def test_a_refusal_names_five_things_and_counts_the_rest(imported: Make) -> None:
    made = imported(
        [
            ("Name", "Country"),
            *[(f"Firm of {word}", "KE") for word in ("tea", "salt", "corn", "rice", "fish", "wool", "oil")],
        ]
    )
    Firm.objects.update(founded=1999)
    sentence = refused(made)
    assert sentence.count("has been changed since;") == 5
    assert "and 2 more" in sentence


def test_both_turns_of_an_import_are_undone_at_once(previewed: Make, a_firm: Callable[..., Firm]) -> None:
    known = a_firm("Longwell Separator", country="CN", website="https://old.example")
    header = ("Name", "Country", "Website", "Hall", "Booth")
    made = previewed(
        [
            header,
            ("Longwel Separator", "China", "https://new.example", "E1", "A1"),
            ("Tea", "Kenya", "https://tea.example", "E1", "A2"),
        ]
    )
    before = everything()
    domain.apply(made)
    domain.choose(made, {2: str(known.pk)})
    domain.apply(made)
    known.refresh_from_db()
    assert known.website == "https://new.example"
    domain.undo(made)
    assert everything() == before
