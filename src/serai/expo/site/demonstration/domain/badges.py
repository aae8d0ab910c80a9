"""Badges: staff of two booths, people of buyers, speakers, the press and those who work at the fair."""

from collections.abc import Iterable, Sequence

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.programme.badges.models import Badge, Kind
from serai.expo.programme.sessions.models import Speaker
from serai.expo.site.demonstration.domain.content import read


def badges(
    edition: Edition, exhibitors: Iterable[Participation], buyers: Sequence[Participation], speakers: Iterable[Speaker]
) -> list[Badge]:
    """Three people at each of these exhibitors, one of each buyer, the speakers, and people without a firm. Unsaved."""
    people = read("people.toml")
    staff = [
        Badge(edition=edition, participation=firm, kind=firm.kind, made_at=firm.entered_at, **person)
        for firm in exhibitors
        for person in people["staff"]
    ]
    of_buyers = [
        Badge(edition=edition, participation=firm, kind=firm.kind, **person)
        for firm, person in zip(buyers, people["buyers"], strict=False)
    ]
    of_speakers = [
        Badge(
            edition=edition,
            kind=Kind.SPEAKER,
            speaker=speaker,
            name=in_language(speaker.name, "en").text[:120],
            position=in_language(speaker.position, "en").text[:120],
            affiliation=in_language(speaker.affiliation, "en").text[:200],
            country=speaker.country,
        )
        for speaker in speakers
    ]
    return [*staff, *of_buyers, *of_speakers, *(Badge(edition=edition, **person) for person in people["others"])]
