"""Badges of who comes without a booth: asked for, decided on by rules, printed by kind, read at the door."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.leads.domain import from_badge
from serai.expo.participants.delegations.domain import add_member, found, let_act, remove_member
from serai.expo.people.account.domain.privacy import erase, export_of
from serai.expo.people.account.domain.profile import change_profile
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.domain.badges import (
    BadgeRefusedError,
    decide,
    for_member,
    for_speaker,
    for_speakers,
    keep_badge,
    own_of,
    rules_of,
    set_rule,
    to_print,
)
from serai.expo.programme.badges.domain.documents import badges_pdf, token_of
from serai.expo.programme.badges.domain.door import read
from serai.expo.programme.badges.models import Badge, Kind
from serai.expo.programme.sessions.models import Appearance, Forum, Session, Speaker

type TakePart = Callable[..., Participation]


@pytest.fixture
def buying(edition: Edition, firm: Firm, take_part: TakePart) -> Participation:
    """What ``owner`` does at this fair: buy."""
    return take_part(edition, firm, kind="buyer")


@pytest.fixture
def speaker(edition: Edition, stranger: User) -> Speaker:
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="main", kind="main_forum", title={"en": "Main"})
        now = timezone.now()
        session = Session.objects.create(edition=edition, forum=forum, starts_at=now, ends_at=now + timedelta(hours=1))
        one = Speaker.objects.create(
            edition=edition,
            name={"zh-hans": "王小明", "en": "Wang Xiaoming"},
            sort_name="wang",
            affiliation={"en": "Institute of Chains"},
            country="CN",
            user=stranger,
        )
        Appearance.objects.create(edition=edition, session=session, speaker=one)
    return one


def test_a_buyer_asks_for_its_badge_and_prints_it(
    edition: Edition, buying: Participation, owner_client: Client, organiser_client: Client
) -> None:
    page = f"/en/{edition.slug}/badges/"
    assert 'value="owner@example.org"' in owner_client.get(page).text  # the reader's own is the first
    owner_client.post(page, {"name": "Ana Ruiz", "language": "es", "save": "1"})
    with scope(edition=edition):
        one = Badge.objects.get()
    assert (one.kind, one.state, one.participation) == ("buyer", "granted", buying)
    shown = owner_client.get(page).text
    assert "Ana Ruiz" in shown
    assert token_of(one) in shown
    sheet = owner_client.post(f"{page}badges.pdf", {"number": str(one.pk)})
    assert sheet.content.startswith(b"%PDF-")
    assert owner_client.post(page, {"name": "", "language": "es", "save": "1"}).status_code == 400


def test_the_badge_of_the_reader_begins_with_both_writings_of_the_name(
    edition: Edition, buying: Participation, owner: User, owner_client: Client
) -> None:
    names = {"given_name": "Xiaoming", "family_name": "Wang", "name_order": "family_first", "native_name": "王小明"}
    change_profile(owner, names, by=owner)
    page = owner_client.get(f"/en/{edition.slug}/badges/").text
    assert 'value="王小明"' in page
    assert 'value="Wang Xiaoming"' in page


def test_a_badge_of_the_press_waits_for_the_organiser_and_is_not_printed_before(
    edition: Edition, firm: Firm, take_part: TakePart, owner: User, owner_client: Client, organiser_client: Client
) -> None:
    take_part(edition, firm, kind="press")
    page, desk = f"/en/{edition.slug}/badges/", f"/en/{edition.slug}/organiser/badges/"
    owner_client.post(page, {"name": "Léa Fontanel", "language": "fr", "save": "1"})
    with scope(edition=edition):
        one = Badge.objects.get()
    assert one.state == "asked"
    assert token_of(one) not in owner_client.get(page).text
    assert owner_client.post(f"{page}badges.pdf").status_code == 404
    assert organiser_client.post(f"/en/{edition.slug}/organiser/badges.pdf", {"kind": "press"}).status_code == 404
    assert "1 badge waits for your decision." in organiser_client.get(desk).text
    organiser_client.post(desk, {"chosen": str(one.pk), "to": "refused"})
    with scope(edition=edition):
        one.refresh_from_db()
    assert one.state == "asked"  # without a reason nothing is refused
    organiser_client.post(desk, {"chosen": str(one.pk), "to": "refused", "reason": "No press card"})
    assert "No press card" in owner_client.get(page).text
    owner_client.post(f"{page}{one.pk}/", {"name": "Léa Fontanel-Roux", "language": "fr"})
    organiser_client.post(desk, {"chosen": str(one.pk), "to": "granted"})
    assert organiser_client.post(f"/en/{edition.slug}/organiser/badges.pdf", {"kind": "press"}).status_code == 200


def test_who_asked_for_badges_and_the_person_are_told_what_was_decided_in_one_letter_each(
    edition: Edition,
    firm: Firm,
    take_part: TakePart,
    owner: User,
    new_user: Callable[..., User],
    organiser: User,
    organiser_client: Client,
) -> None:
    reader = new_user("reader", firm=firm)  # a plain member asks for no badges
    with scope(edition=edition):
        press = take_part(edition, firm, kind="press")
        ones = [
            keep_badge(Badge(edition=edition, kind="press", participation=press, name=name), user=owner)
            for name in ("Léa Fontanel", "Li Wei")
        ]
        Badge.objects.filter(pk=ones[1].pk).update(user=reader)
        assert not Mail.objects.exists()
    sent = {"chosen": [str(one.pk) for one in ones], "to": "refused"}
    page = f"/en/{edition.slug}/organiser/badges/"
    organiser_client.post(page, sent)
    with scope(edition=edition):
        assert not Mail.objects.exists()  # nothing is refused without a reason
    for _twice in range(2):
        organiser_client.post(page, sent | {"reason": "No press card"})
    with scope(edition=edition):
        told = {mail.user: mail for mail in Mail.objects.all()}
        assert Mail.objects.count() == 2
        assert set(told) == {owner, reader}
        assert "Léa Fontanel, Li Wei" in told[owner].body
        assert "Léa" not in told[reader].body
        assert all("No press card" in mail.body and "refused" in mail.subject for mail in told.values())
        assert decide(ones[:1], "granted", user=organiser) == 1
        last = Mail.objects.order_by("pk").last()
        assert last is not None
        assert (last.user, "granted" in last.subject, "No press card" in last.body) == (owner, True, False)


def test_of_a_badge_of_nobody_with_an_account_its_own_address_is_told(edition: Edition, organiser: User) -> None:
    with scope(edition=edition):
        for email in ("", "daria@example.org"):
            one = Badge(edition=edition, kind="staff", name="Daria Volnova", email=email)
            decide([keep_badge(one, user=organiser)], "refused", "Not needed", user=organiser)
        mail = Mail.objects.get()
    assert (mail.user, mail.email) == (None, "daria@example.org")


def test_who_changes_a_name_that_was_decided_on_asks_anew(
    edition: Edition, firm: Firm, take_part: TakePart, owner: User, organiser: User
) -> None:
    with scope(edition=edition):
        press = take_part(edition, firm, kind="press")
        one = keep_badge(Badge(edition=edition, kind="press", participation=press, name="Léa"), user=owner)
        decide([one], "granted", user=organiser)
        one.email = "lea@example.org"
        assert keep_badge(one, user=owner).state == "granted"
        one.name = "Somebody Else"
        assert keep_badge(one, user=owner).state == "asked"
        one.name = "Léa F."
        assert keep_badge(one, user=organiser).state == "asked"  # the organiser grants by deciding


def test_the_organiser_sets_for_a_kind_whether_it_decides_and_how_many_there_are(
    edition: Edition, buying: Participation, owner: User, organiser: User, organiser_client: Client
) -> None:
    page = f"/en/{edition.slug}/organiser/badges/rules/"
    assert "Buyer: the organiser decides on each" in organiser_client.get(page).text
    with scope(edition=edition):
        before = rules_of(edition)
        assert set_rule(edition, "buyer", decided=True, most=1, user=organiser)
        assert not set_rule(edition, "buyer", decided=True, most=1, user=organiser)
        assert {kind for kind, rule in rules_of(edition).items() if rule != before[kind]} == {"buyer"}
        assert (
            keep_badge(Badge(edition=edition, kind="buyer", participation=buying, name="A"), user=owner).state
            == "asked"
        )
        with pytest.raises(BadgeRefusedError, match="At most 1"):
            keep_badge(Badge(edition=edition, kind="buyer", participation=buying, name="B"), user=owner)
        keep_badge(Badge(edition=edition, kind="buyer", participation=buying, name="B"), user=organiser)
    sent = {f"{kind}-most": "5" for kind in Kind.values} | {"press-decided": "on"}
    assert organiser_client.post(page, sent).status_code == 302
    with scope(edition=edition):
        assert {kind for kind, rule in rules_of(edition).items() if rule.decided} == {"press"}
        assert {rule.most for rule in rules_of(edition).values()} == {5}


def test_a_leader_asks_for_the_badges_of_the_delegation(
    edition: Edition, buying: Participation, owner: User, stranger: User, stranger_client: Client, organiser: User
) -> None:
    with scope(edition=edition):
        led = found(edition, stranger, "Delegation of Nairobi", "KE")
        head = add_member(led, by=stranger, name="Amina Okoye", part="head")
        firms = add_member(led, by=stranger, name="Ana Ruiz", participation=buying)
        one = for_member(firms, "en", user=stranger)
        assert one.participation is None  # nobody comes for a firm that has not agreed to it
        one.delete()
        let_act(firms, by=owner, let=True)
    page = f"/en/{edition.slug}/badges/"
    for member in (head, firms):
        stranger_client.post(page, {"member": str(member.pk)})
    with scope(edition=edition):
        badges = {badge.name: badge for badge in Badge.objects.filter(kind="delegation")}
        assert badges["Amina Okoye"].affiliation == "Delegation of Nairobi"
        assert badges["Ana Ruiz"].participation == buying
        assert {badge.state for badge in badges.values()} == {"asked"}
        assert set(own_of(stranger, edition)) == set(badges.values())
        assert set(own_of(owner, edition)) == {badges["Ana Ruiz"]}
        with pytest.raises(BadgeRefusedError, match="already"):
            for_member(head, "en", user=stranger)
        remove_member(head, by=stranger)
        assert set(Badge.objects.all()) == {badges["Ana Ruiz"]}
    assert stranger_client.post(page, {"member": "987654"}).status_code == 404


def test_who_speaks_has_a_badge_with_what_the_programme_says(
    edition: Edition, speaker: Speaker, stranger: User, stranger_client: Client, organiser: User
) -> None:
    with scope(edition=edition):
        silent = Speaker.objects.create(edition=edition, name={"en": "Nobody"}, sort_name="nobody")
        with pytest.raises(BadgeRefusedError, match="confirmed session"):
            for_speaker(silent, "en", user=organiser)
    stranger_client.post(f"/zh-hans/{edition.slug}/badges/", {"speaker": str(speaker.pk)})
    with scope(edition=edition):
        one = Badge.objects.get()
        assert (one.name, one.language, one.name_latin) == ("王小明", "zh-hans", "Wang Xiaoming")
        assert (one.affiliation, one.country, one.user) == ("Institute of Chains", "CN", stranger)
        assert for_speakers(edition, user=organiser) == 0
        assert badges_pdf([one], lambda token: token).startswith(b"%PDF-")
    assert export_of(stranger)["badge.user"][0]["name"] == "王小明"
    erase(stranger)
    with scope(edition=edition):
        assert not Badge.objects.exists()
        assert not Speaker.objects.filter(pk=speaker.pk).exists()


def test_a_badge_by_hand_is_for_who_comes_through_no_participant(
    edition: Edition, organiser_client: Client, stranger_client: Client
) -> None:
    page = f"/en/{edition.slug}/organiser/badges/new/"
    sent = {"kind": "staff", "name": "Daria Volnova", "language": "en", "affiliation": "Interpreters", "country": "RU"}
    assert organiser_client.post(page, sent | {"kind": "buyer"}).status_code == 400
    made = organiser_client.post(page, sent)
    with scope(edition=edition):
        one = Badge.objects.get()
    shown = organiser_client.get(made["Location"]).text
    assert "Staff of the fair" in shown
    assert organiser_client.post(made["Location"], {"print": "1"}).content.startswith(b"%PDF-")
    assert stranger_client.get(f"/en/{edition.slug}/badges/{one.pk}/").status_code == 404


def test_the_door_says_in_words_who_it_is_and_whether_the_badge_lets_in(
    edition: Edition, desk: Participation, buying: None, speaker: Speaker, organiser: User, organiser_client: Client
) -> None:
    with scope(edition=edition):
        one = for_speaker(speaker, "en", user=organiser)
        told = read(edition, token_of(one).lower(), "fr")
        assert (told.badge, told.why_not, told.firm, told.country) == (one, "", "Institute of Chains", "Chine")
        assert "made anew" in read(edition, "1-00000000", "en").why_not
        decide([one], "refused", "Not coming", user=organiser)
        assert "Not coming" in read(edition, token_of(one), "en").why_not
    scanned = organiser_client.get(f"/b/{edition.slug}/{token_of(one)}/")
    assert f"/organiser/door/?code={token_of(one)}" in scanned["Location"]
    page = organiser_client.get(scanned["Location"]).text
    assert "Does not let in" in page
    assert "Speaker" in page
    with scope(edition=edition):
        own = keep_badge(Badge(edition=edition, participation=desk, name="Ana"), user=organiser)
        assert read(edition, token_of(own), "en").why_not == ""
        Participation.objects.filter(pk=desk.pk).update(state="cancelled")
        assert "does not take part" in read(edition, token_of(own), "en").why_not


def test_exhibitors_read_every_badge_in_the_same_way(
    edition: Edition, desk: Participation, speaker: Speaker, organiser: User
) -> None:
    with scope(edition=edition):
        lead = from_badge(desk, for_speaker(speaker, "en", user=organiser))
    assert (lead.person, lead.firm_name, lead.other) == ("Wang Xiaoming", "Institute of Chains", None)


def test_badges_are_printed_by_kind_and_only_of_who_takes_part(
    edition: Edition, buying: Participation, desk: None, speaker: Speaker, owner: User, organiser: User
) -> None:
    with scope(edition=edition):
        own = keep_badge(Badge(edition=edition, kind="buyer", participation=buying, name="A"), user=owner)
        spoken = for_speaker(speaker, "en", user=organiser)
        assert set(to_print(edition)) == {own, spoken}
        assert set(to_print(edition, "speaker")) == {spoken}
        Participation.objects.filter(pk=buying.pk).update(state="applied")
        assert set(to_print(edition)) == {spoken}


def test_the_side_of_the_desk_counts_what_is_to_be_decided_on_and_what_is_to_be_printed(
    edition: Edition, buying: Participation, owner: User, take_part: TakePart, organiser_client: Client
) -> None:
    with scope(edition=edition):
        keep_badge(Badge(edition=edition, kind="buyer", participation=buying, name="A"), user=owner)
        press = take_part(edition, kind="press")
        for name in ("B", "C"):
            keep_badge(Badge(edition=edition, kind="press", participation=press, name=name), user=owner)
    desk = f"/en/{edition.slug}/organiser/"
    assert f'<a href="{desk}badges/">Badges <span class="count number">3<span' in organiser_client.get(desk).text


@pytest.mark.parametrize("page", ["badges/", "organiser/badges/"])
def test_a_list_takes_as_many_queries_for_three_as_for_one(
    edition: Edition,
    firm: Firm,
    owner: User,
    organisation: object,
    organiser: User,
    take_part: TakePart,
    page: str,
) -> None:
    Role.objects.create(user=organiser, firm=firm, kind="owner")
    client = Client()
    client.force_login(organiser)
    counts = []
    for number in range(3):
        with scope(edition=edition):
            one = take_part(edition, firm, kind=("buyer", "press", "delegation")[number])
            Badge.objects.create(edition=edition, participation=one, kind=one.kind, name=f"Person {number}")
        if number in (0, 2):
            client.get(f"/en/{edition.slug}/{page}")
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert f"Person {number}" in client.get(f"/en/{edition.slug}/{page}").text
            counts.append(len(queries))
    assert counts[0] == counts[1]
