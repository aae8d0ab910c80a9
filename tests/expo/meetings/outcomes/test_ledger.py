"""The ledger: what each word of a party does, what counts, and whatever is done in whatever order."""

import contextlib
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PIL import Image

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.pages import handed_out
from serai.expo.fairs.edition.domain.changes import usual_phases
from serai.expo.fairs.edition.domain.phases import set_phases
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.domain.names import new_firm
from serai.expo.meetings.meeting.domain.life import lock
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.domain import follow_ups, ledger
from serai.expo.meetings.outcomes.domain.follow_ups import remind
from serai.expo.meetings.outcomes.domain.ledger import (
    FOLLOWS,
    OutcomeRefusedError,
    Terms,
    add_evidence,
    after,
    content_of,
)
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeEvidence, OutcomeParty
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.results.report.domain.properties import figures

PDF = b"%PDF-1.7 a contract"
CONTRACT, SAMPLE = Outcome.Kind.CONTRACT, Outcome.Kind.SAMPLE


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serai.expo.base.files.domain.home", lambda: tmp_path)


def counts(edition: Edition) -> dict[str, Any]:
    codes = ("outcomes_claimed", "outcomes_confirmed", "outcomes_evidenced")
    return {figure.code.removeprefix("outcomes_"): figure.value for figure in figures(edition, codes=codes)}


def test_a_claim_becomes_a_fact_when_the_other_confirms_and_is_followed(trio: Any) -> None:
    at = datetime(2026, 11, 30, 9, tzinfo=UTC)
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting, terms=Terms("Film", Decimal(5), "USD"))
        assert counts(trio.edition) == {"claimed": 1, "confirmed": 0, "evidenced": 0}
        ledger.confirm(outcome, trio.buyer, now=at)
        outcome.refresh_from_db()
        assert (outcome.state, outcome.confirmed_at) == ("confirmed", at)
        assert counts(trio.edition) == {"claimed": 0, "confirmed": 1, "evidenced": 0}
        dates = [(each.months, each.due_on) for each in FollowUp.objects.all()]
        assert dates == [(3, date(2027, 2, 28)), (6, date(2027, 5, 30)), (12, date(2027, 11, 30))]


def test_an_agreement_of_three_counts_once_and_when_all_three_have_confirmed(trio: Any) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        ledger.add_party(outcome, trio.seller, trio.third.participation)
        ledger.confirm(outcome, trio.buyer)
        outcome.refresh_from_db()
        assert outcome.state == "claimed"
        ledger.confirm(outcome, trio.third)
        assert counts(trio.edition)["confirmed"] == 1


def test_what_one_side_has_stated_the_other_confirms_and_does_not_state_again(trio: Any) -> None:
    with scope(edition=trio.edition):
        ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        with pytest.raises(OutcomeRefusedError, match="stated of this meeting already"):
            ledger.claim(trio.buyer, CONTRACT, meeting=trio.meeting)
        ledger.claim(trio.buyer, SAMPLE, meeting=trio.meeting)
        assert Outcome.objects.count() == 2


def test_two_who_state_the_same_at_once_come_one_after_the_other(trio: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A count takes no lock: the parties' rows are read, and held, before it is asked what has been stated."""
    held: list[int] = []

    def lock_and_tell(*participations: Participation) -> None:
        lock(*participations)
        assert not Outcome.objects.exists()
        held.extend(one.pk for one in participations)

    monkeypatch.setattr(ledger, "lock", lock_and_tell)
    with scope(edition=trio.edition):
        with CaptureQueriesContext(connection) as asked:
            ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        assert sorted(held) == sorted([trio.seller.participation.pk, trio.buyer.participation.pk])
    assert not any("COUNT(*)" in one["sql"] and "expo_participation" in one["sql"] for one in asked)


def test_disputed_it_counts_nowhere_and_amended_it_is_asked_anew(trio: Any) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        with pytest.raises(OutcomeRefusedError, match="what is wrong"):
            ledger.dispute(outcome, trio.buyer, " ")
        ledger.dispute(outcome, trio.buyer, "We only spoke of it")
        assert counts(trio.edition) == {"claimed": 0, "confirmed": 0, "evidenced": 0}
        ledger.amend(outcome, trio.seller, Terms("Only spoken of"))
        outcome.refresh_from_db()
        party = outcome.parties.get(participation=trio.buyer.participation)
        assert (outcome.state, party.disputed_at, party.words) == ("claimed", None, "")
        ledger.withdraw(outcome, trio.seller)
        with pytest.raises(OutcomeRefusedError):
            ledger.confirm(outcome, trio.buyer)


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(drawn, "PNG")
    return drawn.getvalue()


def test_evidence_lies_where_every_file_does_and_is_found_where_it_lay_once(trio: Any, tmp_path: Path) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        kept = add_evidence(outcome, trio.seller, "contract.pdf", PDF)
    token = kept.file.token
    now, once = tmp_path / "files" / token[:2] / token, tmp_path / "files" / token
    assert now.read_bytes() == PDF
    now.rename(once)  # as a backup of that time has it
    assert content_of(kept) == PDF
    with contextlib.closing(handed_out(kept.file)) as answer:
        assert answer.getvalue() == PDF
    once.unlink()
    with pytest.raises(FileNotFoundError):
        content_of(kept)


def test_evidence_counts_when_the_organiser_has_accepted_it_whatever_came_first(trio: Any, organiser: User) -> None:
    with scope(edition=trio.edition):
        early = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        ledger.judge(add_evidence(early, trio.seller, "contract.pdf", PDF), organiser, accepted=True)
        early.refresh_from_db()
        assert early.state == "claimed"
        ledger.confirm(early, trio.buyer)
        late = ledger.claim(trio.seller, SAMPLE, meeting=trio.meeting)
        ledger.confirm(late, trio.buyer)
        refused = add_evidence(late, trio.buyer, "photo.png", picture())
        ledger.judge(refused, organiser, accepted=False)
        with pytest.raises(OutcomeRefusedError, match="judged already"):
            ledger.judge(refused, organiser, accepted=True)
        assert counts(trio.edition) == {"claimed": 0, "confirmed": 1, "evidenced": 1}


def test_fulfilled_is_only_what_was_proved_and_lapsed_counts_no_more(trio: Any, organiser: User) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        ledger.confirm(outcome, trio.buyer)
        first, second, _third = FollowUp.objects.all()
        follow_ups.answer(first, trio.buyer, FollowUp.Answer.ON_TRACK)
        with pytest.raises(OutcomeRefusedError, match="proved by a document"):
            follow_ups.answer(second, trio.buyer, FollowUp.Answer.FULFILLED)
        ledger.judge(add_evidence(outcome, trio.buyer, "a.pdf", PDF), organiser, accepted=True)
        follow_ups.answer(second, trio.buyer, FollowUp.Answer.FULFILLED)
        assert counts(trio.edition)["evidenced"] == 1
        other = ledger.claim(trio.seller, SAMPLE, meeting=trio.meeting)
        ledger.confirm(other, trio.buyer)
        follow_ups.answer(other.follow_ups.all()[0], trio.seller, FollowUp.Answer.LAPSED)
        assert counts(trio.edition) == {"claimed": 0, "confirmed": 0, "evidenced": 1}


def test_a_reminder_comes_once_and_only_when_it_is_due(trio: Any) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        ledger.confirm(outcome, trio.buyer, now=datetime(2026, 11, 30, 9, tzinfo=UTC))
        assert follow_ups.remind_due(trio.edition, on=date(2027, 2, 27)) == []
        assert [each.months for each in follow_ups.remind_due(trio.edition, on=date(2027, 2, 28))] == [3]
        assert follow_ups.remind_due(trio.edition, on=date(2027, 2, 28)) == []


def test_the_people_of_both_parties_get_a_letter_once(trio: Any, mailoutbox: list[Any], deliver: Any) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        ledger.confirm(outcome, trio.buyer, now=datetime(2026, 11, 30, 9, tzinfo=UTC))
    for expected in (1, 0):
        assert remind(date(2027, 3, 1)) == expected
        deliver()
    assert sorted(letter.to[0] for letter in mailoutbox) == ["buyer@example.org", "seller@example.org"]
    assert "Contract" in mailoutbox[0].subject


@pytest.mark.parametrize(
    "terms",
    [
        Terms(value=Decimal(0), currency="USD"),
        Terms(value=Decimal(-5), currency="USD"),
        Terms(value=Decimal(5)),
        Terms(currency="USD"),
        Terms(value=Decimal(5), currency="USD", band="under_10k"),
        Terms(value=Decimal(10) ** 14, currency="USD"),
    ],
)
def test_a_value_that_says_nothing_is_refused(trio: Any, terms: Terms) -> None:
    with scope(edition=trio.edition), pytest.raises(OutcomeRefusedError):
        ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting, terms=terms)


def test_who_is_no_party_changes_nothing(trio: Any) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        attempts: list[Callable[[], Any]] = [
            lambda: ledger.confirm(outcome, trio.third),
            lambda: ledger.dispute(outcome, trio.third, "No"),
            lambda: ledger.withdraw(outcome, trio.third),
            lambda: ledger.amend(outcome, trio.buyer, Terms("Mine")),
            lambda: ledger.withdraw(outcome, trio.buyer),
            lambda: ledger.add_party(outcome, trio.buyer, trio.third.participation),
            lambda: add_evidence(outcome, trio.third, "a.pdf", PDF),
            lambda: ledger.claim(trio.third, CONTRACT, meeting=trio.meeting),
            lambda: ledger.claim(trio.third, CONTRACT),
        ]
        for attempt in attempts:
            with pytest.raises(OutcomeRefusedError):
                attempt()
        outcome.refresh_from_db()
        assert (outcome.state, outcome.parties.count()) == ("claimed", 2)


@pytest.mark.parametrize("content", [b"<html>", b"MZ\x90", b"", b"%PDF-" + b"x" * 5_000_000])
def test_only_documents_of_some_kinds_and_sizes_are_kept(trio: Any, content: bytes) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        with pytest.raises(OutcomeRefusedError):
            add_evidence(outcome, trio.seller, "contract.pdf", content)
        assert not OutcomeEvidence.objects.exists()


def test_the_same_day_months_later_is_the_last_of_a_shorter_month() -> None:
    assert after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert after(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert after(date(2026, 12, 31), 6) == date(2027, 6, 30)
    assert after(date(2026, 1, 15), 12) == date(2027, 1, 15)


# The pages


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_one_tap_claims_and_the_other_side_confirms_on_its_page(trio: Any, organiser_client: Client) -> None:
    seller, buyer, third = (client_of(each.user) for each in (trio.seller, trio.buyer, trio.third))
    claim = f"/en/{trio.edition.slug}/outcomes/claim/"
    page = seller.post(claim, {"meeting": trio.meeting.pk, "kind": "contract"})["Location"]
    assert "Waiting for your answer" in buyer.get(f"/en/{trio.edition.slug}/outcomes/").text
    assert "Yes, confirm" in buyer.get(page).text
    assert "Yes, confirm" not in seller.get(page).text
    assert third.get(page).status_code == 404
    assert third.post(f"{page}act/", {"act": "confirm"}).status_code == 404
    assert organiser_client.post(f"{page}act/", {"act": "confirm"}).status_code == 403
    terms = {"title": "Film", "value": "1000", "currency": "USD", "months": "12", "confidential": "on"}
    seller.post(f"{page}act/", {"act": "amend", **terms})
    assert "$1,000" in buyer.get(page).text
    buyer.post(f"{page}act/", {"act": "confirm"})
    assert "Confirmed by both sides" in organiser_client.get(page).text
    assert seller.post(claim, {"meeting": trio.meeting.pk, "kind": "war"}).status_code == 404
    assert third.post(claim, {"meeting": trio.meeting.pk, "kind": "contract"}).status_code == 404


def test_a_document_is_read_by_parties_and_organiser_only_and_judged_by_the_organiser(
    trio: Any, organiser_client: Client, other_organiser_client: Client, anonymous_client: Client
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    seller, buyer, third = (client_of(each.user) for each in (trio.seller, trio.buyer, trio.third))
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        ledger.confirm(outcome, trio.buyer)
    page = f"/en/{trio.edition.slug}/outcomes/{outcome.pk}/"
    wrong = SimpleUploadedFile("a.pdf", b"<script>")
    assert "none of them" in seller.post(f"{page}act/", {"act": "evidence", "file": wrong}, follow=True).text
    seller.post(f"{page}act/", {"act": "evidence", "file": SimpleUploadedFile("<b>.pdf", PDF)})
    with scope(edition=trio.edition):
        kept = OutcomeEvidence.objects.get()
    address = f"{page}documents/{kept.pk}/"
    for client in (seller, buyer, organiser_client):
        answer = client.get(address)
        assert answer.content == PDF
        assert answer["Content-Disposition"].startswith("attachment")
    assert [client.get(address).status_code for client in (third, other_organiser_client)] == [404, 404]
    assert anonymous_client.get(address).status_code == 302
    judged = {"act": "accept", "evidence": kept.pk}
    assert buyer.post(f"{page}act/", judged).status_code == 403
    assert "Documents to judge" in organiser_client.get(f"/en/{trio.edition.slug}/organiser/outcomes/").text
    organiser_client.post(f"{page}act/", judged)
    outcome.refresh_from_db()
    assert outcome.state == "evidenced"


def test_the_lists_ask_as_often_for_three_outcomes_as_for_one(trio: Any, organiser_client: Client) -> None:
    buyer = client_of(trio.buyer.user)
    pages = ((buyer, "outcomes/"), (organiser_client, "organiser/outcomes/"))

    def asked(kinds: list[Outcome.Kind]) -> list[int]:
        with scope(edition=trio.edition):
            for kind in kinds:
                ledger.claim(trio.seller, kind, meeting=trio.meeting)
        found = []
        for client, page in pages:
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/en/{trio.edition.slug}/{page}")
            found.append(len(queries))
        return found

    assert asked([CONTRACT]) == asked([SAMPLE, Outcome.Kind.QUOTE])


# Whatever is done


class LifeOfOutcomes(RuleBasedStateMachine):
    """Three firms, a meeting of two of them, and an organiser who judges documents."""

    def __init__(self) -> None:
        super().__init__()
        self.all_of_it = transaction.atomic()
        self.all_of_it.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.all_of_it.__exit__(None, None, None)

    @initialize()
    def hold_a_meeting(self) -> None:
        organisation = Organisation.objects.create(slug="body", name={"en": "Body"}, country="CN")
        day = date(2026, 11, 28)
        self.edition = Edition.objects.create(
            organisation=organisation, slug="life", country="CN", starts_on=day, ends_on=day, state="published"
        )
        self.judge_ = User.objects.create_user("judge@example.org")
        self.by: list[Acting] = []
        with scope(edition=self.edition):
            for number in range(3):
                firm = new_firm(legal_name=f"Firm {number}", country="CN", on=day)
                firm.save()
                participation = Participation.objects.create(edition=self.edition, firm=firm, kind="exhibitor")
                user = User.objects.create_user(f"u{number}@example.org")
                Role.objects.create(user=user, firm=firm, kind="owner")
                self.by.append(Acting(user, participation))
            at = datetime(2026, 11, 28, 10, tzinfo=UTC)
            self.met = Meeting.objects.create(
                edition=self.edition,
                host=self.by[0].participation,
                guest=self.by[1].participation,
                state="held",
                host_arrived_at=at,
                guest_arrived_at=at,
            )
        self.seen: dict[int, str] = {}

    def on_one(self, number: int, do: Callable[[Outcome], Any]) -> None:
        with scope(edition=self.edition), contextlib.suppress(OutcomeRefusedError):
            known = list(Outcome.objects.order_by("pk"))
            if known:
                do(known[number % len(known)])

    @rule(party=st.integers(0, 2), kind=st.sampled_from([CONTRACT, SAMPLE]), at_meeting=st.booleans())
    def claim(self, party: int, kind: Outcome.Kind, at_meeting: bool) -> None:
        with scope(edition=self.edition), contextlib.suppress(OutcomeRefusedError):
            others = () if at_meeting else (self.by[(party + 1) % 3].participation,)
            ledger.claim(self.by[party], kind, meeting=self.met if at_meeting else None, others=others)

    @rule(number=st.integers(0, 5), party=st.integers(0, 2), what=st.sampled_from("ccdawp"))
    def say(self, number: int, party: int, what: str) -> None:
        by = self.by[party]
        self.on_one(
            number,
            {
                "c": lambda outcome: ledger.confirm(outcome, by),
                "d": lambda outcome: ledger.dispute(outcome, by, "No"),
                "a": lambda outcome: ledger.amend(outcome, by, Terms("Other")),
                "w": lambda outcome: ledger.withdraw(outcome, by),
                "p": lambda outcome: ledger.add_party(outcome, by, self.by[2].participation),
            }[what],
        )

    @rule(number=st.integers(0, 5), accepted=st.booleans())
    def prove(self, number: int, accepted: bool) -> None:
        def do(outcome: Outcome) -> None:
            by = next(each for each in self.by if outcome.parties.filter(participation=each.participation).exists())
            ledger.judge(add_evidence(outcome, by, "a.pdf", PDF), self.judge_, accepted=accepted)

        self.on_one(number, do)

    @rule(number=st.integers(0, 5), party=st.integers(0, 2), said=st.sampled_from(FollowUp.Answer))
    def follow(self, number: int, party: int, said: FollowUp.Answer) -> None:
        def do(outcome: Outcome) -> None:
            if (first := outcome.follow_ups.first()) is not None:
                follow_ups.answer(first, self.by[party], said)

        self.on_one(number, do)

    @invariant()
    def nothing_vanishes_and_each_state_follows(self) -> None:
        if not hasattr(self, "seen"):
            return
        with scope(edition=self.edition):
            now = dict(Outcome.objects.values_list("pk", "state"))
        assert set(self.seen) <= set(now)
        for pk, before in self.seen.items():
            # An accepted document makes 'evidenced' of what the last party confirms, in one step.
            reached = {before, *FOLLOWS[before], *(two for one in FOLLOWS[before] for two in FOLLOWS[one])}
            assert now[pk] in reached
        self.seen = now

    @invariant()
    def a_fact_is_confirmed_by_all_and_proved_where_it_says_so(self) -> None:
        if not hasattr(self, "seen"):
            return
        with scope(edition=self.edition):
            for outcome in Outcome.objects.all():
                unsaid = OutcomeParty.objects.filter(outcome=outcome, confirmed_at__isnull=True).exists()
                proved = outcome.evidence.filter(state="accepted").exists()
                if outcome.state in ("confirmed", "evidenced", "fulfilled", "lapsed"):
                    assert not unsaid
                    assert outcome.follow_ups.count() == 3
                if outcome.state in ("evidenced", "fulfilled"):
                    assert proved
                if outcome.state == "claimed":
                    assert unsaid
            live = Outcome.objects.filter(meeting=self.met, state__in=ledger.LIVE).values_list("kind", flat=True)
            assert len(set(live)) == len(live), "one thing of one meeting is counted twice"
            assert sum(counts(self.edition).values()) == Outcome.objects.filter(state__in=ledger.LIVE).count()


@pytest.mark.django_db
def test_whatever_is_said_nothing_vanishes_and_every_fact_is_everybodys() -> None:
    run_state_machine_as_test(
        LifeOfOutcomes,
        settings=settings(
            max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_proxys_word_is_in_the_trail_with_whom_it_was_for(trio: Any) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        ledger.confirm(outcome, Acting(trio.third.user, trio.buyer.participation, by_proxy=True))
    entry = AuditEntry.objects.filter(action="outcome.confirmed").get()
    assert entry.user == trio.third.user
    assert entry.after["acted_for"] == trio.buyer.participation.firm.identifier


def test_outside_of_the_follow_up_nobody_is_asked_and_nothing_is_answered(trio: Any) -> None:
    opens, closes = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    set_phases(trio.edition, {Phase.Kind.FOLLOW_UP: (opens, closes)})
    before, during = opens - timedelta(days=1), opens + timedelta(days=90)
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        ledger.confirm(outcome, trio.buyer, now=datetime(2026, 11, 30, 9, tzinfo=UTC))
        first = outcome.follow_ups.order_by("months")[0]
        for at, sentence in ((before, "The follow-up opens on"), (closes, "The follow-up closed on")):
            with pytest.raises(OutcomeRefusedError, match=sentence):
                follow_ups.answer(first, trio.buyer, FollowUp.Answer.ON_TRACK, now=at)
            assert follow_ups.remind_due(trio.edition, on=first.due_on, now=at) == []
        assert follow_ups.remind_due(trio.edition, on=first.due_on, now=during) == [first]
        follow_ups.answer(first, trio.buyer, FollowUp.Answer.ON_TRACK, now=during)


def test_once_outcomes_can_be_stated_no_more_what_is_wrong_is_disputed_or_withdrawn_and_not_changed(
    trio: Any,
) -> None:
    with scope(edition=trio.edition):
        outcome = ledger.claim(trio.seller, CONTRACT, meeting=trio.meeting)
        set_phases(trio.edition, {Phase.Kind.OUTCOMES: (None, timezone.now() - timedelta(days=1))})
        for change in (
            lambda: ledger.amend(outcome, trio.seller, Terms("Ten times as much")),
            lambda: ledger.add_party(outcome, trio.seller, trio.third.participation),
        ):
            with pytest.raises(OutcomeRefusedError, match="Outcomes could be stated until"):
                change()
    page = f"/en/{trio.edition.slug}/outcomes/{outcome.pk}/"
    client = Client()
    client.force_login(trio.seller.user)
    shown = client.get(page).text
    assert "Outcomes could be stated until" in shown
    assert [word in shown for word in ('value="amend"', 'value="party"', 'value="withdraw"')] == [False, False, True]
    with scope(edition=trio.edition):
        ledger.dispute(outcome, trio.buyer, "Never spoken of")
        ledger.withdraw(outcome, trio.seller)
        assert Outcome.objects.get().title == {}


def test_by_the_usual_dates_the_last_outcome_is_asked_after_for_twelve_months(edition: Edition) -> None:
    spans = usual_phases(edition)
    stated, followed = spans[Phase.Kind.OUTCOMES][1], spans[Phase.Kind.FOLLOW_UP][1]
    assert stated is not None
    assert followed is not None
    assert after(stated.date(), 12) + timedelta(days=30) < followed.date()
