"""The pages in every language of the interface; in a made-up one no text of theirs is left as it was."""

import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from zoneinfo import available_timezones

import pytest
from django.conf.locale import LANG_INFO
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR, DjangoTranslation
from django_scopes import scope

from scripts.addresses import addresses
from serai.expo.base.certificates import SCHEMES
from serai.expo.base.text import WRITTEN, every_language, language_name, named
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm, FirmIdentifier
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.market.models import Incoterm, Need, Offer
from serai.expo.people.account.models import Organisation, User
from serai.expo.programme.sessions.models import Forum, Room, Session

pytestmark = pytest.mark.any_database

IN_WORDS = {"aria-label", "alt", "placeholder", "title"}
WITHOUT_WORDS = {"style", "script", "code"}
ALONE = {"meta", "link", "input", "br", "img", "hr"}
OPEN, CLOSED = "⟦", "⟧"
PAGES = [
    "account/",
    "account/consents/",
    "account/keys/",
    "account/mail/",
    "account/profile/",
    "account/security/",
    "account/security/confirm/",
    "account/sessions/",
    "{fair}/",
    "{fair}/agenda/",
    "{fair}/chains/",
    "{fair}/chains/clean-energy/",
    "{fair}/firms/",
    "{fair}/firms/{firm}/",
    "{fair}/firms/{firm}/partners/",
    "{fair}/halls/",
    "{fair}/organiser/",
    "{fair}/organiser/act-for/",
    "{fair}/organiser/webhooks/",
    "{fair}/organiser/imports/",
    "{fair}/organiser/imports/new/",
    "{fair}/organiser/matching/",
    "{fair}/organiser/timetable/",
    "{fair}/programme/",
    "{fair}/programme/1/",
    "{fair}/report/",
]
NAMES = re.compile(
    r"World Input-Output Database[^\n]*|OECD Inter-Country[^\n]*|Serai|schedule\.xml|schedule\.json|\.xlsx|\.toml"
    r"|\.zip|\bCSV|organiser@example\.org|Asia/Shanghai|\bm²?(?!\w)"
)
"""What is no word of any language: names of things, units, an address."""


def _languages_in_chinese() -> set[str]:
    with translation.override("zh-hans"):
        return {named(code) for code in [*every_language(), *WRITTEN]}


CALLED_SO = {
    *(language_name(code) for code in WRITTEN),
    *(known["name_local"] for known in LANG_INFO.values() if "name_local" in known),
    *available_timezones(),
    *Incoterm.values,
    *FirmIdentifier.Scheme.values,
    *(name for names in SCHEMES.values() for name in names),
    *("XLSX", "CSV", "JSON", "openapi.json"),
    *_languages_in_chinese(),
    "#0c5460",
}
"""Called the same in every language: languages in themselves (beside it in Chinese), a colour, time zones, terms of
trade, registers of firms,
standards, kinds of files."""

OF_FIXTURES = re.compile(r"[A-Z]{2}20\d{2}\d{3}[A-Z0-9]{5,7}|fair-2026|trade-body|\w+@example\.org")
"""Identifiers and addresses of what the tests make."""
COUNTED = re.compile(r" \(\d+\)$")
"""How many there are, behind a choice."""


@pytest.mark.parametrize("language", ["fr", "es", "ru"])
@pytest.mark.parametrize("page", ["", "firms/", "programme/"])
def test_a_page_is_there_in_the_language_of_its_address(
    page: str, language: str, edition: Edition, anonymous_client: Client
) -> None:
    answer = anonymous_client.get(f"/{language}/{edition.slug}/{page}")
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="ltr">' in answer.text


class Visible(HTMLParser):
    """The words of a page that its reader sees or hears, without those that are marked as being in another language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.silent: list[bool] = [False]
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        silent = self.silent[-1] or tag in WITHOUT_WORDS or (given.get("lang") or self.language) != self.language
        if not silent:
            self.words += [value for name, value in attributes if name in IN_WORDS and value]
        if tag not in ALONE:
            self.silent.append(silent)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in ALONE:
            self.silent.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in ALONE:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent[-1]:
            self.words.append(data)


def untranslated(page: str, language: str) -> list[str]:
    """The words of a page in Latin letters that no bracket of the made-up catalogue holds."""
    reader = Visible(language)
    reader.feed(page)
    said = "\n".join(reader.words)
    while (less := re.sub(rf"{OPEN}[^{OPEN}{CLOSED}]*{CLOSED}", "", said)) != said:
        said = less
    return [line.strip() for line in NAMES.sub("", said).splitlines() if re.search(r"[A-Za-z]", line)]


class MadeUp(DjangoTranslation):
    """A catalogue that says each string in brackets, a string with a context too."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message.rpartition(CONTEXT_SEPARATOR)[2]}{CLOSED}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interface in brackets instead of Chinese; content, countries and numbers stay Chinese."""
    monkeypatch.setitem(trans_real._translations, "zh-hans", MadeUp("zh-hans"))


@pytest.fixture
def filled(
    edition: Edition,
    organiser: User,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    offer: Callable[..., Offer],
    need: Callable[..., Need],
) -> Edition:
    """A fair whose content is in Chinese only."""
    organiser.name = "主办"
    organiser.save()
    load_builtin_chains()
    for name in ("山河", "北风"):
        there = take_part(edition, a_firm(name, name={"zh-hans": name}))
        offer(there, {"zh-hans": "隔膜"})
        need(there, {"zh-hans": "树脂"})
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony", title={"zh-hans": "开幕式"})
        now = timezone.now()
        room = Room.objects.create(edition=edition, title={"zh-hans": "大厅"})
        said = {"title": {"zh-hans": "开幕式"}, "room": room, "capacity": 9}
        Session.objects.create(
            pk=1, edition=edition, forum=forum, starts_at=now, ends_at=now + timedelta(hours=1), **said
        )
    return edition


@pytest.mark.parametrize("page", PAGES)
def test_every_text_of_a_page_goes_through_translation(
    page: str, filled: Edition, made_up: None, organiser_client: Client
) -> None:
    firm = Firm.objects.get(legal_name="山河").identifier
    answer = organiser_client.get(f"/zh-hans/{page.format(fair=filled.slug, firm=firm)}")
    assert answer.status_code == 200
    assert OPEN in answer.text
    left = untranslated(answer.text.replace(firm, ""), "zh-hans")
    assert [line for line in left if COUNTED.sub("", line) not in CALLED_SO] == []


def test_a_text_without_translation_is_found() -> None:
    page = f'<p title="Left">{OPEN}One {OPEN}two{CLOSED}{CLOSED} 三 <span lang="en">four</span><br>five</p>'
    assert untranslated(page, "zh-hans") == ["Left", "five"]


@pytest.mark.parametrize("who", ["member", "organiser"])
def test_nor_does_any_other_page_of_the_site_say_a_word_that_is_not_translated(
    who: str,
    filled: Edition,
    made_up: None,
    organiser: User,
    new_user: Callable[..., User],
    subtests: pytest.Subtests,
) -> None:
    """Every address of the site that answers this visitor with a page."""
    user = {"organiser": organiser, "member": new_user("member", firm=Firm.objects.get(legal_name="山河"))}[who]
    client = Client()
    Organisation.objects.update(name={"zh-hans": "贸促会"})
    User.objects.update(name="来宾")
    client.force_login(user)
    seen = 0
    with translation.override("zh-hans"):
        pages = addresses(filled, user)
    for name, path in pages.items():
        answer = client.get(path)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        seen += 1
        with subtests.test(page=name):
            left = untranslated(OF_FIXTURES.sub("", answer.text), "zh-hans")
            assert [line for line in left if COUNTED.sub("", line) not in CALLED_SO] == []
    assert seen > {"member": 40, "organiser": 90}[who]


def test_a_page_that_is_not_there_leads_to_no_other_site(anonymous_client: Client) -> None:
    answer = anonymous_client.request(PATH_INFO="//example.org/nothing/")
    assert answer.status_code == 404
    assert 'href="//' not in answer.text
