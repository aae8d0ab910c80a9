"""The desk of the organiser: phases, cases of assistance, segments, letters, buyers to vet, and a published report."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from serai.expo.fairs.edition.domain.changes import usual_phases
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation, Phase
from serai.expo.fairs.mailing.models import MailTemplate, Segment
from serai.expo.participants.buyers.models import Vetting
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Room
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.report.domain.builder import publish, save_part, save_report
from serai.expo.results.report.models import NamedReport, ReportPart
from serai.expo.site.demonstration.domain.content import moment, read
from serai.expo.site.demonstration.domain.entrants import Entrant
from serai.expo.site.stage.domain import choosable
from serai.expo.site.stage.models import Screen
from serai.world.classifications.country_groups import members

State = AssistanceCase.State
AHEAD = (State.ASKED, State.GRANTED, State.IN_WORK, State.IN_WORK, State.DONE)


def phases(edition: Edition, now: datetime) -> list[Phase]:
    """Every phase as fairs usually have it, made long enough that everything can be tried from now on. Unsaved.

    It stays so for a year and more after the fair: a demonstration does not close while somebody looks at it.
    """
    usual = usual_phases(edition)
    last = max(closes for _opens, closes in usual.values() if closes)
    first = now.astimezone(last.tzinfo).replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        Phase(edition=edition, kind=kind, opens_at=min(opens or first, first), closes_at=last)
        for kind, (opens, _closes) in usual.items()
    ]


def cases(
    edition: Edition, seed: int, entrants: Iterable[Entrant], *, over: bool, staff: User | None
) -> list[AssistanceCase]:
    """A case for each kind of help that exhibitors from least developed countries get; ``over``: all done. Unsaved.

    Drawn from a seed of its own, so that the rest of the fair stays as it is.
    """
    random = Random(seed)  # noqa: S311  the same fair each time, no secret
    assistance = read("organiser_desk.toml")["assistance"]
    opening, entitled = moment(edition, 0, time(10)), members("LDC", edition.starts_on)
    opened = []
    for entrant in entrants:
        if entrant.firm.country not in entitled:
            continue
        for kind in entrant.participation.support or ["stand"]:
            cost = assistance["costs"].get(kind, 500)
            state = State.DONE if over else random.choice(AHEAD)
            done = state == State.DONE
            opened.append(
                AssistanceCase(
                    edition=edition,
                    participation=entrant.participation,
                    kind=kind if kind in assistance["costs"] else AssistanceCase.Kind.OTHER,
                    state=state,
                    budget_line=assistance["lines"].get(kind, "Services"),
                    budget=Decimal(cost) if state != State.ASKED else None,
                    spent=Decimal(round(cost * random.uniform(0.8, 1.1)) if done else 0),
                    currency="USD",
                    due_on=edition.starts_on - timedelta(days=random.randint(0, 4)),
                    opened_at=opening - timedelta(days=random.randint(60, 150)),
                    closed_at=opening - timedelta(days=random.randint(3, 30)) if done else None,
                    responsible=staff if state != State.ASKED else None,
                )
            )
    return opened


def mailing(edition: Edition) -> list[Segment | MailTemplate]:
    """Three segments and two letters. Unsaved."""
    texts = read("organiser_desk.toml")
    segments = [Segment(edition=edition, **row) for row in texts["segments"]]
    return [*segments, *(MailTemplate(edition=edition, **row) for row in texts["letters"])]


def registrations(exhibitors: Sequence[Entrant]) -> None:
    """Exhibitors that also want to buy: their registrations as buyers wait for the organiser."""
    for entrant, row in zip(exhibitors[-3:], read("buyer_desk.toml")["vetting"], strict=False):
        applied = _beside(entrant, Participation.Kind.BUYER, Participation.State.APPLIED)
        Vetting.objects.create(edition=applied.edition, participation=applied, applied_at=applied.entered_at, **row)


def cancelled(exhibitor: Entrant, by: User) -> None:
    """A second participation of the exhibitor that the organiser has cancelled and may restore."""
    ended = _beside(exhibitor, Participation.Kind.SERVICE, Participation.State.CANCELLED)
    reason = read("buyer_desk.toml")["taken_out"]
    ApplicationDecision.objects.create(
        edition=ended.edition, participation=ended, state=ended.state, reason=reason, decided_by=by
    )


def _beside(entrant: Entrant, kind: str, state: str) -> Participation:
    own = entrant.participation
    return Participation.objects.create(
        edition=own.edition, firm=entrant.firm, kind=kind, state=state, tokens=own.tokens, entered_at=own.entered_at
    )


def publish_report(edition: Edition, chain: str, *, user: User) -> None:
    """Publish a report with figures, the least developed countries, and one chain."""
    texts = read("organiser_desk.toml")["report"]
    report = NamedReport(
        edition=edition, slug="figures", title=texts["title"], summary=texts["summary"], languages=list(texts["title"])
    )
    save_report(report, user=user)
    for kind, chosen in (("figures", texts["figures"]), ("groups", ["LDC"]), ("chains", [chain])):
        save_part(ReportPart(edition=edition, report=report, kind=kind, chosen=chosen), user=user)
    publish(report, user=user)


def screens(edition: Edition) -> None:
    """A screen for the opening ceremony, in three languages, and one beside the stage of a hall."""
    titles = {"en": "Opening ceremony", "zh-hans": "开幕式", "ar": "حفل الافتتاح"}
    slides = [key for key, _title in choosable(edition)]
    Screen.objects.create(
        edition=edition, slug="opening", title=titles, slides=slides, languages=["en", "zh-hans", "ar"]
    )
    room = Room.objects.filter(edition=edition, booth=None).order_by("-order").first()
    title = {"en": "Launch Stage", "zh-hans": "首发台", "ar": "منصة الإطلاق"}
    Screen.objects.create(edition=edition, slug="launch-stage", title=title, slides=["programme", "welcome"], room=room)
