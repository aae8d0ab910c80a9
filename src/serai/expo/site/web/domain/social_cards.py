"""Social cards: the picture that other sites show beside a link to a fair, an exhibitor, a chain, a session or an
initiative."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext

from serai.expo.base.numbers import number_of
from serai.expo.base.text import Said, in_language
from serai.expo.base.typesetting import draw
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.placements import chain_of_edition
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.initiatives.models import Signature
from serai.expo.programme.sessions.models import Session
from serai.world.classifications import countries

WIDTH, HEIGHT = 1200, 630
NIGHT = "#0e2a3a"


@dataclass(frozen=True)
class Card:
    """The words of a card, each with its language: a line above the title, the title, and a line below."""

    above: Said
    title: Said
    below: Said
    language: str
    night: str = NIGHT


def fair_card(edition: Edition, _key: str) -> Card | None:
    """The fair with its place and days."""
    return _card(edition, in_language(edition.organisation.name), edition.name, _when_and_where(edition))


def firm_card(edition: Edition, key: str) -> Card | None:
    """An exhibitor with its country and booths; None if the public sees no such exhibitor."""
    participation = exhibitors(edition).filter(firm__identifier=key).select_related("firm").first()
    if participation is None:
        return None
    booths = [booth.label for booth in participation.booths.select_related("hall")]
    country = countries.name(participation.firm.country, _language()) if participation.firm.country else ""
    words = " · ".join(filter(None, [country, *booths]))
    return _card(edition, in_language(edition.name), participation.firm.name, Said(words, _language()))


def chain_card(edition: Edition, key: str) -> Card | None:
    """A chain with its summary; None if the fair has no such chain."""
    chain = chain_of_edition(edition, key)
    if chain is None:
        return None
    return _card(edition, in_language(edition.name), chain.title, in_language(chain.summary))


def session_card(edition: Edition, key: str) -> Card | None:
    """A confirmed session with its day and hour; None if there is no such session."""
    session = _numbered(Session.objects.filter(edition=edition, state=Session.State.CONFIRMED), key)
    if session is None:
        return None
    begins = localtime(session.starts_at, ZoneInfo(edition.time_zone))
    below = Said(f"{date_format(begins.date())} · {begins:%H:%M}", _language())
    return _card(edition, in_language(edition.name), session.title, below)


def initiative_card(edition: Edition, key: str) -> Card | None:
    """A published initiative with how many institutions have signed; None if the public sees no such initiative."""
    initiative = _numbered(published(edition), key)
    if initiative is None:
        return None
    number = initiative.signatures.filter(state=Signature.State.CONFIRMED).count()
    signed = ngettext("%(n)s institution has signed", "%(n)s institutions have signed", number) % {"n": number}
    words = filter(None, [initiative.get_kind_display(), signed if number else ""])
    return _card(edition, in_language(edition.name), initiative.title, Said(" · ".join(words), _language()))


KINDS: Mapping[str, Callable[[Edition, str], Card | None]] = {
    "fair": fair_card,
    "firm": firm_card,
    "chain": chain_card,
    "session": session_card,
    "initiative": initiative_card,
}


@lru_cache(maxsize=256)  # a card is some 30 KB
def drawn(card: Card) -> bytes:
    """The card as PNG, WIDTH x HEIGHT points."""
    return draw("serai.expo.site.web", "card.typ", asdict(card))


def _numbered[Row: Model](rows: QuerySet[Row], key: str) -> Row | None:
    """The row of a number, as an address writes it; None for what is no number that a database holds."""
    number = number_of(key)
    return None if number is None else rows.filter(pk=number).first()


def _card(edition: Edition, above: Said, title: Mapping[str, str], below: Said) -> Card:
    night = edition.branding.get("night") or NIGHT
    below = Said(below.text[:140], below.language)
    return Card(above, in_language(title), below, _language(), night)


def _when_and_where(edition: Edition) -> Said:
    days = " – ".join(date_format(day) for day in dict.fromkeys((edition.starts_on, edition.ends_on)))
    city = in_language(edition.city).text
    return Said(" · ".join(filter(None, [days, city])), _language())


def _language() -> str:
    return get_language() or "en"
