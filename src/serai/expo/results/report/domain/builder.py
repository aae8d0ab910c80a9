"""The builder of reports: a report, its parts in order, and published issues that never change."""

from collections.abc import Mapping, Sequence
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.audit.domain.entries import record, save_and_record, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import each_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.people.account.models import User
from serai.expo.results.figures.domain import Definition, definitions
from serai.expo.results.report.domain.content import content
from serai.expo.results.report.domain.findings import Finding, declared_findings
from serai.expo.results.report.domain.story import CHARTS, WHO_CAME_AND_MET, WHOLE, compute_awaited
from serai.expo.results.report.domain.theme_words import THEME_NAMES
from serai.expo.results.report.models import NamedReport, ReportIssue, ReportPart
from serai.world.progress import Progress

GROUPS = ("fair", "ledger")
"""Groups of figures that stand before all others."""

STORY = "fair"
"""Address of the report that tells the whole fair."""


class ReportError(ValueError):
    """A report cannot be published or deleted; the message is a sentence for the reader."""


@made_once
def save_report(report: NamedReport, *, user: User) -> NamedReport:
    """Keep a new or a changed report."""
    before = state(NamedReport.objects.get(pk=report.pk)) if report.pk else None
    report.made_by = report.made_by or user
    save_and_record(report, before, added="report.made", changed="report.changed", user=user)
    return report


@transaction.atomic
def save_part(part: ReportPart, *, user: User) -> ReportPart:
    """Keep a part; a new one comes last."""
    before = state(ReportPart.objects.get(pk=part.pk)) if part.pk else None
    if before is None:
        part.order = (part.report.parts.aggregate(last=Max("order"))["last"] or 0) + 1
    part.save()
    record("report.part_kept", part, before=before, after=state(part), user=user, edition=part.edition)
    return part


@transaction.atomic
def remove_part(part: ReportPart, *, user: User) -> None:
    record("report.part_removed", part, before=state(part), user=user, edition=part.edition)
    part.delete()


@transaction.atomic
def move_part(part: ReportPart, *, up: bool, user: User) -> None:
    """Move a part by one place; the first does not move up, nor the last down."""
    parts = list(part.report.parts.all())
    place = parts.index(part)
    target = place + (-1 if up else 1)
    if not 0 <= target < len(parts):
        return
    parts[place], parts[target] = parts[target], parts[place]
    before = state(part)
    for order, moved in enumerate(parts, 1):
        moved.order = order
    ReportPart.objects.bulk_update(parts, ["order"])
    part.refresh_from_db()
    record("report.part_moved", part, before=before, after=state(part), user=user, edition=part.edition)


@transaction.atomic
def remove_report(report: NamedReport, *, user: User) -> None:
    """Delete a report. Raises ReportError if an issue of it was published."""
    if report.issues.exists():
        raise ReportError(_("This report was published. Withdraw its issues instead; what was said stays on record."))
    record("report.removed", report, before=state(report), user=user, edition=report.edition)
    report.delete()


@made_once
def publish(report: NamedReport, *, user: User | None) -> ReportIssue:
    """Count everything now and publish it as the next issue. Raises ReportError if the report has no parts."""
    if not report.parts.exists():
        raise ReportError(_("Add a part before you publish: the report is empty."))
    number = (report.issues.aggregate(last=Max("number"))["last"] or 0) + 1
    counted = content(report)
    issue = ReportIssue.objects.create(
        edition=report.edition, report=report, number=number, content=counted, published_by=user
    )
    after = {"report": report.slug, "number": number, "as_of": counted["as_of"]}
    record("report.published", issue, after=after, user=user, edition=report.edition)
    return issue


@transaction.atomic
def save_wording(part: ReportPart, finding: Finding, text: Mapping[str, str], *, user: User) -> None:
    """Keep the organiser's own sentence for a finding, with the numbers that it is written for; none takes it away."""
    before = state(part)
    others = {code: wording for code, wording in part.wordings.items() if code != finding.code}
    own = {finding.code: {"text": dict(text), "numbers": dict(finding.numbers)}} if any(text.values()) else {}
    part.wordings = others | own
    part.save(update_fields=["wordings"])
    record("report.finding_worded", part, before=before, after=state(part), user=user, edition=part.edition)


@made_once
def new_story(edition: Edition, *, languages: Sequence[str], user: User | None) -> NamedReport:
    """A report that tells the whole fair: findings, charts, what the fair did, maps, groups, figures with definitions.

    Raises ReportError if the edition has a report at its address already.
    """
    if NamedReport.objects.filter(edition=edition, slug=STORY).exists():
        raise ReportError(_("Another report of this fair stands at this address."))
    report = NamedReport.objects.create(
        edition=edition,
        slug=STORY,
        title=each_language(languages, lambda: _("Report of the fair")),
        languages=list(languages),
        made_by=user,
    )
    chains = [chain.slug for chain in chains_of_edition(edition)]
    kind = ReportPart.Kind
    chosen: list[tuple[ReportPart.Kind, list[str], Promise]] = [
        (kind.FINDINGS, [finding.code for finding in declared_findings()], gettext_lazy("At a glance")),
        (kind.CHARTS, list(CHARTS), WHO_CAME_AND_MET),
        (kind.EFFECT, [WHOLE, *chains], gettext_lazy("What the fair did to its chains")),
        (kind.MAPS, chains, gettext_lazy("The chains of the fair")),
        (kind.GROUPS, list(edition.country_groups), gettext_lazy("Groups of countries")),
        (
            kind.FIGURES,
            [figure.code for figure in sorted(definitions(edition), key=_place)],
            gettext_lazy("All figures, defined"),
        ),
        (kind.THEMES, list(THEME_NAMES), gettext_lazy("Four themes of the world's supply chains")),
        (kind.METHOD, [kind.METHOD], gettext_lazy("Method, limits and data")),
    ]
    for order, (of_kind, codes, title) in enumerate(((k, c, t) for k, c, t in chosen if c), 1):
        words = each_language(languages, partial(str, title))
        ReportPart.objects.create(edition=edition, report=report, order=order, kind=of_kind, chosen=codes, title=words)
    record("report.made", report, after=state(report), user=user, edition=edition)
    return report


def _place(figure: Definition) -> int:
    """The fair first, then what came of it, then all others."""
    return GROUPS.index(figure.group) if figure.group in GROUPS else len(GROUPS)


def publish_story(edition: Edition, *, languages: Sequence[str], progress: Progress) -> ReportIssue:
    """Publish the report of the whole fair here and now, with all that it shows; it is written first if need be."""
    story = NamedReport.objects.filter(edition=edition, slug=STORY).first()
    if story is None:
        story = new_story(edition, languages=languages, user=None)
    compute_awaited(story, progress)
    return publish(story, user=None)


@transaction.atomic
def withdraw(issue: ReportIssue, *, user: User) -> None:
    """Hide an issue from the public; organisers still read it."""
    before = {"withdrawn_at": None}
    issue.withdrawn_at = timezone.now()
    issue.save(update_fields=["withdrawn_at"])
    after = {"withdrawn_at": issue.withdrawn_at.isoformat()}
    record("report.withdrawn", issue, before=before, after=after, user=user, edition=issue.edition)


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[ReportIssue]:
    """The issues that a user reads, the latest of each report first: organisers read withdrawn ones too."""
    found = ReportIssue.objects.filter(edition=edition).select_related("report").order_by("report", "-number")
    return found if user.has_perm("expo.read_results", edition) else found.filter(withdrawn_at__isnull=True)


def public_issues(edition: Edition) -> QuerySet[ReportIssue]:
    """Every issue that the public reads, the latest of each report first."""
    return visible_to(AnonymousUser(), edition)
