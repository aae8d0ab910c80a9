"""Badges of the demonstration for who comes without a booth: buyers, speakers, the press, those who work there; and
of what its people are told: a badge that is decided, a seat that becomes free; and for which exhibitors some speak.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.people.account.models import User
from serai.expo.programme.badges.domain.badges import decide
from serai.expo.programme.badges.models import Badge, Kind
from serai.expo.programme.sessions.domain.sign_ups import fill_seats
from serai.expo.programme.sessions.models import Session, SignUp, Speaker

BUYERS = (
    ("Ngozi Eze", "en", "", "Head of sourcing"),
    ("陈嘉禾", "zh-hans", "Chen Jiahe", "采购经理"),
    ("رانيا حداد", "ar", "Rania Haddad", "مديرة المشتريات"),
)
OTHERS = (
    (Kind.PRESS, "Léa Fontanel", "fr", "", "Reporter", "Le Fil des Chaînes", "FR", Badge.State.ASKED),
    (Kind.PRESS, "陆一鸣", "zh-hans", "Lu Yiming", "记者", "链上观察", "CN", Badge.State.GRANTED),
    (
        Kind.STAFF,
        "Дарья Вольнова",
        "ru",
        "Daria Volnova",
        "Переводчик",
        "Interpreters of the fair",
        "RU",
        Badge.State.GRANTED,
    ),
    (Kind.STAFF, "孙可欣", "zh-hans", "Sun Kexin", "礼宾", "Reception of the fair", "CN", Badge.State.GRANTED),
)


def guests(edition: Edition, buying: Sequence[Participation], speakers: Iterable[Speaker]) -> list[Badge]:
    """A badge for a person of each of these buyers and for these speakers, of the press and of those who work at the
    fair; one of the press waits for the organiser. All are invented. Not yet written."""
    of_buyers = [
        Badge(
            edition=edition,
            kind=one.kind,
            participation=one,
            name=name,
            language=language,
            name_latin=latin,
            position=position,
        )
        for one, (name, language, latin, position) in zip(buying, BUYERS, strict=False)
    ]
    of_speakers = [
        Badge(
            edition=edition,
            kind=Kind.SPEAKER,
            speaker=one,
            name=in_language(one.name, "en").text[:120],
            position=in_language(one.position, "en").text[:120],
            affiliation=in_language(one.affiliation, "en").text[:200],
            country=one.country,
        )
        for one in speakers
    ]
    others = [
        Badge(
            edition=edition,
            kind=kind,
            name=name,
            language=language,
            name_latin=latin,
            position=position,
            affiliation=affiliation,
            country=country,
            state=state,
        )
        for kind, name, language, latin, position, affiliation, country, state in OTHERS
    ]
    return [*of_buyers, *of_speakers, *others]


def speak_for(edition: Edition, first: Participation, person: User) -> None:
    """Two who speak do so for exhibitors: one for the first, whose ``person`` she is, and one for a firm of her own
    country. Call inside of the scope."""
    own = Participation.objects.filter(edition=edition, kind=Participation.Kind.EXHIBITOR, firm__country="SE")
    for country, one, user in (("BR", first, person), ("SE", own.order_by("pk").first(), None)):
        speaker = Speaker.objects.filter(edition=edition, country=country).order_by("pk").first()
        if speaker is not None and one is not None:
            speaker.participation, speaker.user = one, user
            speaker.affiliation, speaker.country = one.firm.name, one.firm.country
            speaker.save(update_fields=["participation", "user", "affiliation", "country"])


def tell(edition: Edition, buying: Participation, buyer: User, *, by: User) -> None:
    """The buyer had asked for one more badge, which is granted, and has waited for a seat that now is free: of both a
    letter lies in the outbox. Call inside of the scope."""
    asked = Badge.objects.create(
        edition=edition, kind=Kind.BUYER, participation=buying, name="Tunde Bello", position="Buyer", state="asked"
    )
    decide([asked], Badge.State.GRANTED, user=by)
    session = Session.objects.filter(edition=edition, state=Session.State.CONFIRMED, capacity__isnull=False)[0]
    before = session.starts_at - timedelta(days=9)
    SignUp.objects.create(edition=edition, session=session, user=buyer, state=SignUp.State.WAITING, signed_up_at=before)
    fill_seats(session, by=by, now=before)
