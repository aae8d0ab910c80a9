"""No form takes the number of a row of another firm, or of another fair, as a choice that it does not offer.

Each form of each page of the ``rights.toml`` of each room is read as it is shown to who may see it, and once more as
the same page is shown at another fair and to a rival at the same fair. What only they may choose (an option, a box, a
hidden number, a button's value) is put into the first one's form and sent. Whatever is answered, no row of theirs
changes, and no row comes to refer to one of another fair, or to what is another firm's own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.market.models import Offer
from tests.expo.changes import Changes, tried, undrawn, values
from tests.expo.site.web.declared import DECLARED, LEVELS, Page, pages_of
from tests.expo.site.web.forms import Form, asked_of, forms_of

pytestmark = [
    pytest.mark.any_database,
    pytest.mark.slow,
    pytest.mark.usefixtures("plain_refusals", "kept_as_on_a_site"),
]

ASKED_ANYWHERE = {"also", "as", "booth", "exhibitor", "with"}
"""Names under which pages take the number of a row in their address."""
OF_ALL = {"expo.Participation", "expo.Firm", "expo.User", "expo.Edition"}
"""Rows that a firm may refer to whosoever they are; what else is a firm's own it may not."""


type Shown = tuple[str, Client, str, str]
"""Who may see a page, by whom it was looked at, its address and what was shown."""

type ShownForm = tuple[str, Client, str, Form]


@dataclass(frozen=True)
class Others:
    """Those whose rows are not to be touched: a fair, or the firms of a rival."""

    edition: int | None
    participations: frozenset[int]
    firms: frozenset[int]

    def own(self, label: str, row: Mapping[str, Any]) -> bool:
        """Whether a row of this model is theirs."""
        return (
            (self.edition is not None and row.get("edition_id") == self.edition)
            or row.get("participation_id") in self.participations
            or row.get("firm_id") in self.firms
            or (label == "expo.Participation" and row["id"] in self.participations)
            or (label == "expo.Firm" and row["id"] in self.firms)
        )


def others_of(edition: Edition, things: Mapping[str, Any], *, all_of_it: bool) -> Others:
    firms = frozenset(things[who].roles.get().firm_id for who in ("owner", "buyer"))
    with scope(edition=edition):
        own = Participation.objects.filter(edition=edition)
        if not all_of_it:
            own = own.filter(firm__in=firms)
        return Others(edition.pk if all_of_it else None, frozenset(own.values_list("pk", flat=True)), firms)


def test_no_choice_of_others_is_taken_or_shown(
    edition: Edition,
    other_edition: Edition,
    organiser_client: Client,
    other_organiser_client: Client,
    things: Mapping[str, Any],
    things_abroad: Mapping[str, Any],
    things_of_a_rival: Mapping[str, Any],
    subtests: pytest.Subtests,
) -> None:
    """Forms with a choice of another fair and of a rival; questions in an address with what is asked at another fair.

    One test, as looking at each page is what takes long. Where nothing is chosen, others have nothing to choose either.
    """
    here = (edition, things, organiser_client)
    there = (other_edition, things_abroad, other_organiser_client)
    beside = (edition, things_of_a_rival, organiser_client)
    abroad = others_of(other_edition, things_abroad, all_of_it=True)
    rivals = others_of(edition, things_of_a_rival, all_of_it=False)
    words = _words_of(other_edition)
    found: dict[str, set[tuple[str, str]]] = {"abroad": set(), "rival": set(), "asked": set()}
    for page in _pages(things):
        shown = list(_pages_shown(page, *here))
        forms = _forms(shown)
        chooses = any(form.choices for *_rest, form in forms)
        foreign = list(islice(_pages_shown(page, *there), None if chooses else 1))
        found["abroad"] |= _all_tried(page, forms, _forms(foreign), edition, abroad, subtests)
        if chooses and LEVELS[page.who] & {"owner", "buyer"}:
            of_rival = _forms(_pages_shown(page, *beside))
            found["rival"] |= _all_tried(page, forms, of_rival, edition, rivals, subtests)
        if shown and foreign:
            found["asked"] |= _all_asked(page, shown[0], foreign[0], edition, words, subtests)
    assert len(found["abroad"]) >= 40, sorted(found["abroad"])
    assert len(found["rival"]) > 10, sorted(found["rival"])
    assert len(found["asked"]) > 200, len(found["asked"])


def _words_of(edition: Edition) -> tuple[str, list[str]]:
    """The number of a participant of a fair, and words that tell of those who take part."""
    with scope(edition=edition):
        taking_part = list(Participation.objects.filter(edition=edition).select_related("firm"))
    return str(taking_part[0].pk), [one.firm.legal_name for one in taking_part] + ["owner3@", "buyer3@"]


def _all_asked(
    page: Page,
    shown: Shown,
    foreign: Shown,
    edition: Edition,
    words_of_others: tuple[str, list[str]],
    subtests: pytest.Subtests,
) -> set[tuple[str, str]]:
    """What forms that ask and links of a page name there is asked for here; numbers of participants are, everywhere."""
    who, client, address, text = shown
    named, words = words_of_others
    known = asked_of(text)
    theirs = asked_of(foreign[-1])
    own = {name: _last_new(known.get(name, []), values, named) for name, values in theirs.items()}
    found = set()
    for asked in (own, dict.fromkeys(ASKED_ANYWHERE, named)):
        with subtests.test(page=page.name, asked=asked, who=who), scope(edition=edition):
            found |= {(page.name, name) for name in asked}
            if asked:
                shown_nothing_of(client.get(address, asked), words)
    return found


def _last_new(known: list[str], theirs: list[str], otherwise: str) -> str:
    return next((one for one in reversed(theirs) if one not in known), otherwise)


def shown_nothing_of(answer: Any, words: Iterable[str]) -> None:
    """None of the words stands on the page."""
    if answer.streaming:
        answer.getvalue()
        return
    said = [word for word in words if word in answer.content.decode("utf-8", "ignore")]
    assert not said, f"It shows {said}."


def test_a_page_that_shows_what_is_asked_for_of_another_fair_is_found() -> None:
    with pytest.raises(AssertionError, match="Foreign Ltd"):
        shown_nothing_of(HttpResponse("<p>Foreign Ltd</p>"), ["Foreign Ltd"])


def _pages(things: Mapping[str, Any]) -> list[Page]:
    pages = [page for room in sorted(DECLARED) for page in pages_of(room, things)]
    return [page for page in pages if page.who not in {"nobody", "staff"} and not page.nothing and not page.post]


@dataclass(frozen=True)
class Case:
    """A form of a page with one choice of others in it."""

    page: str
    control: str
    value: str
    who: str
    client: Client
    address: str
    form: Form

    def try_it(self, edition: Edition, others: Others) -> None:
        """Send it, and look at what it changed."""
        for sent in self.form.with_choice(self.control, self.value):
            with scope(edition=edition), undrawn():
                untouched(tried(partial(self.client.post, self.address, sent))[1], others)


def _all_tried(
    page: Page,
    shown: list[ShownForm],
    foreign: list[ShownForm],
    edition: Edition,
    others: Others,
    subtests: pytest.Subtests,
) -> set[tuple[str, str]]:
    """The names of the page and of each control that was tried."""
    found = set()
    for case in _cases(page, shown, foreign):
        with subtests.test(page=case.page, control=case.control, value=case.value, who=case.who):
            found.add((case.page, case.control))
            case.try_it(edition, others)
    return found


def _cases(page: Page, shown: list[ShownForm], foreign: list[ShownForm]) -> Iterator[Case]:
    for (who, client, address, form), (*_rest, theirs) in _pairs(shown, foreign):
        for control, offered in form.choices.items():
            for value in _of_others(offered, theirs.choices.get(control, [])):
                yield Case(page.name, control, value, who, client, form.action or address, form)


def _of_others(offered: list[str], theirs: list[str]) -> list[str]:
    """A choice that they alone have, and the highest number that both have, as a page may offer too much."""
    alone = [value for value in theirs if value not in offered]
    numbers = sorted({int(value) for value in theirs if value in offered and value.isdecimal()})
    return [*alone[:1], *map(str, numbers[-1:])]


def _forms(shown: Iterable[Shown]) -> list[ShownForm]:
    return [(who, client, address, form) for who, client, address, text in shown for form in forms_of(text)]


def _pages_shown(page: Page, edition: Edition, things: Mapping[str, Any], organiser: Client) -> Iterator[Shown]:
    with scope(edition=edition):
        address = page.address(edition, things)
    for who, client in (
        ("organiser", organiser),
        ("owner", things["client of owner"]),
        ("buyer", things["client of buyer"]),
    ):
        if who not in LEVELS[page.who] or (page.who == "public" and who == "organiser"):
            continue
        answer = client.get(address)
        if answer.streaming:
            answer.getvalue()  # to the end, where its file is closed
        elif answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            yield who, client, address, answer.text


def _pairs(shown: list[ShownForm], foreign: list[ShownForm]) -> Iterator[tuple[ShownForm, ShownForm]]:
    """Each form with the same form of others: of the same visitor, for the same address, as often as it comes."""
    known: dict[tuple[Any, ...], list[ShownForm]] = {}
    for one in foreign:
        known.setdefault(_kind(one), []).append(one)
    for one in shown:
        if known.get(_kind(one)):
            yield one, known[_kind(one)].pop(0)


def _kind(one: ShownForm) -> tuple[Any, ...]:
    who, _client, address, form = one
    return who, resolve((form.action or address).split("?")[0].split("#")[0]).view_name, tuple(sorted(form.choices))


def untouched(changes: Changes, others: Others) -> None:
    """No row of others is among the changes, and none of the rows that are new or changed refers to what is theirs."""
    for label, (gone, new) in changes.items():
        touched = [row for row in map(partial(values, label), gone | new) if others.own(label, row)]
        assert not touched, f"Another's row of {label} was changed: {touched}"
        for row in map(partial(values, label), new):
            for column, target in _references(label).items():
                if row[column] is not None and _is_theirs(target, row[column], others):
                    raise AssertionError(f"A row of {label} refers by {column} to another's row of {target}: {row}")


@cache
def _references(label: str) -> dict[str, str]:
    """The columns of a model that refer to a row, with whose."""
    fields = apps.get_model(label)._meta.concrete_fields
    return {
        field.column: field.related_model._meta.label
        for field in fields
        if isinstance(field, ForeignKey) and not isinstance(field.related_model, str)
    }


def _is_theirs(target: str, key: Any, others: Others) -> bool:
    if target in OF_ALL and (others.edition is None or target != "expo.Participation"):
        return False
    found = apps.get_model(target)._base_manager.filter(pk=key).values().first()
    return found is not None and others.own(target, found)


def test_a_form_that_takes_what_it_does_not_offer_is_found(
    edition: Edition,
    other_edition: Edition,
    organiser_client: Client,
    other_organiser_client: Client,
    things: Mapping[str, Any],
    things_abroad: Mapping[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The form of a session is made to take the number of any forum."""
    others = others_of(other_edition, things_abroad, all_of_it=True)
    page = next(page for page in _pages(things) if page.name == "programme-part")
    shown = _forms(_pages_shown(page, edition, things, organiser_client))
    foreign = _forms(_pages_shown(page, other_edition, things_abroad, other_organiser_client))
    case = next(case for case in _cases(page, shown, foreign) if case.control == "forum")
    case.try_it(edition, others)

    def any_row(field: ModelChoiceField, value: Any) -> Any:
        return field.queryset.model._base_manager.filter(pk=value or None).first()

    monkeypatch.setattr(ModelChoiceField, "to_python", any_row)
    with pytest.raises(AssertionError, match=r"row of expo\.Session refers by forum_id"):
        case.try_it(edition, others)


def test_a_form_that_takes_anything_is_found(
    edition: Edition, other_edition: Edition, things: Mapping[str, Any], things_abroad: Mapping[str, Any]
) -> None:
    """What such a form would do: change a row of others, remove it, or let a row of one's own refer to it."""
    others = others_of(other_edition, things_abroad, all_of_it=True)
    with scope(edition=other_edition):
        theirs, offer = Participation.objects.filter(edition=other_edition)[0], Offer.objects.all()[0]
    with scope(edition=edition):
        own = Participation.objects.filter(edition=edition)[0]

    def renames(where: Edition) -> HttpResponse:
        with scope(edition=where):
            Offer.objects.filter(pk=offer.pk).update(title={"en": "Mine"})
        return HttpResponse()

    def removes() -> HttpResponse:
        with scope(edition=other_edition):
            offer.delete()
        return HttpResponse()

    def refers(wished: Participation) -> HttpResponse:
        with scope(edition=edition):
            Wish.objects.create(edition=edition, wisher=own, wished=wished, strength="must")
        return HttpResponse()

    untouched(tried(partial(renames, edition))[1], others)  # another fair's offer is not found there
    for leak in (partial(renames, other_edition), removes):
        changes = tried(leak)[1]
        with pytest.raises(AssertionError, match=r"row of expo\.Offer was changed"):
            untouched(changes, others)
    changes = tried(partial(refers, theirs))[1]
    with pytest.raises(AssertionError, match=r"row of expo\.Wish refers by wished_id"):
        untouched(changes, others)
