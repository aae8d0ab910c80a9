"""Forms of the desk: applying, tasks, co-exhibitors, the wish for a booth."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import choose_from, country_choices
from serai.expo.base.text import WRITTEN, in_language, written_languages
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain.fields import longest
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.participants.exhibitors.domain.application import KINDS
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.participants.questions.domain.questions import asked_of
from serai.expo.participants.questions.pages import add_questions, given_in
from serai.expo.venue.halls.models import Booth, BoothWish, Hall
from serai.expo.venue.halls.pages import NAMES, equipment_field


class FirmForm(forms.Form):
    """A firm that is new to Serai."""

    legal_name = forms.CharField(
        label=_("Legal name"), help_text=_("As in the certificate of registration."), max_length=longest("legal_name")
    )
    country = forms.ChoiceField(label=_("Country or region"), choices=country_choices)
    language = forms.ChoiceField(label=_("The language of this name"), choices=written_languages)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"language": get_language()})


class ApplicationForm(forms.Form):
    """An application to exhibit."""

    firm = forms.ModelChoiceField(Firm.objects.none(), label=_("Firm"), empty_label=None)
    kind = forms.ChoiceField(label=_("As"), choices=[(kind, kind.label) for kind in KINDS])
    area_wanted_m2 = forms.IntegerField(label=_("Area wanted, in m²"), min_value=4, max_value=10_000, required=False)
    section = forms.ModelChoiceField(Section._base_manager.none(), label=_("Section"), required=False)
    pavilion = forms.ChoiceField(label=_("Country pavilion"), required=False, choices=country_choices)
    remarks = forms.CharField(
        label=_("Remarks for the organiser"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, edition: Edition, firms: Iterable[Firm], data: Any = None) -> None:
        super().__init__(data)
        choose_from(self, "firm", Firm.objects.filter(pk__in=[firm.pk for firm in firms]), shown_name)
        choose_from(self, "section", Section.objects.filter(edition=edition), _title)
        self.questions = asked_of(edition, *KINDS)
        add_questions(self, self.questions, *KINDS)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        asked = [question for question in self.questions if cleaned.get("kind") in question.kinds]
        self.answers = given_in(self, asked)
        return {name: value for name, value in cleaned.items() if name in self.base_fields}


class TaskForm(forms.ModelForm[DeskTask]):
    """A task for the exhibitors of an edition."""

    kinds = forms.MultipleChoiceField(
        label=_("Who has to do it"),
        help_text=_("All, where none is ticked."),
        choices=[
            (kind, kind.label)
            for kind in (Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR, Participation.Kind.SERVICE)
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = DeskTask
        fields: ClassVar = ["code", "title", "text", "due_on", "page", "kinds", "wants_file"]
        labels: ClassVar = {
            "code": _("Code"),
            "title": _("Title"),
            "text": _("What is to be done"),
            "due_on": _("Due on"),
            "page": _("Page of the desk on which it is done"),
            "wants_file": _("A file is to be sent"),
        }
        help_texts: ClassVar = {"code": _("Letters, digits and hyphens, such as 'insurance'.")}
        widgets: ClassVar = {"due_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
        field_classes: ClassVar = {"due_on": forms.DateField}


class TickForm(forms.Form):
    """The completion of a task."""

    note = forms.CharField(label=_("Note"), required=False, max_length=1_000)
    file = forms.FileField(label=_("File"), required=False)


class CoExhibitorForm(forms.Form):
    """The invitation of a co-exhibitor."""

    firm_name = forms.CharField(label=_("Name of the firm"), max_length=longest("legal_name"))
    country = forms.ChoiceField(label=_("Country or region"), choices=country_choices)
    email = forms.EmailField(label=_("Mail address"))


class AnswerForm(forms.Form):
    """The firm for which an invitation is accepted."""

    firm = forms.ModelChoiceField(Firm.objects.none(), label=_("Firm"), empty_label=None)

    def __init__(self, firms: Iterable[Firm], data: Any = None) -> None:
        super().__init__(data)
        choose_from(self, "firm", Firm.objects.filter(pk__in=[firm.pk for firm in firms]), shown_name)


class BoothWishForm(forms.ModelForm[BoothWish]):
    """An exhibitor's wish for its booth: equipment and place."""

    hall = forms.ModelChoiceField(Hall._base_manager.none(), label=_("Hall"), required=False)
    booths = forms.CharField(
        label=_("Booths wished for, the dearest first"),
        help_text=_("Their numbers as on the plan, with commas between."),
        required=False,
        max_length=300,
    )
    equipment = equipment_field(_("Connections needed"))
    near = forms.CharField(
        label=_("Firms to stand near"),
        help_text=_("Their identifiers, with commas between."),
        required=False,
        max_length=600,
    )

    class Meta:
        model = BoothWish
        fields: ClassVar = ["area_m2", "kind", "power_kw", *NAMES, "remarks"]
        labels: ClassVar = {
            "area_m2": _("Area wanted, in m²"),
            "kind": _("Kind of booth"),
            "power_kw": _("Electrical power, in kW"),
            "height_m": _("Height of what you build, in m"),
            "load_kg_m2": _("Your heaviest exhibit, in kg/m²"),
            "remarks": _("Remarks for the organiser"),
        }
        widgets: ClassVar = {"remarks": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, wish: BoothWish, data: Any = None) -> None:
        self.edition = wish.edition
        codes = {booth.pk: booth.code for booth in Booth.objects.filter(pk__in=wish.booths)}
        near = wish.near.select_related("firm") if wish.pk else ()
        super().__init__(
            data,
            instance=wish,
            initial={
                "hall": wish.hall_id,
                "booths": ", ".join(codes[pk] for pk in wish.booths if pk in codes),
                "near": ", ".join(neighbour.firm.identifier for neighbour in near),
            },
        )
        choose_from(self, "hall", Hall.objects.filter(edition=wish.edition), _title)
        self.order_fields(["area_m2", "kind", "power_kw", *NAMES, "hall", "booths", "near", "remarks"])

    def clean_booths(self) -> list[int]:
        asked = _listed(self.cleaned_data["booths"])
        by_code = {booth.code.upper(): booth.pk for booth in Booth.objects.filter(edition=self.edition, code__in=asked)}
        if missing := [code for code in asked if code.upper() not in by_code]:
            raise forms.ValidationError(_("This fair has no booth %(code)s."), params={"code": missing[0]})
        return [by_code[code.upper()] for code in asked]

    def clean_near(self) -> list[Participation]:
        asked = [leading(code) for code in _listed(self.cleaned_data["near"])]
        named = Participation.objects.filter(edition=self.edition, firm__identifier__in=asked).select_related("firm")
        by_code = {participation.firm.identifier: participation for participation in named}
        if missing := [code for code in asked if code not in by_code]:
            raise forms.ValidationError(
                _("No firm of this fair has the identifier %(code)s."), params={"code": missing[0]}
            )
        return [by_code[code] for code in asked]


def _listed(text: str) -> list[str]:
    return list(
        dict.fromkeys(part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip())
    )


def _title(thing: Section | Hall) -> str:
    return in_language(thing.title).text or str(thing)


def languages_shown(firm: Firm, also: str = "") -> list[str]:
    """The languages that a page of texts shows: the firm's own, English or Chinese, and those in use."""
    first = [firm.language, "zh-hans" if firm.language == "en" else "en"]
    wanted = [*first, *firm.name, *firm.description, *([also] if also in WRITTEN else [])]
    return list(dict.fromkeys(wanted))
