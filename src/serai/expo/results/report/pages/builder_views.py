"""The builder of reports: parts, preview and publication."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.rows import or_404
from serai.expo.base.submission import told_to
from serai.expo.base.text import language_name
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.jobs.domain import start
from serai.expo.fairs.jobs.pages import follow
from serai.expo.results.report.domain import builder
from serai.expo.results.report.domain.builder import ReportError
from serai.expo.results.report.domain.content import content
from serai.expo.results.report.domain.presentation import shown_parts
from serai.expo.results.report.domain.story import AWAITED, changed_numbers, findings_of, is_awaited, is_worded
from serai.expo.results.report.models import NamedReport, ReportIssue, ReportPart
from serai.expo.results.report.pages.forms import PartForm, ReportForm, WordingForm


def _report(request: OrganiserRequest, slug: str) -> NamedReport:
    reports = NamedReport.objects.select_related("edition")
    return get_object_or_404(reports, edition=request.edition, slug=slug)


@organiser_required("GET", "POST")
def reports(request: OrganiserRequest) -> HttpResponse:
    """All reports of the fair, and a new one."""
    if "story" in request.POST:
        languages = [code for code, _name in settings.LANGUAGES if code in request.edition.languages]
        with told_to(request, ReportError):
            story = builder.new_story(
                request.edition, languages=languages or [get_language() or "en"], user=request.user
            )
            messages.success(request, _("The report is made, as a draft that only you see. Read it, then publish it."))
            return redirect("report-build", request.edition.slug, story.slug)
        return redirect("report-builder", request.edition.slug)
    new = NamedReport(edition=request.edition, languages=[get_language() or "en"])
    form = ReportForm(request.POST if request.method == "POST" else None, instance=new)
    if request.method == "POST" and form.is_valid():
        report = builder.save_report(form.save(commit=False), user=request.user)
        messages.success(request, _("The report is made, as a draft that only you see. Add its parts."))
        return redirect("report-build", request.edition.slug, report.slug)
    listed = NamedReport.objects.filter(edition=request.edition).prefetch_related("issues", "parts")
    status = 400 if form.errors else 200
    return render(request, "results/report/builder.html", {"reports": listed, "form": form}, status=status)


@organiser_required("GET", "POST")
def report_build(request: OrganiserRequest, slug: str) -> HttpResponse:
    """A report with its fields and its parts in order."""
    report = _report(request, slug)
    if "remove" in request.POST:
        with told_to(request, ReportError):
            builder.remove_report(report, user=request.user)
            messages.success(request, _("The report has been taken away."))
            return redirect("report-builder", request.edition.slug)
        return redirect("report-build", request.edition.slug, report.slug)
    shown = _report(request, slug)  # the form writes the given values into its instance
    form = ReportForm(request.POST if request.method == "POST" else None, instance=report)
    if form.is_valid():
        kept = builder.save_report(form.save(commit=False), user=request.user)
        messages.success(request, _("The changes are kept."))
        return redirect("report-build", request.edition.slug, kept.slug)
    context = {
        "report": shown,
        "form": form,
        "parts": list(shown.parts.all()),
        "issues": list(shown.issues.select_related("published_by")),
        "kinds": ReportPart.Kind.choices,
        "report_languages": [(language, language_name(language)) for language in shown.languages],
    }
    return render(request, "results/report/build.html", context, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def part_new(request: OrganiserRequest, slug: str, kind: str) -> HttpResponse:
    """A new part of one kind."""
    if kind not in ReportPart.Kind.values:
        raise Http404(_("A report has no such part."))
    return _part(request, ReportPart(edition=request.edition, report=_report(request, slug), kind=kind))


@organiser_required("GET", "POST")
def part(request: OrganiserRequest, slug: str, pk: int) -> HttpResponse:
    """A part: changed, moved or taken away."""
    part = get_object_or_404(ReportPart, report=_report(request, slug), pk=pk)
    if {"up", "down", "remove"} & set(request.POST):
        if "remove" in request.POST:
            builder.remove_part(part, user=request.user)
        else:
            builder.move_part(part, up="up" in request.POST, user=request.user)
        return redirect("report-build", request.edition.slug, slug)
    return _part(request, part)


def _part(request: OrganiserRequest, part: ReportPart) -> HttpResponse:
    form = PartForm(request.POST if request.method == "POST" else None, instance=part)
    if request.method == "POST" and form.is_valid():
        builder.save_part(form.save(commit=False), user=request.user)
        messages.success(request, _("The part is kept."))
        return redirect("report-build", request.edition.slug, part.report.slug)
    context = {"report": part.report, "part": part, "form": form, "findings": _worded(part)}
    return render(request, "results/report/part.html", context, status=400 if form.errors else 200)


def _worded(part: ReportPart) -> list[dict[str, Any]]:
    """The findings of a part with the sentence that stands, and the organiser's own that stands no more."""
    if part.kind != ReportPart.Kind.FINDINGS or not part.pk:
        return []
    return [
        {
            "finding": finding,
            "own": part.wordings.get(finding.code),
            "stands": is_worded(part, finding),
            "changed": changed_numbers(part, finding),
        }
        for finding in findings_of(part)
    ]


@organiser_required("GET", "POST")
def finding_wording(request: OrganiserRequest, slug: str, pk: int, code: str) -> HttpResponse:
    """A finding in the organiser's own words, which stand as long as its numbers do."""
    part = get_object_or_404(ReportPart, report=_report(request, slug), pk=pk, kind=ReportPart.Kind.FINDINGS)
    findings = (finding for finding in findings_of(part) if finding.code == code)
    finding = or_404(next(findings, None), _("Nothing can be said of it now."))
    own = part.wordings.get(code, {})
    form = WordingForm(request.POST if request.method == "POST" else None, initial={"text": own.get("text", {})})
    if request.method == "POST" and form.is_valid():
        builder.save_wording(part, finding, form.cleaned_data["text"] or {}, user=request.user)
        messages.success(request, _("The sentence is kept. It stands as long as its numbers do."))
        return redirect("report-part", request.edition.slug, slug, pk)
    changed = changed_numbers(part, finding)
    context = {"report": part.report, "part": part, "form": form, "finding": finding, "changed": changed}
    return render(request, "results/report/finding.html", context, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def preview(request: OrganiserRequest, slug: str) -> HttpResponse:
    """The report as it would be published now; a POST with a language has it typeset as a PDF."""
    report = _report(request, slug)
    if request.method == "POST":
        if (language := request.POST.get("pdf", "")) not in report.languages:
            raise Http404(_("The report is not written in this language."))
        return follow(start(request.edition, "report-pdf", user=request.user, slug=slug, language=language))
    counted = content(report)
    context = {
        "report": report,
        "said": counted,
        "parts": shown_parts(counted),
        "issue": None,
        "is_awaited": is_awaited(report),
    }
    return render(request, "results/report/issue.html", context)


@organiser_required("POST")
def publish(request: OrganiserRequest, slug: str) -> HttpResponse:
    """Publish the report as its next issue."""
    report = _report(request, slug)
    page = reverse("report-build", args=[request.edition.slug, report.slug])
    if is_awaited(report):
        messages.error(request, AWAITED)
        return redirect(page)
    return follow(start(request.edition, "report-publication", user=request.user, page=page, slug=slug))


@organiser_required("POST")
def withdraw(request: OrganiserRequest, slug: str, number: int) -> HttpResponse:
    """Take an issue out of the public's sight."""
    issue = get_object_or_404(ReportIssue, report=_report(request, slug), number=number, withdrawn_at__isnull=True)
    builder.withdraw(issue, user=request.user)
    messages.success(request, _("Issue %d is withdrawn.") % number)
    return redirect("report-build", request.edition.slug, slug)
