"""What a search finds, kind by kind: each kind is a function that is told what is asked and by whom, and asks the
rule of its room.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.code_titles import code_titles
from serai.expo.base.collation import fold
from serai.expo.base.revisions import Revisions, by_revision, revisions
from serai.expo.base.text import Said, country_name, in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules.roles import ROLES
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Chain, Node
from serai.expo.offers.market.domain.visibility import named_to
from serai.expo.offers.market.domain.visibility import visible_to as items_visible_to
from serai.expo.offers.market.models import MarketItem, Need, Offer
from serai.expo.offers.search.domain.search import NEAR, NEAR_TOO, Found, search
from serai.expo.offers.search.models import SearchEntry
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING, visible_to
from serai.expo.participants.participation.domain.representation import acted_for, desks_of
from serai.expo.people.account.domain.consents import consenting
from serai.expo.people.account.models import Role, User
from serai.expo.programme.initiatives.domain.initiatives import visible_to as initiatives_visible_to
from serai.expo.programme.sessions.domain.visibility import listed_to, sessions_of, speakers_visible_to
from serai.expo.site.web.domain.desk_pages import organisers_pages, participants_pages
from serai.registry import Registry

ENTRIES = 100
"""How many firms, offers and needs are looked at, before what the reader may not see is left out."""

ALL_WORDS = 0.999
"""Share of the weight of the words from which an entry has all of them."""

MOST_WORDS = 0.6
"""The share from which an entry is shown that lacks some."""


@dataclass(frozen=True)
class Result:
    """Something found: its name in a language, a few words on what it is, and where it is shown."""

    title: Said
    address: str
    about: str = ""


@dataclass(frozen=True)
class Asked:
    """What is looked for in a fair, by whom, and for whom the reader has chosen to act."""

    edition: Edition
    reader: User | AnonymousUser
    words: str
    most: int
    """How many results of each kind."""
    role: str = ""
    """The reader's as an organiser of the fair, empty without one."""
    chosen: str = ""
    """Identifier of the firm for which the reader acts, empty where it has chosen none."""

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(fold(self.words).split())

    @cached_property
    def revisions(self) -> Revisions:
        return revisions()

    @cached_property
    def is_named(self) -> Callable[[MarketItem], bool]:
        """Whether the firm of an offer or a need is named to the reader."""
        return named_to(self.reader, self.edition)

    @cached_property
    def entries(self) -> list[Found]:
        """Firms, offers and needs by words and meaning, the best first. They are not yet narrowed to the reader's."""
        found = search(self.edition, self.words, most=ENTRIES, typing=True).found
        least = NEAR_TOO if any(entry.hit.words >= ALL_WORDS for entry in found) else NEAR
        return [entry for entry in found if entry.hit.words >= MOST_WORDS or (entry.hit.meaning or 0) >= least]

    def entries_of(self, kind: str) -> list[Found]:
        return [entry for entry in self.entries if entry.kind == kind]

    def best[Key](self, texts: Iterable[tuple[Key, str, str]]) -> list[Key]:
        """The keys of the texts that have each word, or a word that begins with it, in their title or in the rest.

        Each text is a key, its folded title and the rest of it, folded. A word of a script without spaces, or with
        articles that are written together, may stand within another.
        """
        ranked = []
        for number, (key, title, rest) in enumerate(texts):
            if all(_has(title, word) or _has(rest, word) for word in self.folded):
                begins, in_title = title.startswith(self.folded[0]), all(_has(title, word) for word in self.folded)
                ranked.append((not (begins and in_title), not in_title, number, key))
        return [key for *_order, key in sorted(ranked, key=lambda row: row[:3])[: self.most]]


def _has(text: str, word: str) -> bool:
    return text.startswith(word) or f" {word}" in text or (not word.isascii() and word in text)


@dataclass(frozen=True)
class Kind:
    """A kind of things that are found."""

    key: str
    title: str | Promise
    find: Callable[[Asked], list[Result]]
    more: str
    """The name of the address that lists all that have the words, empty where there is none."""


_kinds: Registry[Kind] = Registry("kind of results")


def kind(
    key: str, title: str | Promise, *, more: str = ""
) -> Callable[[Callable[[Asked], list[Result]]], Callable[[Asked], list[Result]]]:
    """Declare the function below as one that finds a kind of things. Kinds are shown as they are declared."""

    def declare(find: Callable[[Asked], list[Result]]) -> Callable[[Asked], list[Result]]:
        _kinds.add(key, Kind(key, title, find, more))
        return find

    return declare


def results(asked: Asked) -> list[tuple[Kind, list[Result]]]:
    """The kinds of which something is found, each with its results, the best first. In the scope of the edition."""
    if not asked.folded:
        return []
    found = [(kind, kind.find(asked)) for kind in _kinds.values()]
    return [(kind, listed) for kind, listed in found if listed]


CANDIDATES = 500
"""How many people of a name are looked at, before those whom the reader may not see are left out."""

MET = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD)


@kind("pages", _("Pages of your desk"))
def find_pages(asked: Asked) -> list[Result]:
    """Pages of the organiser's desk, of the participants for whom the reader acts, and of its account."""
    if not isinstance(asked.reader, User):
        return []
    reader, language = asked.reader, get_language() or "en"
    given = [asked.edition, reader.pk, reader.helping_organisation, asked.role, asked.chosen, language]
    pages = by_revision("searched pages", given, lambda: _pages_of(asked, reader), asked.revisions)
    best = asked.best((number, fold(title), fold(group)) for number, (title, _address, group) in enumerate(pages))
    return [Result(Said(title, language), address, group) for title, address, group in (pages[key] for key in best)]


def _pages_of(asked: Asked, reader: User) -> list[tuple[str, str, str]]:
    """Title, address and group of each page, once."""
    pages = organisers_pages(asked.edition, asked.role) if asked.role in ROLES else []
    desks = desks_of(reader, asked.edition)
    for desk in [desk for desk in desks if desk.firm.identifier == asked.chosen] or desks[:1]:
        pages += participants_pages(reader, desk)
    listed = [(str(title), address, str(group)) for group, members in pages for title, _name, address in members]
    if reader.helping_organisation is None:
        listed.append((str(_("My account")), reverse("account"), ""))
    return list({address: (title, address, group) for title, address, group in listed}.values())


@kind("firms", _("Firms"), more="directory")
def find_firms(asked: Asked) -> list[Result]:
    """Exhibitors, and who else takes part as far as the reader may know of it."""
    keys = [entry.participation for entry in asked.entries_of(SearchEntry.Kind.FIRM)]
    visible = visible_to(asked.reader, asked.edition).select_related("firm").in_bulk(keys)
    return [_firm(visible[key], asked) for key in keys if key in visible][: asked.most]


def _firm(participation: Participation, asked: Asked) -> Result:
    about = [country_name(participation.firm.country)]
    if participation.kind not in EXHIBITING:
        about.append(participation.get_kind_display())
    address = reverse("firm", args=[asked.edition.slug, participation.firm.identifier])
    return Result(_name(participation), address, " · ".join(filter(None, about)))


def _name(participation: Participation) -> Said:
    firm = participation.firm
    name = in_language(firm.name)
    return name if name.text else Said(firm.legal_name, firm.language or "en")


@kind("offers", _("Products and services"), more="market")
def find_offers(asked: Asked) -> list[Result]:
    """Offers that are published, and those of the reader's own firms."""
    return _items(asked, SearchEntry.Kind.OFFER, Offer, "market-offer")


@kind("needs", _("Needs"), more="market")
def find_needs(asked: Asked) -> list[Result]:
    """Needs that are published, and those of the reader's own firms."""
    return _items(asked, SearchEntry.Kind.NEED, Need, "market-need")


def _items[Item: (Offer, Need)](asked: Asked, kind_of_entry: str, model: type[Item], page: str) -> list[Result]:
    keys = [entry.item for entry in asked.entries_of(kind_of_entry)]
    if not keys:
        return []
    visible = items_visible_to(asked.reader, asked.edition, model).select_related("participation__firm").in_bulk(keys)
    shown = [visible[key] for key in keys if key in visible][: asked.most]
    return [
        Result(
            in_language(item.title),
            reverse(page, args=[asked.edition.slug, item.pk]),
            _name(item.participation).text if asked.is_named(item) else "",
        )
        for item in shown
    ]


@kind("nodes", _("Chains and their nodes"))
def find_nodes(asked: Asked) -> list[Result]:
    """Nodes of the fair's chains by their titles, keywords and headings of the HS in any language, and the chains."""
    texts, titles = by_revision("searched nodes", [asked.edition], lambda: _searched_nodes(asked), asked.revisions)
    slug = asked.edition.slug
    return [
        Result(
            in_language(titles[key][0]),
            reverse("node", args=[slug, *key]) if key[1] else reverse("chain", args=[slug, key[0]]),
            in_language(titles[key][1]).text,
        )
        for key in asked.best(texts)
    ]


type _Node = tuple[str, str]
"""Slug of a chain and code of a node, empty for the chain itself."""
type _Titles = Mapping[str, str]


def _searched_nodes(asked: Asked) -> tuple[list[tuple[_Node, str, str]], dict[_Node, tuple[_Titles, _Titles]]]:
    chains = chains_of_edition(asked.edition)
    titles: dict[_Node, tuple[_Titles, _Titles]] = {(chain.slug, ""): (chain.title, {}) for chain in chains}
    texts = [((chain.slug, ""), _folded(chain.title), "") for chain in chains]
    for node in Node.objects.filter(chain__in=chains).select_related("chain"):
        chain: Chain = node.chain
        keywords = " ".join(fold(word) for words in node.keywords.values() for word in words)
        titles[chain.slug, node.code] = (node.title, chain.title)
        headings = " ".join(_heading(code) for code in node.hs)
        texts.append(((chain.slug, node.code), _folded(node.title), f"{keywords} {headings}"))
    return texts, titles


@cache
def _heading(code: str) -> str:
    """The title of a heading, folded, in the languages beside English: its long English one says what it is not."""
    return _folded({language: title for language, title in code_titles("hs", code).items() if language != "en"})


def _folded(*texts: Mapping[str, str]) -> str:
    return " ".join(fold(text) for by_language in texts for text in by_language.values())


@kind("sessions", _("Sessions"), more="programme")
def find_sessions(asked: Asked) -> list[Result]:
    """Sessions that were released; all for an organiser, and those that the reader's own firms have proposed."""
    reader = asked.reader.pk if asked.reader.is_authenticated else 0
    given = [asked.edition, reader]
    texts = by_revision("searched sessions", given, lambda: _searched_sessions(asked), asked.revisions)
    best = asked.best(texts)
    if not best:
        return []
    sessions = {session.pk: session for session in sessions_of(asked.reader, asked.edition, best)}
    zone, language = ZoneInfo(asked.edition.time_zone), get_language() or "en"
    found = []
    for session in (sessions[key] for key in best if key in sessions):
        starts_at = session.starts_at.astimezone(zone)
        when = f"{date_format(starts_at, 'MONTH_DAY_FORMAT')}, {starts_at:%H:%M}"
        title = in_language(session.title) if session.title else Said(str(session), language)
        found.append(Result(title, reverse("session", args=[asked.edition.slug, session.pk]), when))
    return found


def _searched_sessions(asked: Asked) -> list[tuple[int, str, str]]:
    listed = listed_to(asked.reader, asked.edition, with_texts=True)
    return [(entry.number, _folded(*entry.texts[:1]), _folded(*entry.texts[1:])) for entry in listed]


@kind("initiatives", _("Initiatives and statements"), more="initiatives")
def find_initiatives(asked: Asked) -> list[Result]:
    """Initiatives that are published; all for an organiser."""
    reader = asked.reader.pk if asked.reader.is_authenticated else 0
    given = [asked.edition, reader]
    best = asked.best(by_revision("searched initiatives", given, lambda: _searched_initiatives(asked), asked.revisions))
    if not best:
        return []
    shown = initiatives_visible_to(asked.reader, asked.edition).in_bulk(best)
    return [
        Result(
            in_language(shown[key].title),
            reverse("initiative", args=[asked.edition.slug, key]),
            shown[key].get_kind_display(),
        )
        for key in best
        if key in shown
    ]


def _searched_initiatives(asked: Asked) -> list[tuple[int, str, str]]:
    rows = initiatives_visible_to(asked.reader, asked.edition)
    return [(row.pk, _folded(row.title), _folded(row.summary, row.text)) for row in rows]


@kind("people", _("People"))
def find_people(asked: Asked) -> list[Result]:
    """Speakers of released sessions, and the people of firms whom the reader may see."""
    slug = asked.edition.slug
    speakers = by_revision("searched speakers", [asked.edition], lambda: _searched_speakers(asked), asked.revisions)
    names = {number: name for number, _folded_name, _rest, name in speakers}
    best = asked.best((number, name, rest) for number, name, rest, _name_shown in speakers)
    found = [
        Result(in_language(names[number]), reverse("speaker", args=[slug, number]), str(_("Speaker")))
        for number in best
    ]
    language = get_language() or "en"
    for person, participation in _people_of_firms(asked):
        address = reverse("firm", args=[slug, participation.firm.identifier])
        found.append(Result(Said(person.name, language), address, _name(participation).text))
    return found[: asked.most]


def _searched_speakers(asked: Asked) -> list[tuple[int, str, str, Mapping[str, str]]]:
    # Their pages show what was released, to organisers too.
    rows = speakers_visible_to(AnonymousUser(), asked.edition)
    return [(speaker.pk, _folded(speaker.name), "", speaker.name) for speaker in rows]


def _people_of_firms(asked: Asked) -> Iterable[tuple[User, Participation]]:
    """People by their names, each with a firm that takes part: the same that ``contacts_of`` shows on its page."""
    named = Q()
    for word in asked.words.split():
        named &= Q(name__icontains=word)
    candidates = User.objects.filter(named, is_active=True).exclude(name="").order_by().values_list("pk", flat=True)
    keys = list(candidates[:CANDIDATES])
    if not keys:
        return
    people = User.objects.filter(pk__in=keys)
    if not asked.reader.has_perm("expo.read_people", asked.edition):
        people = people.filter(_shown_to(asked))
    of_firms = list(Role.objects.filter(user__in=people, firm__isnull=False).values_list("user", "firm").order_by("pk"))
    taking_part = visible_to(asked.reader, asked.edition).filter(firm__in={firm for _person, firm in of_firms})
    by_firm = {participation.firm_id: participation for participation in taking_part.select_related("firm")}
    firm_of = {person: by_firm[firm] for person, firm in reversed(of_firms) if firm in by_firm}
    for person in people.filter(pk__in=firm_of).order_by("name", "pk")[: asked.most]:
        yield person, firm_of[person.pk]


def _shown_to(asked: Asked) -> Q:
    """Who agreed to be named in public, the reader's own people, and who met the reader and agreed to be contacted."""
    shown = Q(pk__in=consenting("publish_name").values("pk"))
    if not asked.reader.is_authenticated:
        return shown
    own = acted_for(asked.reader, asked.edition)
    met = Meeting.objects.filter(edition=asked.edition, state__in=MET)
    own_firms = Role.objects.filter(user=asked.reader, firm__isnull=False).values("firm")
    partners = Q(firm__in=met.filter(host__firm__in=own_firms).values("guest__firm"))
    partners |= Q(firm__in=met.filter(guest__firm__in=own_firms).values("host__firm"))
    met_people = Role.objects.filter(partners).values("user")
    return (
        shown
        | Q(pk__in=Role.objects.filter(firm__in=own.values("firm")).values("user"))
        | Q(pk__in=met_people) & Q(pk__in=consenting("matches").values("pk"))
    )
