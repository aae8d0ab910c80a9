"""Forms of the organiser's choice about matching and of the rules of who may ask whom."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation, Section
from serai.expo.meetings.matchmaking.domain.property_names import PROPERTIES
from serai.expo.meetings.matchmaking.domain.trade_table import NO_TABLE, table_of, tables_here
from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.expo.meetings.meeting.models import MeetingRule
from serai.world.classifications.country_groups import groups

SIGNALS: Mapping[str, Promise] = {
    "chain": pgettext_lazy("speaks for a match", "Place on the chain"),
    "meaning": pgettext_lazy("speaks for a match", "Meaning of the texts"),
    "words": pgettext_lazy("speaks for a match", "Words in common"),
    "codes": pgettext_lazy("speaks for a match", "Codes in common"),
    "near": pgettext_lazy("speaks for a match", "Same country"),
}
"""Names of `serai.match.ranking.Signal`."""


class ChoiceForm(forms.Form):
    """The floor, the weight of each property of a link, and the relevance that the weights may cost."""

    floor = forms.IntegerField(
        label=_("Floor for small firms and exhibitors from least developed countries"),
        help_text=_("In how many lists of others each of them stands at least. 0 promises nothing."),
        min_value=0,
        max_value=500,
    )
    most_lost = forms.FloatField(
        label=_("Relevance that a list may lose at most, in per cent"),
        help_text=_("Whatever the weights below, no list is less relevant by more than this."),
        min_value=0,
        max_value=50,
    )

    table = forms.ChoiceField(
        label=_("World table that says which industries trade"),
        help_text=_("It counts where the chains are silent. A finer table knows more industries."),
        required=False,
    )

    def __init__(self, choice: MatchingChoice, data: Mapping[str, Any] | None = None) -> None:
        table = table_of(choice)
        initial = {"floor": choice.floor, "most_lost": round(100 * choice.most_lost, 2), "table": table}
        super().__init__(data, initial=initial | choice.link_weights)
        field = self.fields["table"]
        assert isinstance(field, forms.ChoiceField)
        tables = [(name, f"{title}, {year}") for name, title, year in tables_here()]
        field.choices = [*tables, (NO_TABLE, _("None: the chains alone"))]
        for name, label in PROPERTIES.items():
            self.fields[name] = forms.FloatField(label=str(label), min_value=0, max_value=10, required=False, initial=0)

    @property
    def promises(self) -> list[forms.BoundField]:
        """The fields that are not weights."""
        return [self["floor"], self["most_lost"], self["table"]]

    @property
    def weights(self) -> list[forms.BoundField]:
        """The fields of the properties, in the order of the mission."""
        return [self[name] for name in PROPERTIES]

    def link_weights(self) -> dict[str, float]:
        """The given weights, by property."""
        return {name: float(self.cleaned_data[name] or 0) for name in PROPERTIES}


class RuleForm(forms.ModelForm[MeetingRule]):
    """A rule of who may ask whom. An empty field fits everyone."""

    class Meta:
        model = MeetingRule
        fields = ("asker_kind", "asker_group", "asked_kind", "asked_group", "allowed", "order")
        labels: ClassVar = {"allowed": _("May ask (else it may not)"), "order": _("Place in the order")}

    SIDES = (("asker", _("Who asks")), ("asked", _("Who is asked")))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [("", _("everyone")), *Participation.Kind.choices]
        group_choices = [("", _("any")), *((group.key, in_language(group.titles).text) for group in groups())]
        self.sections = {str(section.pk): section for section in Section.objects.all()}
        sections = [("", _("any")), *((key, in_language(section.title).text) for key, section in self.sections.items())]
        for side, title in self.SIDES:
            for name, label, choices in (
                ("kind", _("kind"), kinds),
                ("section", _("section"), sections),
                ("group", _("group of countries"), group_choices),
            ):
                self.fields[f"{side}_{name}"] = forms.ChoiceField(
                    label=f"{title}: {label}", choices=choices, required=False
                )
            self.fields[f"{side}_section"].initial = getattr(self.instance, f"{side}_section_id") or ""
        self.order_fields([f"{side}_{name}" for side, _title in self.SIDES for name in ("kind", "section", "group")])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for side, _title in self.SIDES:
            setattr(self.instance, f"{side}_section", self.sections.get(cleaned.get(f"{side}_section", "")))
        return cleaned


class LimitsForm(forms.Form):
    """How many requests a participant of each kind may have waiting."""

    def __init__(self, limits: Mapping[str, int], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="limit")
        for kind, label in Participation.Kind.choices:
            self.fields[kind] = forms.IntegerField(
                label=str(label), min_value=0, max_value=10_000, required=False, initial=limits.get(kind)
            )
