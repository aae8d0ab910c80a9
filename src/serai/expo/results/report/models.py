"""Reports of an organiser with their parts, and published issues, which never change."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class NamedReport(EditionModel):
    """A report under a name: in which languages, with which parts. It is a draft until an issue of it is published."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="named_reports")
    slug = models.SlugField(_("Address"))
    title = LocalizedTextField(verbose_name=_("Title"))
    summary = LocalizedTextField(verbose_name=_("Summary"))
    languages = models.JSONField(_("Languages"), default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "slug"], name="report_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.slug}"


class ReportPart(EditionModel):
    """A part of a report: own words, and under them what was chosen of one kind."""

    class Kind(models.TextChoices):
        FINDINGS = "findings", _("Findings in sentences")
        CHARTS = "charts", _("Charts")
        MAPS = "maps", _("Maps of chains")
        EFFECT = "effect", _("What the fair did to its chains")
        THEMES = "themes", _("Themes of the world")
        METHOD = "method", _("Method")
        WORDS = "words", _("Own words")
        FIGURES = "figures", _("Figures")
        GROUPS = "groups", _("Groups of countries")
        CHAINS = "chains", _("Chains")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="report_parts")
    report = models.ForeignKey(NamedReport, models.CASCADE, related_name="parts")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=Kind)
    title = LocalizedTextField(verbose_name=_("Title"))
    text = LocalizedTextField(verbose_name=_("Text"))
    chosen = models.JSONField(default=list, help_text=_("Codes of figures, keys of groups, or addresses of chains."))
    wordings = models.JSONField(
        default=dict,
        help_text=_("Own sentences for findings, by code: the text by language, and the numbers it is for."),
    )

    class Meta:
        ordering: ClassVar = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.report} {self.order}: {self.kind}"


class ReportIssue(EditionModel):
    """A published report, numbered from 1. Every figure in it keeps its definition, version and time."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="report_issues")
    report = models.ForeignKey(NamedReport, models.RESTRICT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="issue_once_a_number")]

    def __str__(self) -> str:
        return f"{self.report} {self.number}"
