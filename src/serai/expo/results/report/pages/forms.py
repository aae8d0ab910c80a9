"""Forms of the report builder."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.groups.domain import choosable
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.results.figures.domain import definitions
from serai.expo.results.report.domain import properties  # noqa: F401  (importing it declares the figures)
from serai.expo.results.report.domain.findings import declared_findings
from serai.expo.results.report.domain.story import CHARTS, WHOLE
from serai.expo.results.report.domain.theme_words import THEME_NAMES
from serai.expo.results.report.models import NamedReport, ReportPart

KINDS = ReportPart.Kind
ALL_AT_FIRST = {KINDS.FINDINGS, KINDS.CHARTS, KINDS.MAPS, KINDS.THEMES}
NOTHING_TO_CHOOSE = {KINDS.WORDS, KINDS.METHOD}
"""Kinds of parts of which everything is chosen until somebody takes something out."""


class ReportForm(forms.ModelForm[NamedReport]):
    """Title, address and languages of a report."""

    class Meta:
        model = NamedReport
        fields = ("title", "slug", "summary", "languages")
        help_texts: ClassVar = {"slug": _("The last part of its web address, such as 'results': letters and hyphens.")}

    summary = LocalizedTextFormField(label=_("Summary"), long=True, required=False, max_length=4000)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].required = True

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        same = NamedReport.objects.filter(edition=self.instance.edition, slug=slug).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(gettext("Another report of this fair stands at this address."))
        return slug


class PartForm(forms.ModelForm[ReportPart]):
    """A part: own words, and what is chosen of its kind."""

    class Meta:
        model = ReportPart
        fields = ("title", "text")

    text = LocalizedTextFormField(label=_("Own words"), long=True, required=False, max_length=20_000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        part = self.instance
        if part.kind not in NOTHING_TO_CHOOSE:
            offered = choices(part.edition, part.kind)
            self.fields["chosen"] = forms.MultipleChoiceField(
                label=part.get_kind_display(),
                choices=offered,
                initial=part.chosen if part.pk else [value for value, _label in offered if part.kind in ALL_AT_FIRST],
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.instance.kind == KINDS.WORDS and not cleaned.get("text") and not self.errors:
            self.add_error("text", gettext("Write something: a part of own words has nothing else."))
        self.instance.chosen = cleaned.get("chosen", [])
        return cleaned


def choices(edition: Edition, kind: str) -> list[tuple[str, str]]:
    """The choices of a part of a kind: values and their labels."""
    return _CHOICES[kind](edition)


def _chains(edition: Edition) -> list[tuple[str, str]]:
    return [(chain.slug, in_language(chain.title).text) for chain in chains_of_edition(edition)]


_CHOICES: Mapping[str, Callable[[Edition], list[tuple[str, str]]]] = {
    KINDS.FIGURES: lambda edition: [(figure.code, str(figure.title)) for figure in definitions(edition)],
    KINDS.GROUPS: lambda edition: choosable(edition.country_groups),
    KINDS.CHAINS: _chains,
    KINDS.FINDINGS: lambda _edition: [(finding.code, str(finding.title)) for finding in declared_findings()],
    KINDS.CHARTS: lambda _edition: [(code, str(title)) for code, title in CHARTS.items()],
    KINDS.MAPS: _chains,
    KINDS.THEMES: lambda _edition: [(name, str(title)) for name, title in THEME_NAMES.items()],
    KINDS.EFFECT: lambda edition: [(WHOLE, gettext("All chains of the fair")), *_chains(edition)],
}


class WordingForm(forms.Form):
    """The organiser's own sentence for a finding; empty, the computed one stands."""

    text = LocalizedTextFormField(label=_("Own sentence"), required=False, max_length=1000)
