"""Choosing among the sessions of a programme: by kind, chain and language, and by words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from serai.expo.firms.names import fold
from serai.expo.programme.models import Forum, Session
from serai.expo.text import in_language, language_name


@dataclass(frozen=True)
class Choice:
    """What the reader asked for; empty where it is the same to the reader."""

    kind: str = ""
    chain: str = ""
    language: str = ""
    words: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        return cls(query.get("kind", ""), query.get("chain", ""), query.get("language", ""), query.get("q", "").strip())

    @property
    def is_any(self) -> bool:
        """Whether every session is meant."""
        return not (self.kind or self.chain or self.language or self.words)


@dataclass(frozen=True)
class Facets:
    """What there is to choose from: values with their names."""

    kinds: Sequence[tuple[str, str]]
    chains: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]


def facets(sessions: Iterable[Session]) -> Facets:
    """The kinds, chains and languages that these sessions have, in the order of the kinds and of names."""
    held = list(sessions)
    kinds = {session.forum.kind for session in held}
    chains = {session.forum.chain.slug: session.forum.chain for session in held if session.forum.chain}
    languages = {language for session in held for language in spoken(session)}
    return Facets(
        kinds=[(kind.value, str(kind.label)) for kind in Forum.Kind if kind in kinds],
        chains=[(slug, in_language(chain.title).text) for slug, chain in sorted(chains.items())],
        languages=sorted(((code, language_name(code)) for code in languages), key=lambda each: each[0]),
    )


def chosen(sessions: Iterable[Session], choice: Choice) -> list[Session]:
    """The sessions that the choice is about."""
    words = fold(choice.words).split()
    return [
        session
        for session in sessions
        if (not choice.kind or session.forum.kind == choice.kind)
        and (not choice.chain or (session.forum.chain is not None and session.forum.chain.slug == choice.chain))
        and (not choice.language or choice.language in spoken(session))
        and all(word in _text(session) for word in words)
    ]


def spoken(session: Session) -> list[str]:
    """The languages in which a guest can follow it: spoken or interpreted."""
    return [*session.languages, *session.interpreted]


def _text(session: Session) -> str:
    texts = [session.title, session.summary, session.forum.title, session.forum.summary, session.place]
    names = [each.speaker.name for each in session.appearances.all()]
    return fold(" ".join(said for text in [*texts, *names] for said in text.values()))
