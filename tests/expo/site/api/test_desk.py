"""The desk by programs: the team and when it is there, tasks, packages, expressions of interest."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.market.models import Interest
from serai.expo.participants.exhibitors.models import DeskTask, Presence
from serai.expo.participants.packages.models import Package
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.models import Role, User

PDF = base64.b64encode(b"%PDF-1.7\n").decode()
SAID = {"cooperation": "We would stock it", "about": "A dealer in Mombasa"}


@pytest.fixture
def path(edition: Edition, desk: Participation) -> str:
    return f"/editions/{edition.slug}/firms/{desk.firm.identifier}"


@pytest.fixture
def own(owner: User, program_of: Callable[..., Any]) -> Any:
    return program_of(owner, "read", "write")


@pytest.fixture
def directs(organiser: User, program_of: Callable[..., Any]) -> Any:
    return program_of(organiser, "read", "write", "organise")


def test_a_colleague_is_asked_by_mail_takes_a_seat_and_is_given_another_role(
    path: str,
    own: Any,
    desk: Participation,
    stranger: User,
    organiser: User,
    stranger_client: Any,
    deliver: Any,
    program_of: Any,
) -> None:
    assert own(f"{path}/seats").json() == {"seats": desk.seats, "taken": 1, "free": desk.seats - 1}
    asked = own(f"{path}/invitations", "post", {"mail": stranger.email, "kind": "scanner"})
    assert (asked.status_code, asked.json()["kind"]) == (201, "scanner")
    deliver()
    [letter] = mail.outbox
    link = next(word for word in str(letter.body).split() if word.startswith("http"))
    assert own(f"{path}/seats").json()["taken"] == 2
    stranger_client.post(link)
    assert own(f"{path}/invitations").json()["items"] == []
    joined = next(one for one in own(f"{path}/team").json()["items"] if one["mail"] == stranger.email)
    assert joined["kind"] == "scanner"
    one = f"{path}/team/{joined['number']}"
    assert own(one, "patch", {"kind": "manager"}).json()["kind"] == "manager"
    theirs = program_of(stranger, "read", "write")  # a manager edits the desk, and does not manage the team
    assert theirs(f"{path}/team").status_code == 403
    assert theirs(f"{path}/availability").status_code == 200
    assert program_of(organiser, "read", "organise")(f"{path}/team").status_code == 403
    assert own(one, "delete").status_code == 204
    assert not Role.objects.filter(user=stranger).exists()


def test_a_firm_keeps_an_owner_and_no_more_than_its_seats(path: str, own: Any, desk: Participation) -> None:
    only = own(f"{path}/team").json()["items"][0]["number"]
    for answer in (
        own(f"{path}/team/{only}", "patch", {"kind": "sales"}),
        own(f"{path}/team/{only}", "delete"),
        own(f"{path}/invitations", "post", {"mail": "owner@example.org"}),
    ):
        assert answer.status_code == 409
    desk.seats = 2
    desk.save()
    first = own(f"{path}/invitations", "post", {"mail": "one@example.org"}).json()
    full = own(f"{path}/invitations", "post", {"mail": "two@example.org"})
    assert (full.status_code, "seats" in full.json()["detail"]) == (409, True)
    assert own(f"{path}/invitations/{first['number']}", "delete").status_code == 204
    assert own(f"{path}/invitations", "post", {"mail": "two@example.org"}).status_code == 201
    assert TeamInvitation.objects.count() == 1
    for wrong in ({"mail": "nobody"}, {"mail": "two@example.org", "kind": "queen"}):
        assert own(f"{path}/invitations", "post", wrong).status_code == 422
    assert own(f"{path}/team/{only}", "patch", {"kind": "queen"}).status_code == 422


def test_who_takes_meetings_is_said_by_parts_of_days(edition: Edition, path: str, own: Any, owner: User) -> None:
    read = own(f"{path}/availability")
    parts = [part["key"] for part in read.json()["parts"]]
    assert len(parts) == 6  # three days, in halves
    assert [one["takes_meetings"] for one in read.json()["people"]] == [False]
    given = {"people": [{"mail": owner.email, "there": parts[:2]}]}
    kept = own(f"{path}/availability", "put", given, if_match=read["ETag"])
    assert kept.json()["people"][0] == {
        "mail": owner.email,
        "name": "Owner",
        "takes_meetings": True,
        "there": parts[:2],
    }
    assert own(f"{path}/availability", "put", given, if_match=read["ETag"]).status_code == 412
    for wrong in ({"mail": "nobody@example.org", "there": []}, {"mail": owner.email, "there": ["never"]}):
        refused = own(f"{path}/availability", "put", {"people": [wrong]})
        assert refused.status_code == 409
    with scope(edition=edition):
        assert len(Presence.objects.get().away) == 4
    own(f"{path}/availability", "put", {"people": []})
    with scope(edition=edition):
        assert not Presence.objects.exists()


def test_a_task_is_set_for_all_and_done_by_one_with_the_file_that_it_wants(
    edition: Edition, path: str, own: Any, directs: Any, take_part: Callable[..., Participation]
) -> None:
    take_part(edition)
    tasks = f"/editions/{edition.slug}/tasks"
    given = {"code": "insurance", "title": {"en": "Insure"}, "due_on": "2020-01-02", "wants_file": True}
    assert directs(tasks, "post", given).status_code == 201
    assert directs(tasks, "post", given).status_code == 409
    for wrong in ({"kinds": ["buyer"]}, {"page": "front"}, {"code": "a b"}):
        assert directs(tasks, "post", given | wrong).status_code == 422
    [mine] = own(f"{path}/tasks").json()["items"]
    assert (mine["late"], mine["done"]) == (True, False)
    without = own(f"{path}/tasks/insurance", "put", {"note": "Done"})
    assert (without.status_code, "file" in without.json()["detail"]) == (409, True)
    done = own(f"{path}/tasks/insurance", "put", {"note": "Done", "file": {"name": "policy.pdf", "content": PDF}})
    assert done.json() | {"done": True, "late": False, "note": "Done"} == done.json()
    assert done.json()["file"].startswith("policy")
    [counted] = directs(tasks).json()["items"]
    assert (counted["ticked"], counted["of"]) == (1, 2)
    assert own(f"{path}/tasks/insurance", "delete").status_code == 204
    assert own(f"{path}/tasks").json()["items"][0]["file"] is None
    changed = directs(f"{tasks}/insurance", "patch", {"kinds": ["service"]})
    assert changed.json()["kinds"] == ["service"]
    assert own(f"{path}/tasks").json()["items"] == []
    assert own(f"{path}/tasks/insurance", "put", {}).status_code == 404
    assert directs(f"{tasks}/insurance", "delete").status_code == 204
    with scope(edition=edition):
        assert not DeskTask.objects.exists()


def test_a_package_is_made_given_and_binds_and_says_what_is_left(
    edition: Edition, path: str, own: Any, directs: Any, desk: Participation, offer: Callable[..., Any]
) -> None:
    packages = f"/editions/{edition.slug}/packages"
    given = {"code": "gold", "title": {"en": "Gold"}, "seats": 3, "offers": 1, "price": 900.5, "currency": "USD"}
    made = directs(packages, "post", given)
    assert (made.status_code, made.json()["price"]) == (201, "900.50")
    assert own(f"{path}/package").json() == {"package": None, "shares": []}
    assert directs(f"{packages}/gold/give", "post", {"firms": ["CN000"]}).status_code == 409
    assert directs(f"{packages}/gold/give", "post", {"firms": [desk.firm.identifier]}).json() == {"given": 1}
    assert directs(packages).json()["items"][0]["exhibitors"] == 1
    offer(desk)
    left = own(f"{path}/package").json()
    assert left["package"]["code"] == "gold"
    shares = {one["name"]: one for one in left["shares"]}
    assert shares["offers"] == {"name": "offers", "used": 1, "most": 1, "full": True}
    assert (shares["seats"]["used"], shares["seats"]["most"], shares["badges"]["most"]) == (1, 3, None)
    refused = own(f"{path}/offers", "post", {"title": {"en": "Film"}, "hs": ["392020"]})
    assert (refused.status_code, "Gold" in refused.json()["detail"]) == (409, True)
    changed = directs(f"{packages}/gold", "patch", {"offers": None, "seats": 4}, if_match=made["ETag"])
    assert (changed.json()["offers"], changed.json()["price"]) == (None, "900.50")
    assert own(f"{path}/seats").json()["seats"] == 4
    late = directs(f"{packages}/gold", "delete", if_match=made["ETag"])
    assert late.status_code == 412
    wrong = directs(f"{packages}/gold", "patch", {"meetings_minimum": 50})
    assert wrong.status_code == 409
    assert directs(f"{packages}/gold", "delete").status_code == 204
    with scope(edition=edition):
        assert not Package.objects.exists()


@pytest.fixture
def asker(edition: Edition, a_firm: Any, take_part: Any, new_user: Any, program_of: Any) -> tuple[Participation, Any]:
    """A firm without a role in any other, and a program of its member."""
    firm = a_firm("Mombasa Dealers Ltd")
    return take_part(edition, firm), program_of(new_user("dealer", firm=firm), "read", "write")


def test_interest_in_what_goes_unnamed_names_it_when_it_is_accepted(
    edition: Edition, own: Any, desk: Participation, asker: tuple[Participation, Any], offer: Callable[..., Any]
) -> None:
    theirs, ask = asker
    item = offer(desk, anonymous=True)
    root = f"/editions/{edition.slug}"
    said = ask(f"{root}/offers/{item.pk}/interest", "post", SAID)
    assert (said.status_code, said.json()["firm"], said.json()["state"]) == (201, None, "open")
    assert ask(f"{root}/offers/{item.pk}/interest", "post", SAID).status_code == 409
    assert own(f"{root}/offers/{item.pk}/interest", "post", SAID).status_code == 409  # it is its own
    [got] = own(f"{root}/my/interests/received").json()["items"]
    assert (got["asker"], got["firm"], got["item"]) == (theirs.firm.identifier, desk.firm.identifier, "offer")
    assert ask(f"{root}/my/interests/{got['number']}/accept", "post", {}).status_code == 404
    accepted = own(f"{root}/my/interests/{got['number']}/accept", "post", {"words": "Gladly"})
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    [mine] = ask(f"{root}/my/interests/sent").json()["items"]
    assert (mine["firm"], mine["answer"]) == (desk.firm.identifier, "Gladly")
    assert own(f"{root}/my/interests/{got['number']}/decline", "post", {}).status_code == 409
    assert ask(f"{root}/my/interests/{got['number']}/withdraw", "post").status_code == 409


def test_declining_names_nobody_and_what_is_withdrawn_can_be_said_again(
    edition: Edition,
    own: Any,
    desk: Participation,
    asker: tuple[Participation, Any],
    need: Callable[..., Any],
    stranger: User,
    program_of: Callable[..., Any],
) -> None:
    _theirs, ask = asker
    item = need(desk, anonymous=True, agreements=["supply"])
    root = f"/editions/{edition.slug}"
    path = f"{root}/needs/{item.pk}/interest"
    assert program_of(stranger, "write")(path, "post", SAID).status_code == 403
    for wrong in ({"about": " "}, {"agreement": "marriage"}):
        assert ask(path, "post", SAID | wrong).status_code == 422
    refused = ask(path, "post", SAID | {"agreement": "licence"})
    assert (refused.status_code, "sought" in refused.json()["detail"]) == (409, True)
    number = ask(path, "post", SAID | {"agreement": "supply"}).json()["number"]
    assert ask(f"{root}/my/interests/{number}/withdraw", "post").json()["state"] == "withdrawn"
    assert own(f"{root}/my/interests/received").json()["items"] == []
    assert ask(path, "post", SAID).json()["number"] == number
    declined = own(f"{root}/my/interests/{number}/decline", "post", {"words": "Not now"})
    assert declined.json()["state"] == "declined"
    [mine] = ask(f"{root}/my/interests/sent").json()["items"]
    assert (mine["firm"], mine["answer"]) == (None, "Not now")


def test_who_was_vetoed_may_ask_and_is_not_seen(
    edition: Edition, own: Any, desk: Participation, asker: tuple[Participation, Any], offer: Callable[..., Any]
) -> None:
    theirs, ask = asker
    item = offer(desk)
    root = f"/editions/{edition.slug}"
    with scope(edition=edition):
        Wish.objects.create(edition=edition, wisher=desk, wished=theirs, strength="no_thanks")
    number = ask(f"{root}/offers/{item.pk}/interest", "post", SAID).json()["number"]
    assert own(f"{root}/my/interests/received").json()["items"] == []
    assert own(f"{root}/my/interests/{number}/accept", "post", {}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("side", ["received", "sent"])
def test_interests_take_as_many_queries_for_one_as_for_three(
    side: str,
    count: int,
    edition: Edition,
    own: Any,
    desk: Participation,
    asker: tuple[Participation, Any],
    offer: Callable[..., Any],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for _ in range(count):
        item = offer(desk)
        with scope(edition=edition):
            Interest.objects.create(edition=edition, asker=asker[0], offer=item, **SAID)
    call = own if side == "received" else asker[1]
    call(f"/editions/{edition.slug}/my/interests/{side}")  # the key is seen once, and that is kept
    with django_assert_num_queries(8):
        assert len(call(f"/editions/{edition.slug}/my/interests/{side}").json()["items"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_the_desk_take_as_many_queries_for_one_as_for_three(
    count: int,
    edition: Edition,
    path: str,
    own: Any,
    directs: Any,
    new_user: Callable[..., User],
    desk: Participation,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for number in range(count):
        new_user(f"colleague-{number}", firm=desk.firm)
        with scope(edition=edition):
            Package.objects.create(edition=edition, code=f"p{number}")
            DeskTask.objects.create(edition=edition, code=f"t{number}", due_on=timezone.localdate() + timedelta(1))
    lists = ((own, f"{path}/team"), (directs, f"/editions/{edition.slug}/packages"), (own, f"{path}/tasks"))
    for call, listed in lists:
        call(listed)
        with django_assert_max_num_queries(9):
            call(listed)
