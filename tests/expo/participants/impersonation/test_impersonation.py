"""An organiser acts for a person of a firm: timed, recorded, never beyond what is due."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.participants.impersonation.domain import MINUTES, ActingRefusedError, act_as, persons
from serai.expo.participants.impersonation.models import Impersonation
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.programme.sessions.models import CalendarFeed, Forum, Session

PASSWORD = "correct horse battery"
HOUR = timedelta(hours=1)


def begin(client: Client, edition: Edition, person: User, reason: str = "Asked for help by telephone") -> object:
    return client.post(f"/en/{edition.slug}/organiser/act-for/", {"person": person.pk, "reason": reason})


def shown_user(client: Client, edition: Edition) -> str:
    return str(client.get(f"/en/{edition.slug}/").context["user"])


def test_an_organiser_is_the_person_on_every_page_and_says_so(
    edition: Edition, member: User, organiser_client: Client
) -> None:
    begin(organiser_client, edition, member)
    page = organiser_client.get(f"/en/{edition.slug}/")
    assert str(page.context["user"]) == "Member"
    assert "You act for Member until" in page.text
    assert organiser_client.get(f"/en/{edition.slug}/organiser/").status_code == 403
    organiser_client.post("/en/acting/end/")
    assert shown_user(organiser_client, edition) == "Organiser"
    assert organiser_client.get(f"/en/{edition.slug}/organiser/").status_code == 200


def test_every_change_names_both(edition: Edition, member: User, organiser: User, organiser_client: Client) -> None:
    begin(organiser_client, edition, member)
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="forum", kind="side_event")
        begins = timezone.now() + timedelta(days=1)
        session = Session.objects.create(edition=edition, forum=forum, starts_at=begins, ends_at=begins + HOUR)
    organiser_client.post(f"/en/{edition.slug}/programme/{session.pk}/sign-up/")
    made = AuditEntry.objects.get(action="sign_up.made")
    assert (made.user, made.impersonator) == (member, organiser)
    begun = AuditEntry.objects.get(action="impersonation.begun")
    assert (begun.user, begun.impersonator) == (organiser, None)
    organiser_client.post("/en/acting/end/")
    assert AuditEntry.objects.filter(action="impersonation.ended", user=organiser).count() == 1


def test_the_secret_address_of_the_persons_calendar_stays_the_persons(
    edition: Edition, member: User, member_client: Client, organiser_client: Client
) -> None:
    member_client.post(f"/en/{edition.slug}/agenda/feed/")
    token = CalendarFeed.objects.get().token
    assert token in member_client.get(f"/en/{edition.slug}/agenda/").text
    begin(organiser_client, edition, member)
    page = organiser_client.get(f"/en/{edition.slug}/agenda/")
    assert (page.status_code, token in page.text, "agenda/feed/" in page.text) == (200, False, False)
    for said in ({}, {"end": ""}):
        assert organiser_client.post(f"/en/{edition.slug}/agenda/feed/", said).status_code == 403
    assert CalendarFeed.objects.get().token == token


def test_it_ends_by_itself(edition: Edition, member: User, organiser_client: Client) -> None:
    begin(organiser_client, edition, member)
    with scopes_disabled():
        acting = Impersonation.objects.get()
        assert acting.ends_at - acting.started_at <= timedelta(minutes=MINUTES, seconds=1)
        Impersonation.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert shown_user(organiser_client, edition) == "Organiser"


def test_it_ends_when_the_organiser_is_none_any_more(
    edition: Edition, member: User, organiser: User, organiser_client: Client
) -> None:
    begin(organiser_client, edition, member)
    Role.objects.filter(user=organiser).delete()
    assert shown_user(organiser_client, edition) == "Organiser"


@pytest.mark.parametrize(
    "page", ["account/", "account/security/", "account/my-data.json", "account/consents/", "sign-in/", "staff/"]
)
def test_the_pages_of_the_account_stay_closed(
    page: str, edition: Edition, member: User, organiser_client: Client
) -> None:
    begin(organiser_client, edition, member)
    answer = organiser_client.get(f"/en/{page}")
    assert answer.status_code == 403
    assert "closed to you" in answer.text


def test_another_fair_is_out_of_reach_meanwhile(
    edition: Edition, other_edition: Edition, member: User, organiser_client: Client
) -> None:
    begin(organiser_client, edition, member)
    assert organiser_client.get(f"/en/{other_edition.slug}/").status_code == 403


def test_nobody_acts_for_an_organiser_for_staff_or_for_a_stranger(
    edition: Edition, organiser: User, other_organiser: User, member: User, stranger: User, organisation: Organisation
) -> None:
    with scope(edition=edition):
        for refused in (organiser, other_organiser, stranger):
            with pytest.raises(ActingRefusedError, match="never for an organiser"):
                act_as(refused, organiser, edition, "a reason")
        with pytest.raises(ActingRefusedError, match="Write why"):
            act_as(member, organiser, edition, " ")
        assert list(persons(edition)) == [member]
        Role.objects.create(user=member, organisation=organisation, kind=Role.Kind.VIEWER)
        assert list(persons(edition)) == []
        assert not Impersonation.objects.exists()


def test_the_person_reads_who_acted_and_why(
    edition: Edition, member: User, organiser_client: Client, member_client: Client
) -> None:
    begin(organiser_client, edition, member, "Help with <b>the profile</b>")
    page = member_client.get("/en/account/").text
    assert "Organiser" in page
    assert "Help with &lt;b&gt;the profile&lt;/b&gt;" in page


def test_the_list_takes_as_many_queries_for_one_as_for_three(
    edition: Edition,
    take_part: Callable[..., object],
    a_firm: Callable[..., object],
    new_user: Callable[..., User],
    organiser_client: Client,
) -> None:
    page = f"/en/{edition.slug}/organiser/act-for/?q=person"
    counted = []
    for number in range(3):
        firm = a_firm()
        take_part(edition, firm)
        new_user(f"person-{number}", firm=firm)
        with CaptureQueriesContext(connection) as queries:
            assert organiser_client.get(page).text.count("Act for this person") == number + 1
        counted.append(len(queries))
    assert counted[1] == counted[2] <= counted[0]


def test_a_large_fair_is_searched_and_not_listed(
    edition: Edition, member: User, organiser_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serai.expo.participants.impersonation.domain.A_PAGE", 0)
    page = f"/en/{edition.slug}/organiser/act-for/"
    assert "Search by a name" in organiser_client.get(page).text
    monkeypatch.setattr("serai.expo.participants.impersonation.domain.A_PAGE", 1)
    for words in ("", "?q=member", "?q=materials", "?q=MEMBER@"):
        assert organiser_client.get(page + words).text.count("Act for this person") == 1
    assert "Nobody of a firm" in organiser_client.get(page + "?q=nobody").text
