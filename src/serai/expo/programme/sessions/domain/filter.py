"""Choosing among the sessions of a programme: by day, kind, chain and language, and by words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from serai.expo.base import filters
from serai.expo.base.collation import fold
from serai.expo.base.text import in_language, language_name
from serai.expo.offers.chains.models import Chain
from serai.expo.programme.sessions.domain.listing import Listed
from serai.expo.programme.sessions.models import Forum


@dataclass(frozen=True)
class Choice:
    """What the reader asked for; empty where it is the same to the reader."""

    kind: str = filters.code("Of the forum", choices=Forum.Kind.choices)
    chain: str = filters.code("Slug of the chain that the forum is about")
    language: str = filters.code("In which it can be followed, spoken or interpreted")
    words: str = filters.words("In titles, summaries, places and names of speakers")
    day: date | None = filters.day("At the place of the fair, as in 2026-11-28")

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """The choice that an address makes. What is no choice is passed over."""
        return filters.read(cls, query)

    @property
    def is_any(self) -> bool:
        """Whether every session is meant, of a day or of all."""
        return not (self.kind or self.chain or self.language or self.words)

    @property
    def means_events(self) -> bool:
        """Whether events at booths are asked for by their kind or by words, and not only among all others."""
        return self.kind == Forum.Kind.BOOTH_EVENT or bool(self.words)


@dataclass(frozen=True)
class Facets:
    """What there is to choose from: values with their names."""

    kinds: Sequence[tuple[str, str]]
    chains: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]


def facets(sessions: Iterable[Listed]) -> Facets:
    """The kinds, chains and languages that these sessions have, in the order of the kinds and of names."""
    held = list(sessions)
    kinds = {session.kind for session in held}
    slugs = {session.chain for session in held if session.chain}
    chains = Chain.objects.filter(slug__in=slugs).order_by("slug")
    languages = {language for session in held for language in session.languages}
    return Facets(
        kinds=[(kind.value, str(kind.label)) for kind in Forum.Kind if kind in kinds],
        chains=[(chain.slug, in_language(chain.title).text) for chain in chains],
        languages=sorted(((code, language_name(code)) for code in languages), key=lambda language: language[0]),
    )


def chosen(sessions: Iterable[Listed], choice: Choice, zone: ZoneInfo) -> list[Listed]:
    """The sessions that the choice is about. Words are looked for in their texts."""
    words = fold(choice.words).split()
    return [
        session
        for session in sessions
        if (not choice.kind or session.kind == choice.kind)
        and (not choice.chain or session.chain == choice.chain)
        and (not choice.language or choice.language in session.languages)
        and (choice.day is None or session.starts_at.astimezone(zone).date() == choice.day)
        and (not words or all(word in text for text in [_text(session)] for word in words))
    ]


def _text(session: Listed) -> str:
    return fold(" ".join(words for text in session.texts for words in text.values()))
