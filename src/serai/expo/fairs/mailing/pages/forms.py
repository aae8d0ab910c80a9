"""Forms of segments and templates."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import countries_by_name
from serai.expo.base.text import in_language, language_name
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.mailing.domain.segments import segment_conditions, segments_visible_to, templates_visible_to
from serai.expo.fairs.mailing.domain.templates import TemplateFaultError, check
from serai.expo.fairs.mailing.models import MailTemplate, Segment
from serai.expo.people.account.models import User
from serai.world.classifications.country_groups import groups

MANY = ("kind", "state", "section", "country", "language", "conditions")


class SegmentForm(forms.ModelForm[Segment]):
    """A segment: its name and its filters. A filter without a choice leaves everyone in."""

    class Meta:
        model = Segment
        fields = ("name",)

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.edition = edition
        sections = [(row.slug, in_language(row.title).text) for row in Section.objects.filter(edition=edition)]
        here = (
            Participation.objects.filter(edition=edition).order_by().values_list("firm__country", flat=True).distinct()
        )
        chosen = self.instance.filters or {}
        conditions = [(key, condition.title) for key, condition in segment_conditions().items()]
        for name, label, choices in (
            ("kind", _("Kind"), Participation.Kind.choices),
            ("state", _("State"), Participation.State.choices),
            ("section", _("Section"), sections),
            ("conditions", _("What they lack"), conditions),
            ("language", _("Language"), [(code, language_name(code)) for code, _name in settings.LANGUAGES]),
        ):
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=chosen.get(name, []),
            )
        self.fields["country"] = forms.MultipleChoiceField(
            label=_("Country or region"),
            choices=countries_by_name(here),
            required=False,
            widget=forms.SelectMultiple(attrs={"size": 6}),
            initial=chosen.get("country", []),
        )
        self.fields["group"] = forms.ChoiceField(
            label=_("Group of countries, as of the opening day"),
            choices=[("", _("any")), *((group.key, in_language(group.titles).text) for group in groups())],
            required=False,
            initial=chosen.get("group", ""),
        )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Segment.objects.filter(edition=self.edition, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a segment of this name already."))
        return name

    def filters(self) -> dict[str, Any]:
        """The filters with a choice."""
        given = {name: self.cleaned_data.get(name) for name in (*MANY, "group")}
        return {name: value for name, value in given.items() if value}


class TemplateForm(forms.ModelForm[MailTemplate]):
    """A letter in each language."""

    class Meta:
        model = MailTemplate
        fields = ("key", "purpose", "subject", "body")
        help_texts: ClassVar = {"key": _("For you alone.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A text of several paragraphs needs room in each language.
        self.fields["body"] = LocalizedTextFormField(label=_("Text"), long=True, max_length=20_000)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "subject" in cleaned and "body" in cleaned:
            try:
                check(cleaned["subject"], cleaned["body"])
            except TemplateFaultError as error:
                self.add_error("body", str(error))
        return cleaned


class MailingForm(forms.Form):
    """The template and the segment of a mailing."""

    template = forms.ChoiceField(label=_("Template"))
    segment = forms.ChoiceField(label=_("Segment"))

    def __init__(self, user: User, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.templates = {str(template.pk): template for template in templates_visible_to(user, edition)}
        self.segments = {str(segment.pk): segment for segment in segments_visible_to(user, edition)}
        for name, choices in (
            ("template", [(key, template.key) for key, template in self.templates.items()]),
            ("segment", [(key, segment.name) for key, segment in self.segments.items()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
