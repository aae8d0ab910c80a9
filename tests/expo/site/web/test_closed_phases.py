"""What is sent to a page is refused in the words of its phase, and changes nothing, while that phase is closed.

Each row of PHASED is a form as it is shown to who may use it, filled in. While nothing is closed it changes something
and says nothing of a phase; sent again when its phase is over it changes nothing and is answered with the sentence.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from django.utils.html import escape
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import closed_sentence, set_phases
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.offers.chains.models import Node
from serai.expo.offers.market.models import Need, Offer, Review
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.models import Badge
from tests.expo.changes import Changes, tried
from tests.expo.site.web.declared import DECLARED, LEVELS, Page, named, pages_of
from tests.expo.site.web.forms import Form, forms_of

pytestmark = [pytest.mark.any_database, pytest.mark.slow]

K = Phase.Kind


@dataclass(frozen=True)
class Sent:
    """A form of one page: where it is shown, by whom and with what it is sent, and in which phase it is taken.

    ``values`` are put into it, ``$name`` is one of the things; ``unseen`` is sent without a page, with these alone.
    ``of`` are values of the address where the declared ones are not meant.
    """

    name: str
    phase: str
    who: str
    values: Mapping[str, Any] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)
    unseen: bool = False

    def __str__(self) -> str:
        return f"{self.name} by {self.who} {dict(self.values)}"


def a_document() -> SimpleUploadedFile:
    return SimpleUploadedFile("sheet.pdf", b"%PDF-1.7\n", "application/pdf")


def a_table() -> SimpleUploadedFile:
    return SimpleUploadedFile("items.csv", b"title_en,family\nCells,goods\n", "text/csv")


def of_market(kind: str, phase: str) -> Iterator[Sent]:
    """What an exhibitor does with its offers, or with its needs."""
    yield Sent(f"desk-{kind}-new", phase, "owner", {"title_en": "Film", "family": "goods"}, unseen=True)
    yield Sent(f"desk-{kind}-edit", phase, "owner", {"title_en": "Thin film", "family": "goods"}, unseen=True)
    yield Sent(f"desk-{kind}-file", phase, "owner", {"kind": "document", "file": a_document}, unseen=True)
    yield Sent(f"desk-{kind}s-table-in", phase, "owner", {"file": a_table}, unseen=True)
    yield Sent(f"desk-{kind}-submit", phase, "owner", of={"number": f"$draft {kind}"}, unseen=True)
    for act in ("renew", "withdraw", "remove"):
        yield Sent(f"desk-{kind}-{act}", phase, "owner", of={"number": f"$expired {kind}"}, unseen=True)


A_SESSION = {"title_en": "Salt in place of lithium", "minutes": "30", "speaker-0-name_en": "Ada Lindqvist"}

PHASED: tuple[Sent, ...] = (
    Sent("desk-application", K.APPLY, "buyer", {"firm": "$firm of buyer", "kind": "exhibitor"}),
    Sent("apply-as", K.APPLY, "buyer", {"firm": "$firm of buyer", "medium": "print"}),
    Sent("register-buyer", K.APPLY, "owner", {"firm": "$firm of owner"}),
    Sent(
        "desk-co-exhibitors", K.APPLY, "owner", {"firm_name": "Delta Cells", "country": "CN", "email": "a@example.org"}
    ),
    Sent("invitations", K.APPLY, "owner", {"invitation": "$invited", "accept": "1"}, unseen=True),
    Sent("co-exhibit", K.APPLY, "buyer", {"firm": "$firm of buyer", "accept": "1"}),
    Sent("proposal-new", K.PROPOSALS, "buyer", A_SESSION),
    Sent("proposal-edit", K.PROPOSALS, "owner", A_SESSION),
    Sent("desk-profile", K.PROFILE, "owner", {"description-en": "Separator film"}),
    Sent("desk-record-group", K.PROFILE, "owner", {"minimum_order": "1 t"}),
    Sent("desk-record-row", K.PROFILE, "owner", {"remove": "1"}),
    Sent("firm-media", K.PROFILE, "owner", {"link": "https://films.example/1", "caption": "Our line"}),
    Sent("firm-positions", K.PROFILE, "owner", {"node": "$node", "role": "maker", "answer": "say"}),
    Sent("desk-offer-certificate", K.PROFILE, "owner", {"other_scheme": "Green label"}, unseen=True),
    Sent("market-file-focus", K.PROFILE, "owner", {"focus": "top"}, unseen=True),
    Sent("market-file-remove", K.PROFILE, "owner", unseen=True),
    *of_market("offer", K.PROFILE),
    *of_market("need", K.NEEDS),
    Sent("state-need", K.NEEDS, "buyer", {"title_en": "Foil", "family": "goods"}, unseen=True),
    Sent("need-edit", K.NEEDS, "buyer", {"title_en": "Thin foil", "family": "goods", "save": "1"}, unseen=True),
    Sent("need-edit", K.NEEDS, "buyer", {"remove": "1"}, unseen=True),
    Sent("wish", K.WISHES, "buyer", {"strength": "must"}, unseen=True),
    Sent("ask-to-meet", K.REQUESTS, "buyer", {"message": "Film for 2027"}),
    Sent("ask-several", K.REQUESTS, "buyer", {"firm": "$exhibitor", "message": "Film"}, unseen=True),
    Sent("arrange-meeting", K.FAIR, "organiser", {"one": "$exhibitor", "other": "$firm of the buyer", "now": "1"}),
    Sent("act-on-meeting", K.FAIR, "owner", {"act": "confirm"}, unseen=True),
    Sent("my-contact-new", K.FAIR, "buyer", {"badge": "$code"}),
    Sent("claim-outcome", K.OUTCOMES, "owner", {"kind": "sample", "firm": "$exhibitor"}, unseen=True),
    # What is stated is gone on with; the follow-up is tried in tests/expo/site/api/test_closed_phases.py.
    Sent("act-on-outcome", K.OUTCOMES, "owner", {"act": "amend", "title": "Ten"}, {"number": "$stated"}, unseen=True),
    Sent(
        "act-on-outcome",
        K.OUTCOMES,
        "owner",
        {"act": "party", "firm": "$exhibitor"},
        {"number": "$stated"},
        unseen=True,
    ),
)

AT_ANY_TIME: Mapping[str, str] = {
    "accept-terms": "terms are accepted before and after they are needed",
    "change-feed": "a person's own calendar",
    "desk-lead-done": "a lead is worked on after the fair",
    "desk-take-back": "nobody comes in by it",
    "desk-withdraw": "who does not want to come may say so",
    "interest": "the market is open all year",
    "keep-contact": "a firm's page is kept before and after the fair",
    "meeting-exchange": "what was asked for in time is answered",
    "desk-event-withdraw": "a session of one's own is called off",
    "own-sources-upload": "a firm's own sources are its own at any time",
    "proposal-withdraw": "a session of one's own is called off",
    "set-targets": "by the term of the timetable",
    "sign-up": "a seat in a session, until it begins",
    "withdraw": "a seat is given up",
    "tell-more": "the organiser has asked",
}
"""Addresses that only take what is sent and have no phase, with why."""

OF_A_PERSON = {
    "participants/impersonation",
    "participants/team",
    "people/account",
    "people/staff",
    "programme/badges",
    "site/api",
}
"""Rooms of people and not of what their firm does at the fair; badges have a term of their own."""


@pytest.fixture
def filled(
    edition: Edition,
    things: Mapping[str, Any],
    take_part: Callable[..., Participation],
) -> Mapping[str, Any]:
    """The things, and what the rows name beside them."""
    today = timezone.localdate()
    edition.starts_on, edition.ends_on = today + timedelta(days=1), today + timedelta(days=3)
    edition.save()
    firms = {f"firm of {who}": things[who].roles.get().firm for who in ("owner", "buyer")}
    more: dict[str, Any] = {name: firm.pk for name, firm in firms.items()}
    with scope(edition=edition):
        own = Participation.objects.get(firm=firms["firm of owner"])
        Meeting.objects.filter(pk=things["meeting"]).update(starts_at=timezone.now())
        for kind, model in (("offer", Offer), ("need", Need)):
            for state in (Review.DRAFT, Review.EXPIRED):
                made = model.objects.create(
                    edition=edition, participation=own, title={"en": "Film"}, family="goods", review=state
                )
                more[f"{state} {kind}"] = made.pk
        badge = Badge.objects.create(edition=edition, participation=own, name="Amina Okoye")
        more |= {"code": token_of(badge), "node": Node.objects.order_by("pk")[0].pk}
        again = take_part(edition, own.firm, kind="service", state="invited")
        stated = Outcome.objects.create(edition=edition, kind=Outcome.Kind.SAMPLE)
        OutcomeParty.objects.create(outcome=stated, participation=own, claimant=True)
        more |= {"invited": again.pk, "stated": stated.pk}
    return things | more | {"firm of the buyer": firms["firm of buyer"].identifier}


def test_what_is_sent_is_taken_in_its_phase_and_refused_in_its_words_after_it(
    edition: Edition, filled: Mapping[str, Any], organiser_client: Client, subtests: pytest.Subtests
) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    clients = {"organiser": organiser_client} | {who: filled[f"client of {who}"] for who in ("owner", "buyer")}
    set_phases(edition, dict.fromkeys(K.values, (None, yesterday)))
    said = {kind: escape(closed_sentence(edition, kind)) for kind in K.values}
    for one in PHASED:
        with subtests.test(str(one)), scope(edition=edition):
            set_phases(edition, dict.fromkeys(K.values, (None, None)) | {K.PROPOSALS: (yesterday, None)})
            address, *ways = _filled_in(one, edition, filled, clients[one.who])
            for sent in ways:
                text, changed = _send(clients[one.who], address, sent)
                if changed:
                    break
            assert changed, f"It should be taken: {re.findall('notice-error[^>]*>(.*)<', text)}"
            assert not [sentence for sentence in said.values() if sentence in text]
            set_phases(edition, {one.phase: (None, yesterday)})
            text, changed = _send(clients[one.who], address, sent)
            assert said[one.phase] in text
            assert changed == {}


def _send(client: Client, address: str, sent: Mapping[str, Any]) -> tuple[str, Changes]:
    """What is shown in the end, and what it changed; undone again. Each file is made anew, as it is read to its end."""
    fresh = {name: value() if callable(value) else value for name, value in sent.items()}
    answer, changed = tried(partial(client.post, address, fresh, follow=True))
    return answer.text, changed


def _filled_in(
    one: Sent, edition: Edition, things: Mapping[str, Any], client: Client
) -> tuple[str, *tuple[Mapping[str, Any], ...]]:
    """Its address, and what is sent: with empty fields, and with something in each."""
    page = next(page for pages in _pages(things).values() for page in pages if page.name == one.name)
    of = {key: named(value, things) for key, value in one.of.items()}
    address = replace(page, given={**page.given, **of}).address(edition, things)
    values = {key: named(value, things) if isinstance(value, str) else value for key, value in one.values.items()}
    if one.unseen:
        return address, values
    shown = [form for form in forms_of(client.get(address).text) if _is_for(form, one.name)]
    form = max(shown, key=lambda form: len(set(values) & {*form.sent, *form.choices, *form.examples}))
    written = {name: [text] for name, text in form.examples.items() if form.sent.get(name) in ([""], None)}
    return address, {**form.sent, **values}, {**form.sent, **written, **values}


def _is_for(form: Form, name: str) -> bool:
    return not form.action or form.action.startswith("?") or resolve(form.action.split("?")[0]).url_name == name


def _pages(things: Mapping[str, Any]) -> dict[str, list[Page]]:
    return {room: pages_of(room, things) for room in sorted(DECLARED)}


def test_each_address_that_only_takes_what_is_sent_by_a_participant_has_a_phase_or_a_reason_to_have_none(
    things: Mapping[str, Any],
) -> None:
    pages = [
        page for room, of_room in _pages(things).items() if room not in OF_A_PERSON for page in of_room if page.post
    ]
    taking = {page.name for page in pages if LEVELS[page.who] & {"owner", "buyer"} and not page.nothing}
    assert taking - {one.name for one in PHASED} - set(AT_ANY_TIME) == set(), "Say in PHASED or AT_ANY_TIME."
    assert not {one.name for one in PHASED} & set(AT_ANY_TIME)
