"""Forms of scenarios: what stops on a chain, what happens on the world table, and what a ready scenario asks for."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.models import Firm
from serai.expo.insight.lab.domain.scenarios import ON_CHAIN, ON_FAIR, ON_TABLE, Written, from_ready, makers_at
from serai.expo.insight.lab.domain.words import KINDS, STRAITS
from serai.expo.insight.lab.models import LabSettings
from serai.expo.insight.scorecards.domain.subjects import COUNTRY, subjects
from serai.expo.offers.chains.models import Chain
from serai.world.classifications import countries
from serai.world.shocks.scenarios import named_scenarios

type Choices = list[tuple[str, str]]

SEVERAL = _("Hold Ctrl or Command to choose several.")


def _country_choices(edition: Edition) -> Choices:
    return [(countries.country(row.code).alpha3, row.title) for row in subjects(edition, COUNTRY)]


def _several(
    label: Any, choices: Callable[[], Choices] | Iterable[tuple[str, str]], **more: Any
) -> forms.MultipleChoiceField:
    widget = forms.SelectMultiple({"size": 8})
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=widget, **more)


class ChainScenarioForm(forms.Form):
    """What stops on a chain."""

    countries = _several(_("Countries that stop"), (), help_text=SEVERAL)
    nodes = _several(_("Nodes that stop, in these countries or in all"), ())
    straits = _several(_("Straits and canals that are closed"), list[tuple[str, Any]](STRAITS.items()))
    firms = _several(
        _("Exhibitors of this fair that stop"),
        (),
        help_text=_("The exhibitors are then taken as the only makers of the nodes on which they stand."),
    )
    share = forms.IntegerField(label=_("Part that is lost, in per cent"), min_value=1, max_value=100, initial=100)
    weeks = forms.IntegerField(
        label=_("For how many weeks"),
        min_value=1,
        max_value=104,
        required=False,
        help_text=_("Empty: a lasting stop, without stocks."),
    )
    recovery = forms.IntegerField(
        label=_("Weeks in which it comes back"), min_value=0, max_value=104, required=False, initial=0
    )
    horizon = forms.ChoiceField(
        label=_("Who is supplied"),
        choices=[
            ("contracts", _("Weeks: who supplies whom stays")),
            ("pool", _("Months: all get the same part of what is left")),
        ],
    )

    def __init__(self, *args: Any, edition: Edition, chain: Chain, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chain = chain
        fields: Mapping[str, Any] = self.fields
        fields["countries"].choices = _country_choices(edition)
        fields["nodes"].choices = [(node.code, in_language(node.title).text) for node in chain.nodes.all()]
        identifiers = {firm for _node, firm, _country in makers_at(edition, chain.slug)}
        named = Firm.objects.filter(identifier__in=identifiers).order_by("sort_name").values_list("identifier", "name")
        fields["firms"].choices = [(identifier, in_language(name).text) for identifier, name in named]

    def scenario(self) -> Written:
        """The scenario that was written."""
        given = self.cleaned_data
        parameters = {name: given[name] for name in ("countries", "nodes", "straits", "firms") if given[name]}
        parameters["share"] = given["share"] / 100
        if given["weeks"]:
            parameters |= {"weeks": given["weeks"], "recovery": given["recovery"] or 0}
        if given["horizon"] == "pool":
            parameters["horizon"] = "pool"
        return Written(ON_FAIR if given["firms"] else ON_CHAIN, "supply-stop", parameters, chain=self.chain.slug)


class TableScenarioForm(forms.Form):
    """What happens on the world table."""

    kind = forms.ChoiceField(label=_("What happens"), choices=list(KINDS.items()))
    countries = _several(_("In or to these countries"), (), help_text=SEVERAL)
    industries = _several(_("In these industries, or in all"), ())
    share = forms.IntegerField(label=_("Part that is lost, in per cent"), min_value=1, max_value=100, initial=50)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=365, initial=30)
    change = forms.IntegerField(
        label=_("Change of costs or tariffs, in per cent"), min_value=-50, max_value=200, initial=10
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["countries"].choices = _country_choices(edition)
        fields["industries"].choices = [(f"isic {code}", name) for code, name in ISIC_SECTIONS.items()]

    def clean_countries(self) -> list[str]:
        if not self.cleaned_data["countries"]:
            raise forms.ValidationError(_("Choose at least one country."))
        chosen: list[str] = self.cleaned_data["countries"]
        return chosen

    def scenario(self) -> Written:
        """The scenario that was written."""
        given = self.cleaned_data
        where = {"countries": given["countries"]} | ({"industries": given["industries"]} if given["industries"] else {})
        share, change = given["share"] / 100, given["change"] / 100
        industries = {"industries": given["industries"]} if given["industries"] else {}
        parameters: Mapping[str, dict[str, Any]] = {
            "shortage": where | {"share": share},
            "inventory": where
            | {"share": share, "days": given["days"], "recovery": "linear", "recovery_days": given["days"]},
            "export_stop": {"exporters": given["countries"]} | industries,
            "trade_cost": where | {"factor": 1 + change},
            "tariff": {"exporters": given["countries"], "added": change} | industries,
            "extraction": where,
        }
        return Written(ON_TABLE, given["kind"], parameters[given["kind"]])


ISIC_SECTIONS: Mapping[str, Any] = {
    "A": _("Agriculture, forestry and fishing"),
    "B": _("Mining"),
    "C": _("Manufacturing"),
    "D": _("Electricity and gas"),
    "F": _("Construction"),
    "G": _("Trade"),
    "H": _("Transport and storage"),
    "J": _("Information and communication"),
    "K": _("Finance"),
}
"""Sections of ISIC that every table at hand tells apart."""


class ReadyForm(forms.Form):
    """What a ready scenario asks for."""

    def __init__(self, *args: Any, edition: Edition, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        choices = _country_choices(edition)
        for key in named_scenarios()[name].asks:
            if key == "blocs":
                self.fields["first"] = _several(_("First bloc"), choices, help_text=SEVERAL)
                self.fields["second"] = _several(_("Second bloc"), choices)
            else:
                self.fields[key] = _several(_("Countries"), choices, help_text=SEVERAL)

    def scenario(self) -> Written:
        """The ready scenario with what was chosen. Raises ScenarioError."""
        given = dict(self.cleaned_data)
        if "first" in given:
            blocs = [given.pop("first"), given.pop("second")]
            given["blocs"] = blocs if all(blocs) else []
        return from_ready(self.name, given)


class AccessForm(forms.ModelForm[LabSettings]):
    """Who may run scenarios."""

    class Meta:
        model = LabSettings
        fields = ("access",)
