"""A figure as a page shows it, and the sheet of what a fair gave back to a participant."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import is_open, later_editions
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.participants.exhibitors.domain.application import KINDS, apply
from serai.expo.participants.participation.domain.applications import ApplicationRefusedError
from serai.expo.people.account.models import User
from serai.expo.results.report.domain.blocks import Block, listed, listed_with_commas, method_block
from serai.expo.results.report.domain.chain_tables import chain_block
from serai.expo.results.report.domain.effect_tables import effect_block
from serai.expo.results.report.domain.properties import properties_block
from serai.expo.results.report.domain.story import Content, chart_picture
from serai.expo.results.report.domain.themes import MOST_COUNTRIES, theme_blocks

LISTS = ("figures", "groups", "chains", "findings", "charts", "maps", "effects", "themes", "properties", "method")
"""What parts hold beside their words."""


def shown_parts(content: Content) -> list[Content]:
    """The parts that tell something, in the reader's language where the report is written in it, else in its first."""
    languages: Sequence[str] = content["languages"]
    reader = get_language() or "en"
    language = reader if reader in languages else languages[0]
    return [
        part
        | {
            "charts": [_chart(chart, language) for chart in part.get("charts", ())],
            **_figures(part),
            "blocks": list(_blocks(part, language, content)),
        }
        for part in content["parts"]
        if any(part["text"].values()) or any(part.get(name) for name in LISTS)
    ]


def _figures(part: Content) -> Content:
    """The figures that are more than nothing; the others are named in a sentence each."""
    if not part.get("figures"):
        return {}
    zero = [figure for figure in part["figures"] if figure["value"] == 0]
    unknown = [figure for figure in part["figures"] if figure["value"] is None]
    remarks = [
        words % listed_with_commas(in_language(figure["title"]).text for figure in figures)
        for words, figures in ((_("Zero: %s."), zero), (_("Not known: %s."), unknown))
        if figures
    ]
    return {"figures": [figure for figure in part["figures"] if figure["value"]], "remarks": remarks}


def _blocks(part: Content, language: str, content: Content) -> Iterator[Block]:
    for place, effect in enumerate(part.get("effects", ())):
        yield effect_block(effect, defines=place == 0)
    yield from (chain_block(shown, language) for shown in part.get("maps", ()))
    # An edition of the world tells every country, the report of a fair those of its exhibitors.
    yield from theme_blocks(part.get("themes", ()), most=MOST_COUNTRIES if content.get("fair") else None)
    yield from (properties_block(properties) for properties in part.get("properties", ()))
    yield from (method_block(method) for method in part.get("method", ()))


def _chart(chart: Content, language: str) -> Content:
    words = listed(f"{label} {number_format(value, force_grouping=True)}" for label, value in chart["rows"][language])
    shown, of_all = len(chart["rows"][language]), chart.get("of", 0)
    note = _("The %(shown)s with the most, of %(all)s.") % {"shown": shown, "all": of_all} if of_all > shown else ""
    return chart | {
        "svg": chart_picture(chart, language),
        "narrow": chart_picture(chart, language, is_narrow=True),
        "words": words,
        "note": note,
    }


GOOD = 4
"""The least rating of a good lead."""

OVER = ("lapsed", "withdrawn", "disputed")
"""States of outcomes whose value is not summed."""


@dataclass(frozen=True)
class Results:
    """The results of one exhibitor; values are summed by state and currency."""

    held: int
    missed: int
    leads: int
    good_leads: int
    followed_up: int
    open_steps: int
    outcomes: list[Outcome]
    values: list[tuple[str, str, Decimal]]


def results(participation: Participation) -> Results:
    """The results so far."""
    own = Q(host=participation) | Q(guest=participation)
    met = list(Meeting.objects.filter(own, edition=participation.edition).values_list("state", flat=True))
    leads = list(Lead.objects.filter(participation=participation))
    outcomes = list(
        Outcome.objects.filter(edition=participation.edition, parties__participation=participation)
        .prefetch_related("parties__participation__firm")
        .distinct()
    )
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for outcome in outcomes:
        if outcome.value is not None and outcome.state not in OVER:
            sums[str(outcome.get_state_display()), outcome.currency] += outcome.value
    with_step = [lead for lead in leads if lead.next_step or lead.next_on]
    return Results(
        held=met.count(Meeting.State.HELD),
        missed=met.count(Meeting.State.MISSED),
        leads=len(leads),
        good_leads=sum(lead.rating >= GOOD for lead in leads),
        followed_up=sum(lead.done_at is not None for lead in with_step),
        open_steps=sum(lead.done_at is None for lead in with_step),
        outcomes=outcomes,
        values=[(state, currency, value) for (state, currency), value in sorted(sums.items())],
    )


def next_editions(participation: Participation) -> list[Edition]:
    """Later fairs of the same organiser that take applications and in which the firm does not take part yet."""
    later = later_editions(participation.edition)
    return [fair for fair in later if is_open(fair, "apply") and not _takes_part(fair, participation)]


def _takes_part(edition: Edition, participation: Participation) -> bool:
    with scope(edition=edition):
        rows = Participation.objects.filter(edition=edition, firm=participation.firm_id, kind__in=KINDS)
        return rows.exclude(state__in=("cancelled", "rejected")).exists()


@transaction.atomic
def book_again(participation: Participation, slug: str, *, user: User) -> Participation:
    """Apply for a later fair with the same area, section and pavilion. Raises ApplicationRefusedError."""
    edition = next((fair for fair in next_editions(participation) if fair.slug == slug), None)
    if edition is None:
        raise ApplicationRefusedError(_("This fair takes no applications of yours."))
    kind = participation.kind if participation.kind in KINDS else Participation.Kind.EXHIBITOR
    with scope(edition=edition):
        section = participation.section.slug if participation.section else ""
        return apply(
            edition,
            participation.firm,
            kind=kind,
            user=user,
            area_wanted_m2=participation.area_wanted_m2 or participation.area_m2,
            section=Section.objects.filter(edition=edition, slug=section).first(),
            pavilion=participation.pavilion,
        )
