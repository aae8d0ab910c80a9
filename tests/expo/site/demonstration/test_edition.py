"""The demonstration edition in the database: made, counted, and taken away again."""

import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.db import transaction
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.phases import standings
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import letters
from serai.expo.fairs.mailing.domain.letter_words import check_wording
from serai.expo.fairs.mailing.domain.segments import reach
from serai.expo.fairs.mailing.domain.templates import check
from serai.expo.fairs.mailing.models import Mail, MailTemplate, Segment
from serai.expo.firms.record.domain.names import new_firm
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.meetings.requests.domain.requests import received
from serai.expo.offers.chains.models import Node, Placement
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.buyers.domain.registration import queue
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.programme.badges.domain.badges import speaking
from serai.expo.programme.proposals.models import Proposal
from serai.expo.programme.sessions.models import SignUp, Speaker
from serai.expo.results.assistance.domain import without_case
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.report.domain.properties import figures
from serai.expo.site.demonstration.domain import edition as demonstration
from serai.expo.site.demonstration.domain.edition import (
    DemoExistsError,
    create_demo,
    delete_demo,
    first_day,
)
from serai.world.classifications.country_groups import members
from tests.expo.clock import NOW

pytestmark = pytest.mark.any_database  # tests/expo/test_command.py makes it on each

PASSWORD = "correct horse battery"
AGREEMENTS = {"contract", "memorandum", "joint_venture", "licence", "investment"}


def digest(fair) -> str:
    """Everything that is said of a fair, folded."""
    said = hashlib.sha256()
    for entrant in fair.everyone:
        firm, participation = entrant.firm, entrant.participation
        said.update(repr((firm.identifier, firm.legal_name, firm.name, firm.city, firm.description)).encode())
        said.update(repr((participation.kind, participation.area_m2, participation.entered_at)).encode())
        said.update(repr([(item.title, item.text, item.hs) for item in (*entrant.offers, *entrant.needs)]).encode())
    for wish in fair.wishes:
        said.update(f"{wish.wisher.firm.identifier} {wish.strength} {wish.wished.firm.identifier}".encode())
    return said.hexdigest()


@pytest.mark.slow
def test_the_same_seed_makes_the_same_fair_and_another_seed_another(fair, invent):
    assert digest(invent(2023)) == digest(fair)
    assert digest(invent(7)) != digest(fair)


def made(phase, django_db_blocker):
    """The demonstration edition for the tests of a class, rolled back after them.

    Without places on the chains, which take two thirds of the time and are looked at by tests/browser, and without
    suggestions for each buyer, which take most of the rest.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched, transaction.atomic():
        patched.setattr(demonstration, "place_edition", lambda *_: None)
        patched.setattr(demonstration, "suggest", lambda *_, **__: None)
        with time_machine.travel(NOW):  # a class's fixture begins before the clock of its tests
            edition = create_demo(password=PASSWORD, phase=phase)
        yield edition
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def before(django_db_setup, django_db_blocker):
    yield from made("before", django_db_blocker)


@pytest.fixture(scope="class")
def after(django_db_setup, django_db_blocker):
    yield from made("after", django_db_blocker)


@pytest.mark.parametrize("days", range(400))
def test_it_is_to_come_within_days_or_over_whenever_it_is_made(days):
    today = NOW.date() + timedelta(days=days)
    assert 2 <= (first_day("before", today) - today).days <= 8
    assert first_day("before", today).strftime("%A") == "Tuesday"
    assert 8 <= (today - first_day("after", today)).days <= 14


@pytest.mark.slow
@pytest.mark.django_db
class TestBeforeTheFair:
    def test_the_report_gives_the_published_figures(self, before):
        counted = {figure.code: figure.value for figure in figures(before)}
        assert counted["exhibitors"] == 515
        assert counted["countries"] == 55
        assert round(counted["foreign_share"]) == 26
        assert round(counted["american_european_share"]) == 36
        assert 47 < counted["belt_and_road_share"] < 50
        assert counted["least_developed"] >= 12
        assert counted["assistance_firms"] >= counted["least_developed"]
        assert counted["area"] == 100_000
        assert counted["buyers"] == 4_000
        assert counted["forums"] == 7

    def test_it_is_fictional_public_and_to_come(self, before):
        assert before.fictional
        assert before.state == Edition.State.PUBLISHED
        assert (before.starts_on, before.ends_on) == (date(2026, 12, 1), date(2026, 12, 5))
        assert Edition.objects.filter(fictional=True).exists()

    def test_every_phase_has_dates_around_the_fair_and_is_open(self, before):
        for at in (None, datetime(2026, 12, 1, 12, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)):
            found = standings(before, at)
            assert {kind for kind, one in found.items() if one.open and one.opens_at and one.closes_at} == set(found)

    def test_each_of_the_four_users_signs_in_and_has_one_role(self, before):
        for name in ("organiser", "reviewer", "exhibitor", "buyer"):
            user = authenticate(username=f"{name}@demo.example", password=PASSWORD)
            role = Role.objects.get(user=user)
            assert (role.organisation == before.organisation) == (name in {"organiser", "reviewer"})

    def test_three_sessions_are_proposed_one_of_them_is_in_the_programme_and_one_waits_with_two_reviews(self, before):
        with scope(edition=before):
            found = {one.state: one for one in Proposal.objects.all()}
            reviewed = {state: one.reviews.count() for state, one in found.items()}
            accepted = found["accepted"]
            speakers = [one.speaker for one in accepted.speakers.all()]
            assert reviewed == {"accepted": 2, "submitted": 2, "declined": 1}
            assert accepted.title == accepted.session.title
            assert speakers == [one.speaker for one in accepted.session.appearances.all()] != []
            assert all(found[state].answer for state in ("accepted", "declined"))

    def test_two_speak_for_exhibitors_and_one_of_them_is_the_exhibitors_person(self, before):
        with scope(edition=before):
            named = list(Speaker.objects.filter(participation__isnull=False).select_related("participation__firm"))
            assert [one.affiliation for one in named] == [one.participation.firm.name for one in named]
            assert [one.user.email for one in speaking(before) if one.user] == ["exhibitor@demo.example"]
            assert len(named) == 2

    def test_a_word_of_an_offer_finds_its_exhibitor(self, before):
        with scope(edition=before):
            found = Participation.objects.filter(tokens__contains=" lidar ").exclude(kind="buyer")
            assert found.count() >= 1
            assert not Participation.objects.filter(tokens="").exists()

    def test_the_organisers_desk_has_cases_segments_and_a_letter_in_six_languages(self, before):
        with scope(edition=before):
            assert {one.participation.firm.country for one in AssistanceCase.objects.all()} <= members(
                "LDC", before.starts_on
            )
            assert not without_case(before).exists()
            assert {reach(before, one.filters).participations > 10 for one in Segment.objects.all()} == {True}
            letter = MailTemplate.objects.get(key="two-languages")
            own = MailTemplate.objects.exclude(key="two-languages").get()
        check_wording(letters()[own.key], own.subject, own.body)
        check(letter.subject, letter.body)
        assert len(letter.body) == 6

    def test_no_meeting_has_been_held_yet_and_nothing_is_confirmed(self, before):
        with scope(edition=before):
            assert set(Meeting.objects.values_list("state", flat=True)) == {"confirmed", "wished"}
            assert [outcome.state for outcome in Outcome.objects.all()] == ["claimed"]

    def test_the_demonstrations_buyer_has_requests_meetings_and_a_claim_to_answer(self, before):
        with scope(edition=before):
            own = Participation.objects.get(firm__roles__user__email="buyer@demo.example")
            seller = Participation.objects.get(firm__roles__user__email="exhibitor@demo.example")
            a_week_before = datetime.combine(before.starts_on - timedelta(days=7), datetime.min.time(), UTC)
            assert received(own, a_week_before).count() == 2
            assert MeetingRequest.objects.filter(asked=seller, state="open").count() == 1
            assert Meeting.objects.filter(guest=own).count() == 2
            assert Outcome.objects.filter(parties__participation=own).count() == 1
            assert queue(before).count() == 2

    def test_its_outbox_tells_of_a_badge_that_is_granted_and_of_a_seat_that_becomes_free(self, before):
        with scope(edition=before):
            told = Mail.objects.filter(user__email="buyer@demo.example").values_list("subject", flat=True)
            assert sum("Tunde Bello" in subject for subject in told) == 1
            assert sum(subject.startswith("You have a seat: ") for subject in told) == 1
            assert SignUp.objects.get().state == SignUp.State.CONFIRMED

    def test_the_creation_is_in_the_audit_trail(self, before):
        assert AuditEntry.objects.get(action="demo.created").edition == before

    def test_a_second_one_is_refused(self, before):
        with pytest.raises(DemoExistsError, match="already"):
            create_demo(password=PASSWORD)

    def test_nothing_of_it_is_left_when_it_is_deleted_but_firms_of_other_fairs(self, before, edition):
        with scopes_disabled():
            stays = Firm.objects.filter(participations__edition=before).first()
            Participation.objects.create(edition=edition, firm=stays, kind="buyer")
            offer, node = Offer.objects.filter(edition=before)[0], Node.objects.all()[0]
            placed = {"participation": offer.participation, "offer": offer, "side": "offer", "node": node}
            Placement.objects.create(edition=before, **placed, confidence=0.9, evidence=[])
            delete_demo()
            assert not Edition.objects.filter(fictional=True).exists()
            assert set(Firm.objects.all()) == {stays}
            for model in (Offer, Need, Placement, Wish):
                assert not model.objects.exists()
            assert not User.objects.filter(email__endswith="@demo.example").exists()
            assert set(Organisation.objects.all()) == {edition.organisation}

    def test_deleting_what_is_not_there_does_nothing(self, before):
        delete_demo()
        delete_demo()
        assert not Edition.objects.filter(fictional=True).exists()


@pytest.mark.slow
@pytest.mark.django_db
class TestAfterTheFair:
    def test_it_is_over(self, after):
        assert after.ends_on == date(2026, 11, 20)
        assert after.state == Edition.State.CLOSED

    def test_a_meeting_held_has_two_arrivals_within_the_fair(self, after):
        with scope(edition=after):
            held = list(Meeting.objects.filter(state=Meeting.State.HELD))
            assert len(held) > 2_000
            assert all(meeting.host_arrived_at and meeting.guest_arrived_at for meeting in held)
            assert all(after.starts_on <= meeting.starts_at.date() <= after.ends_on for meeting in held)

    def test_nobody_meets_two_at_a_time(self, after):
        with scope(edition=after):
            times = Counter(
                (party, starts_at)
                for host, guest, starts_at in Meeting.objects.values_list("host", "guest", "starts_at")
                for party in (host, guest)
            )
            assert set(times.values()) == {1}

    def test_no_meeting_is_of_a_pair_of_which_one_refused(self, after):
        with scope(edition=after):
            refused = {
                frozenset(pair)
                for pair in Wish.objects.filter(strength=Wish.Strength.NO_THANKS).values_list("wisher", "wished")
            }
            assert not refused & {frozenset(pair) for pair in Meeting.objects.values_list("host", "guest")}

    def test_more_than_200_agreements_are_claimed_confirmed_or_evidenced_by_two_parties(self, after):
        with scope(edition=after):
            agreements = list(Outcome.objects.filter(kind__in=AGREEMENTS).prefetch_related("parties"))
            assert len(agreements) > 200
            assert {outcome.state for outcome in agreements} == {"claimed", "confirmed", "evidenced"}
            for outcome in agreements:
                confirmed = sum(party.confirmed_at is not None for party in outcome.parties.all())
                assert confirmed == (1 if outcome.state == "claimed" else 2)

    def test_nothing_was_confirmed_after_the_days_that_followed_the_fair(self, after):
        latest = max(OutcomeParty.objects.exclude(confirmed_at=None).values_list("confirmed_at", flat=True))
        assert latest < datetime.combine(after.ends_on, datetime.max.time(), UTC) + timedelta(days=3)


@pytest.mark.django_db
def test_the_name_of_the_demonstration_is_left_to_whoever_has_it(new_edition, organisation):
    mine = new_edition(organisation, "demo")
    new_firm(legal_name="Mine Ltd", country="CN", on=date(2026, 1, 2)).save()
    delete_demo()
    assert Edition.objects.get(slug="demo") == mine
    assert Firm.objects.count() == 1
    with pytest.raises(DemoExistsError):
        create_demo(password=PASSWORD)
