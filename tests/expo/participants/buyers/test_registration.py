"""A buyer registers and is vetted; terms and targets; who may act for whom."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.domain.wishes import wish
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.participants.buyers.domain.hosted_buyers import (
    TermsRefusedError,
    accept_terms,
    accepted_by,
    publish_terms,
    set_targets,
)
from serai.expo.participants.buyers.domain.registration import (
    Answers,
    RegistrationRefusedError,
    ask_more,
    queue,
    register,
    register_by_name,
    tell_more,
    vet,
)
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.delegations.domain import (
    DelegationRefusedError,
    Journey,
    add_member,
    forget_journeys,
    found,
    let_act,
    remove_member,
)
from serai.expo.participants.delegations.models import DelegationMember
from serai.expo.participants.participation.domain.representation import NotTheirsError, acting, desks_of
from serai.expo.people.account.models import Role, User

type Make[Thing] = Callable[..., Thing]

ANSWERS = Answers("own_use", "Purchasing", hosted=True, about="Film, 400 tonnes a year")


def by_name(user: User, edition: Edition, name: str = "New Cells Ltd") -> Vetting:
    return register_by_name(user, edition, legal_name=name, country="DE", language="en", website="", answers=ANSWERS)


def test_a_new_firm_is_its_enterers_and_waits_for_the_organiser(edition: Edition, stranger: User) -> None:
    with scope(edition=edition):
        vetting = by_name(stranger, edition)
        assert vetting.participation.state == "applied"
        assert [one.firm.legal_name for one in desks_of(stranger, edition)] == ["New Cells Ltd"]
        assert list(queue(edition)) == [vetting]
        with pytest.raises(RegistrationRefusedError, match="registered as a buyer already"):
            by_name(stranger, edition)


def test_nobody_becomes_owner_of_a_known_firm_by_writing_its_name(
    edition: Edition, stranger: User, organiser: User, a_firm: Make[Firm], new_user: Make[User]
) -> None:
    a_firm("Known Cells GmbH", "DE")
    taken = a_firm("Taken Cells GmbH", "DE")
    new_user("hers", firm=taken)
    with scope(edition=edition):
        with pytest.raises(RegistrationRefusedError, match="take you into its team"):
            by_name(stranger, edition, "Taken Cells GmbH")
        vetting = by_name(stranger, edition, "known cells GMBH")
        assert vetting.known_firm
        assert desks_of(stranger, edition) == []
        vet(vetting, Participation.State.CONFIRMED, {}, by=organiser)
        assert [one.state for one in desks_of(stranger, edition)] == ["confirmed"]
        assert list(queue(edition)) == []


def test_a_firm_that_was_claimed_meanwhile_keeps_its_owner(
    edition: Edition, stranger: User, organiser: User, a_firm: Make[Firm], new_user: Make[User]
) -> None:
    known = a_firm("Known Cells GmbH", "DE")
    with scope(edition=edition):
        vetting = by_name(stranger, edition, "Known Cells GmbH")
        owner = new_user("hers", firm=known)
        Role.objects.filter(user=owner).update(kind=Role.Kind.OWNER)
        vet(vetting, Participation.State.CONFIRMED, {}, by=organiser)
    assert Role.objects.get(user=stranger, firm=known).kind == Role.Kind.MEMBER


def test_who_was_let_in_elsewhere_without_a_role_still_waits(
    edition: Edition, stranger: User, a_firm: Make[Firm], organiser: User
) -> None:
    a_firm("Known Cells GmbH", "DE")
    with scope(edition=edition):
        vetting = by_name(stranger, edition, "Known Cells GmbH")
        Participation.objects.filter(pk=vetting.participation_id).update(state="confirmed")
        [waiting] = queue(edition)
        vet(waiting, Participation.State.CONFIRMED, {}, by=organiser)
        assert list(queue(edition)) == []
        assert Role.objects.filter(user=stranger).count() == 1


def test_a_question_goes_back_and_an_answer_comes(edition: Edition, stranger: User, organiser: User) -> None:
    with scope(edition=edition):
        vetting = by_name(stranger, edition)
        with pytest.raises(RegistrationRefusedError, match="what you want to know"):
            ask_more(vetting, " ", by=organiser)
        ask_more(vetting, "How much?", by=organiser)
        tell_more(vetting, "500 tonnes", by=stranger)
        vetting.refresh_from_db()
        assert (vetting.state, vetting.about) == ("waiting", "500 tonnes")


def test_a_refusal_has_a_reason_and_one_may_register_again(edition: Edition, stranger: User, organiser: User) -> None:
    with scope(edition=edition):
        vetting = by_name(stranger, edition)
        with pytest.raises(RegistrationRefusedError, match="reason"):
            vet(vetting, Participation.State.REJECTED, {}, by=organiser)
        vet(vetting, Participation.State.REJECTED, {"en": "Not a buyer"}, by=organiser)
        again = register(stranger, edition, vetting.participation.firm, ANSWERS)
        assert (again.pk, again.state, again.participation.state) == (vetting.pk, "waiting", "applied")


def test_terms_are_versions_and_the_targets_the_buyers_own(
    edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], new_user: Make[User], organiser: User
) -> None:
    firm = a_firm()
    with scope(edition=edition):
        by = acting(new_user("buyer", firm=firm), take_part(edition, firm, "buyer"))
        with pytest.raises(TermsRefusedError, match="one language"):
            publish_terms(edition, {"en": " "}, suggested=1, maximum=2, by=organiser)
        publish_terms(edition, {"en": "Hotel"}, suggested=6, maximum=20, by=organiser)
        accept_terms(by, 1)
        accept_terms(by, 1)
        publish_terms(edition, {"en": "Hotel and flight"}, suggested=8, maximum=20, by=organiser)
        kept = accepted_by(by.participation)
        assert kept is not None
        assert (kept.terms.version, kept.terms.text) == (1, {"en": "Hotel"})
        with pytest.raises(TermsRefusedError, match="newer version"):
            accept_terms(by, 1)
        set_targets(by, 0, 0)
        own = Participation.objects.get(pk=by.participation.pk)
        assert (own.meetings_minimum, own.meetings_maximum) == (0, 0)
        for least, most in ((3, 2), (-1, 2), (0, 21)):
            with pytest.raises(TermsRefusedError):
                set_targets(by, least, most)


def test_targets_are_not_below_what_has_a_time(
    edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], new_user: Make[User]
) -> None:
    firm = a_firm()
    with scope(edition=edition):
        by = acting(new_user("buyer", firm=firm), take_part(edition, firm, "buyer"))
        at = edition.starts_on
        Meeting.objects.create(
            edition=edition,
            host=take_part(edition),
            guest=by.participation,
            state="confirmed",
            starts_at=f"{at}T10:00+00:00",
            ends_at=f"{at}T10:30+00:00",
        )
        with pytest.raises(TermsRefusedError, match="Cancel some first"):
            set_targets(by, 0, 0)


def test_a_leader_acts_for_a_firm_while_it_agrees_and_the_trail_names_both(
    edition: Edition, stranger: User, member: User, take_part: Make[Participation]
) -> None:
    with scope(edition=edition):
        own = Participation.objects.get(firm__roles__user=member)
        delegation = found(edition, stranger, "Southern millers", "KE")
        added = add_member(delegation, by=stranger, name="Amina", participation=own)
        with pytest.raises(NotTheirsError):
            acting(stranger, own)
        with pytest.raises(DelegationRefusedError, match="firm itself"):
            let_act(added, by=stranger, let=True)
        let_act(added, by=member, let=True)
        by = acting(stranger, own)
        assert by.by_proxy
        wish(by, take_part(edition), Wish.Strength.MUST)
        let_act(added, by=member, let=False)
        with pytest.raises(NotTheirsError):
            acting(stranger, own)
        remove_member(added, by=stranger)
    said = AuditEntry.objects.get(action="wish.said")
    assert (said.user, said.after["acted_for"]) == (stranger, own.firm.identifier)


def test_journeys_make_sense_and_are_forgotten(edition: Edition, stranger: User, member: User) -> None:
    day = date(2026, 11, 27)
    with scope(edition=edition):
        delegation = found(edition, stranger, "Southern millers")
        with pytest.raises(DelegationRefusedError, match="already"):
            found(edition, stranger, "Another")
        with pytest.raises(DelegationRefusedError, match="before arriving"):
            add_member(delegation, by=stranger, name="A", journey=Journey(day, day - timedelta(days=1)))
        with pytest.raises(DelegationRefusedError, match="Only the leader"):
            add_member(delegation, by=member, name="A")
        add_member(delegation, by=stranger, name="A", journey=Journey(day, day, "wanted"))
        assert forget_journeys(edition) == 1
        kept = DelegationMember.objects.get()
        assert (kept.arrives_on, kept.leaves_on, kept.letter) == (None, None, "none")


# The pages


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_from_registration_to_being_let_in_on_the_pages(
    edition: Edition, stranger: User, organiser_client: Client
) -> None:
    client = client_of(stranger)
    base = f"/en/{edition.slug}"
    assert "Register as a buyer" in client.get(f"{base}/buyer/").text
    assert "This is needed" in client.post(f"{base}/buyer/register/", {"purpose": "resale"}).text
    sent = {"legal_name": "New Cells Ltd", "country": "DE", "purpose": "own_use", "about": "Film", "hosted": "on"}
    assert client.post(f"{base}/buyer/register/", sent)["Location"] == f"{base}/buyer/"
    queue_page = organiser_client.get(f"{base}/organiser/buyers/").text
    assert "New Cells Ltd" in queue_page
    assert "wants to be hosted" in queue_page
    with scope(edition=edition):
        vetting = Vetting.objects.get()
    organiser_client.post(f"{base}/organiser/buyers/", {"vetting": vetting.pk, "to": "ask", "words": "Which film?"})
    assert "Which film?" in client.get(f"{base}/buyer/").text
    client.post(f"{base}/buyer/registrations/{vetting.pk}/", {"about": "Separator film"})
    organiser_client.post(f"{base}/organiser/buyers/", {"vetting": vetting.pk, "to": "confirmed"})
    assert "State a need" in client.get(f"{base}/buyer/").text
    assert client.get(f"{base}/meetings/").status_code == 200


def test_terms_are_published_and_accepted_on_the_pages(
    edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], new_user: Make[User], organiser_client: Client
) -> None:
    firm = a_firm()
    take_part(edition, firm, "buyer")
    client = client_of(new_user("buyer", firm=firm))
    base = f"/en/{edition.slug}"
    sent = {"text_en": "Three nights", "suggested": 6, "maximum": 12}
    assert organiser_client.post(f"{base}/organiser/buyers/terms/", sent).status_code == 302
    assert "Three nights" in client.get(f"{base}/buyer/").text
    client.post(f"{base}/buyer/terms/", {"version": 1})
    assert "You accepted version 1" in client.get(f"{base}/buyer/").text
    client.post(f"{base}/buyer/targets/", {"minimum": 0, "maximum": 2})
    with scope(edition=edition):
        assert Participation.objects.get(firm=firm).meetings_maximum == 2


def test_a_delegation_on_its_page(edition: Edition, stranger: User, member: User, organiser_client: Client) -> None:
    leader, own = client_of(stranger), client_of(member)
    page = f"/en/{edition.slug}/buyer/delegation/"
    leader.post(page, {"act": "found", "name": "Southern millers", "country": "KE"})
    with scope(edition=edition):
        firm = Participation.objects.get(firm__roles__user=member).firm.identifier
    assert (
        "No firm with this identifier"
        in leader.post(page, {"act": "add", "name": "X", "part": "staff", "firm": "NO"}).text
    )
    leader.post(page, {"act": "add", "name": "Amina", "part": "head", "firm": firm, "letter": "on"})
    assert "has not agreed yet" in leader.get(page).text
    assert leader.get(f"/en/{edition.slug}/meetings/").status_code == 302
    with scope(edition=edition):
        added = DelegationMember.objects.get()
    assert leader.post(page, {"act": "let", "member": added.pk}).status_code == 404
    own.post(page, {"act": "let", "member": added.pk})
    assert "as the leader of its delegation" in leader.get(f"/en/{edition.slug}/meetings/").text
    organiser_client.post(f"/en/{edition.slug}/organiser/delegations/", {"member": added.pk})
    added.refresh_from_db()
    assert added.letter == "sent"
