"""Letters that Serai sends singly: their built-in words, an organiser's own by language, and what is refused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import get_language
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import EVERYWHERE, letter, letters
from serai.expo.fairs.mailing.domain.letter_words import LANGUAGES, built_in, example, reset, set_wording, wording
from serai.expo.fairs.mailing.domain.letters import send_letter, send_letters, site_address
from serai.expo.fairs.mailing.domain.templates import TemplateFaultError, places_in, save_template
from serai.expo.fairs.mailing.models import Mail, MailTemplate
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.domain.notification import tell
from serai.expo.participants.buyers.domain.registration import ask_more
from serai.expo.participants.buyers.models import Vetting
from serai.expo.people.account.models import User


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_built_in_words_have_only_places_that_there_are_and_all_that_are_needed(language: str) -> None:
    assert len(letters()) >= 19
    for kind in letters().values():
        said = built_in(kind, language)
        placed = places_in(said.subject) | places_in(said.body)
        assert set(kind.needed) <= placed <= set(kind.places), kind.key
        assert set(kind.own_places) - set(kind.at_the_end) - placed == set(), kind.key


def test_every_letter_reads_well_with_example_values(edition: Edition) -> None:
    for kind in letters().values():
        for language in ("en", "ar"):
            read = example(kind, edition, built_in(kind, language), "https://fair.example")
            assert "{" not in read.subject + read.body, kind.key
            assert "\n\n\n" not in read.body
            assert read.language == language


def test_a_letter_is_in_the_readers_language_and_in_the_organisers_words_where_there_are_some(
    edition: Edition,
    member: User,
    take_part: Callable[..., Participation],
    organiser: User,
    a_firm: Callable[..., Firm],
) -> None:
    other = take_part(edition, a_firm("Cells Ltd", name={"en": "Cells {Ltd}"}))
    with scope(edition=edition):
        own = Participation.objects.get(firm__roles__user=member)
        tell(own, other, "meeting-asked")
        set_wording(edition, "meeting-asked", {"fr": "{other} !"}, {"fr": "{name}, à {fair} : {link}"}, user=organiser)
        tell(own, other, "meeting-asked")
        User.objects.filter(pk=member.pk).update(language="fr")
        tell(own, other, "meeting-asked")
        first, second, third = Mail.objects.order_by("pk")
    assert first.subject == second.subject == "Cells {Ltd} asks you to meet"
    assert (third.subject, third.language) == ("Cells {Ltd} !", "fr")
    assert re.fullmatch(r"Member, à .+ : https?://.+/fair-2026/", third.body)


def test_what_is_not_placed_but_belongs_to_the_end_stands_there(
    edition: Edition, member: User, organiser: User
) -> None:
    said = {"firm": "Cells", "reason": "The hall is full."}
    with scope(edition=edition):
        set_wording(edition, "application-rejected", {"en": "No"}, {"en": "Sorry, {firm}."}, user=organiser)
        end = send_letter(edition, member, "application-rejected", said)
        set_wording(edition, "application-rejected", {"en": "No"}, {"en": "{reason} Sorry."}, user=organiser)
        placed = send_letter(edition, member, "application-rejected", said)
    assert end.body == "Sorry, Cells.\n\nThe hall is full."
    assert placed.body == "The hall is full. Sorry."


@pytest.mark.parametrize(
    ("hosts", "https", "address"),
    [
        (["127.0.0.1", "localhost"], False, "http://127.0.0.1:8123"),
        (["fair.example", "localhost"], False, "http://fair.example"),
        (["*", "fair.example"], True, "https://fair.example"),
        (["*"], True, "https://localhost"),
    ],
)
def test_a_link_in_a_letter_leads_to_the_port_while_the_site_is_on_one_machine(
    hosts: list[str], https: bool, address: str, settings: Any
) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS, settings.LOCAL_PORT = hosts, https, "8123"
    assert site_address() == address


def test_many_are_written_to_by_as_many_queries_as_one_each_in_the_own_language_and_an_address_too(
    edition: Edition, member: User, stranger: User, organiser: User
) -> None:
    User.objects.filter(pk=stranger.pk).update(language="fr")
    stranger.refresh_from_db()
    taken = []
    for readers in ([member], [member, stranger, organiser, "nobody-yet@example.org"]):
        with CaptureQueriesContext(connection) as queries:
            assert send_letters(edition, readers, "meeting-asked", lambda _reader: {"other": get_language()}) == len(
                readers
            )
        taken.append(len(queries))
    assert taken[0] == taken[1]
    assert send_letters(edition, [], "meeting-asked", dict) == 0
    with scope(edition=edition):
        seen = {mail.address: (mail.language, mail.subject.split()[0]) for mail in Mail.objects.all()}
    assert seen[stranger.email] == ("fr", "fr")
    assert seen[member.email] == seen["nobody-yet@example.org"] == ("en", "en")


@pytest.mark.parametrize(
    ("subject", "body", "why"),
    [
        ({"en": "Join"}, {"en": "Come: {adress}"}, "English: there is no {adress}; there are {firm}, "),
        ({"en": "Join {firm}"}, {"en": "Come."}, "English: {address} is missing"),
        ({"en": "Join", "fr": "Venez"}, {"en": "Come: {address}"}, "français: give both a subject and a text."),
        ({"en": "Join {"}, {"en": "Come: {address}"}, "English: a curly bracket has no partner."),
    ],
)
def test_words_that_cannot_be_used_are_refused_in_a_sentence_and_change_nothing(
    edition: Edition, organiser: User, organiser_client: Client, subject: dict[str, str], body: dict[str, str], why: str
) -> None:
    with scope(edition=edition):
        with pytest.raises(TemplateFaultError) as refused:
            set_wording(edition, "team-invitation", subject, body, user=organiser)
        assert str(refused.value).startswith(why)
        sent = {f"subject_{code}": text for code, text in subject.items()}
        sent |= {f"body_{code}": text for code, text in body.items()}
        answer = organiser_client.post(f"/en/{edition.slug}/organiser/mail/letters/team-invitation/", sent)
        assert answer.status_code == 400
        assert why in answer.text
        assert not MailTemplate.objects.exists()


def test_the_organiser_sees_all_letters_words_one_previews_it_and_sets_it_back(
    edition: Edition, organiser_client: Client
) -> None:
    page = f"/en/{edition.slug}/organiser/mail/letters/"
    listed = organiser_client.get(page).text
    assert all(f"{page}{key}/" in listed for key in letters())
    here = f"{page}co-exhibitor-invitation/"
    shown = organiser_client.get(here).text
    assert "<strong>needed</strong>" in shown
    assert "Huanghe Motors invites Huanghe Cells" in shown
    sent = {"subject_en": "Stand with {leader}", "body_en": "Dear {firm}: {address}"}
    tried = organiser_client.post(here, sent | {"preview": "1"}).text
    assert "Stand with Huanghe Motors" in tried
    assert "nothing is kept yet" in tried
    with scope(edition=edition):
        assert not MailTemplate.objects.exists()
    assert organiser_client.post(here, sent).status_code == 302
    assert ">your own<" in organiser_client.get(page).text
    assert "Stand with Huanghe Motors" in organiser_client.get(here).text
    organiser_client.post(here, {"reset": "1"})
    assert ">your own<" not in organiser_client.get(page).text
    actions = AuditEntry.objects.filter(object_type="mailtemplate").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["letter.worded", "letter.reset"]
    assert organiser_client.get(f"{page}nothing/").status_code == 404


def test_no_language_left_is_the_built_in_words_again(edition: Edition, organiser: User) -> None:
    with scope(edition=edition):
        set_wording(edition, "meeting-asked", {"en": "{other}"}, {"en": "Hello"}, user=organiser)
        assert set_wording(edition, "meeting-asked", {}, {}, user=organiser) is None
        assert not MailTemplate.objects.exists()
        assert not reset(edition, "meeting-asked", user=organiser)
    kind = letters()["meeting-asked"]
    assert wording(kind, None, "zh-hans") == built_in(kind, "zh-hans")
    assert wording(kind, None, "de") == built_in(kind, "en")


def test_the_words_of_a_letter_are_no_template_of_a_mailing(
    edition: Edition, organiser: User, organiser_client: Client
) -> None:
    with scope(edition=edition):
        set_wording(edition, "meeting-asked", {"en": "{other}"}, {"en": "Hello"}, user=organiser)
        template = MailTemplate(edition=edition, key="follow-up", subject={"en": "A"}, body={"en": "B"})
        with pytest.raises(TemplateFaultError, match="Serai sends by itself"):
            save_template(template)
        number = MailTemplate.objects.get().pk
    assert "meeting-asked" not in organiser_client.get(f"/en/{edition.slug}/organiser/mail/templates/").text
    assert organiser_client.get(f"/en/{edition.slug}/organiser/mail/templates/{number}/").status_code == 404


def test_a_buyer_is_written_to_when_the_organiser_asks_for_more(
    edition: Edition, firm: Firm, owner: User, organiser: User, take_part: Callable[..., Participation]
) -> None:
    with scope(edition=edition):
        one = take_part(edition, firm, kind="buyer", state="applied")
        vetting = Vetting.objects.create(edition=edition, participation=one, applicant=owner, purpose="own_use")
        ask_more(vetting, "How much a year?", by=organiser)
        mail = Mail.objects.get()
    assert mail.user == owner
    assert "How much a year?" in mail.body
    assert "Owned Materials" in mail.body


def test_a_letter_that_needs_a_place_it_has_not_is_a_fault_of_whoever_declares_it() -> None:
    with pytest.raises(ValueError, match="has no place 'address'"):
        letter("wrong", title="Wrong", when="Never", words=lambda: ("", ""), needed=("address",))
    assert "name" in EVERYWHERE


def test_the_list_of_letters_takes_as_many_queries_whatever_was_worded(
    edition: Edition, organiser: User, organiser_client: Client
) -> None:
    page, counts = f"/en/{edition.slug}/organiser/mail/letters/", []
    with scope(edition=edition), translation.override("en"):
        for number, key in enumerate(("meeting-asked", "meeting-agreed", "meeting-declined")):
            set_wording(edition, key, {"en": "{other}"}, {"en": "Hello"}, user=organiser)
            if number in (0, 2):
                organiser_client.get(page)
                with CaptureQueriesContext(connection) as queries:
                    assert organiser_client.get(page).status_code == 200
                counts.append(len(queries))
    assert counts[0] == counts[1]
