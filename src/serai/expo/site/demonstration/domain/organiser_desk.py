"""What the organiser of the demonstration has on the desk: cases of assistance, segments and letters."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from serai.expo.fairs.edition.domain.changes import usual_phases
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.fairs.mailing.models import MailTemplate, Segment
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.site.demonstration.domain.entrants import Entrant
from serai.world.classifications.country_groups import members

COSTS = {"stand": 4_800, "freight": 1_900, "visa": 160, "interpreter": 900, "mentor": 350, "travel": 2_400}
"""About what each kind of help costs, in US dollars."""
LINES = {"stand": "Stands", "freight": "Freight", "visa": "Travel", "travel": "Travel"}
State = AssistanceCase.State
AHEAD = (State.ASKED, State.GRANTED, State.IN_WORK, State.IN_WORK, State.DONE)

SUBJECT = {
    "en": "{fair}: what {firm} can still do before {first_day}",
    "zh-hans": "{fair}：{first_day}之前{firm}还可完善的事项",
    "ar": "{fair}: ما يمكن أن تنجزه {firm} قبل {first_day}",
    "fr": "{fair} : ce que {firm} peut encore faire avant le {first_day}",
    "es": "{fair}: lo que {firm} aún puede hacer antes del {first_day}",
    "ru": "{fair}: что {firm} ещё может сделать до {first_day}",
}
BODY = {
    "en": "Dear {name},\n\ndescribe what you offer in two languages: buyers find firms in their own. {link}",
    "zh-hans": "{name}：\n\n请用两种语言介绍贵公司的供给，采购商习惯用自己的语言查找。{link}",
    "ar": "السيد/السيدة {name}،\n\nصف عروضك بلغتين، فالمشترون يبحثون بلغتهم. {link}",
    "fr": "{name},\n\ndécrivez vos offres en deux langues : les acheteurs cherchent dans la leur. {link}",
    "es": "{name}:\n\ndescriba sus ofertas en dos idiomas: los compradores buscan en el suyo. {link}",
    "ru": "{name}!\n\nОпишите свои предложения на двух языках: покупатели ищут на своём. {link}",
}


def phases(edition: Edition, now: datetime) -> list[Phase]:
    """Every phase as fairs usually have it, made long enough that all that can be tried is open from now on.

    It stays so for a year and more after the fair, so that a demonstration does not close while it is looked at.
    """
    usual = usual_phases(edition)
    last = max(closes for _opens, closes in usual.values() if closes)
    first = now.astimezone(last.tzinfo).replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        Phase(edition=edition, kind=kind, opens_at=min(opens or first, first), closes_at=last)
        for kind, (opens, _closes) in usual.items()
    ]


def cases(edition: Edition, seed: int, entrants: Iterable[Entrant], *, over: bool) -> list[AssistanceCase]:
    """A case for each kind of help that an exhibitor from a least developed country was granted; done once it is over.

    Drawn from a seed of its own, so that the rest of the fair stays as it is.
    """
    random = Random(seed)  # noqa: S311 - a fair that is the same each time, no secret
    protected = members("LDC", edition.starts_on)
    opening = datetime.combine(edition.starts_on, time(10), ZoneInfo(edition.time_zone))
    made = []
    for entrant in entrants:
        if entrant.firm.country not in protected:
            continue
        for kind in entrant.participation.support or ["stand"]:
            cost = COSTS.get(kind, 500)
            state = State.DONE if over else random.choice(AHEAD)
            spent = round(cost * random.uniform(0.8, 1.1)) if state == State.DONE else 0
            made.append(
                AssistanceCase(
                    edition=edition,
                    participation=entrant.participation,
                    kind=kind if kind in COSTS else AssistanceCase.Kind.OTHER,
                    state=state,
                    budget_line=LINES.get(kind, "Services"),
                    budget=Decimal(cost) if state != State.ASKED else None,
                    spent=Decimal(spent),
                    currency="USD",
                    due_on=edition.starts_on - timedelta(days=random.randint(0, 4)),
                    opened_at=opening - timedelta(days=random.randint(60, 150)),
                    closed_at=opening - timedelta(days=random.randint(3, 30)) if state == State.DONE else None,
                )
            )
    return made


def segments(edition: Edition) -> list[Segment]:
    """Three filters that an organiser asks for first."""
    return [
        Segment(edition=edition, name="Exhibitors / 参展商", filters={"kind": ["exhibitor", "co_exhibitor"]}),
        Segment(
            edition=edition,
            name="Buyers without a wish / 未提交意愿的采购商",
            filters={"kind": ["buyer"], "conditions": ["no_wishes"]},
        ),
        Segment(edition=edition, name="LDC", filters={"group": "LDC"}),
    ]


def letters(edition: Edition) -> list[MailTemplate]:
    """A letter in the six languages of the interface, and own words in two for one that Serai sends by itself."""
    return [
        MailTemplate(edition=edition, key="two-languages", purpose="organiser", subject=SUBJECT, body=BODY),
        MailTemplate(
            edition=edition,
            key="application-confirmed",
            purpose="service",
            subject={"en": "Welcome to {fair}, {firm}", "zh-hans": "{firm}，欢迎参加{fair}"},
            body={
                "en": "Dear {name},\n\nyour place is kept, {first_day} to {last_day}. Your desk: {link}\n\n{reason}",
                "zh-hans": "{name}，您好：\n\n您的席位已为 {first_day} 至 {last_day} 保留。工作台：{link}\n\n{reason}",
            },
        ),
    ]
