"""The lab: its ready scenarios, the forms of one's own, each run with its result, and who may run."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.base.exporters import attached
from serai.expo.base.submission import attempt, told_in
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.fairs.edition.rules import is_organiser
from serai.expo.firms.record.models import Firm
from serai.expo.insight.lab.domain import runs as domain
from serai.expo.insight.lab.domain.files import FORMATS
from serai.expo.insight.lab.domain.presentation import compared, lines_of, loss_map, shown
from serai.expo.insight.lab.domain.scenarios import (
    ON_CHAIN,
    ON_FAIR,
    ON_TABLE,
    ScenarioError,
    Written,
    from_ready,
    makers_at,
    ready_scenarios,
    written,
)
from serai.expo.insight.lab.domain.words import KINDS, READY, STRAITS, facts_of, problem_in_words, title_of
from serai.expo.insight.lab.models import LabRun, LabSettings
from serai.expo.insight.lab.rules import access
from serai.expo.insight.scorecards.domain.subjects import COUNTRY, subjects
from serai.expo.offers.chains.domain.placements import chain_or_404, chains_of_edition
from serai.expo.offers.chains.models import Chain
from serai.expo.people.account.domain.profile import place_of
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


MOST_LISTED = 50
MOST_BESIDE = 3


@require_http_methods(["GET"])
def lab(request: EditionRequest) -> HttpResponse:
    """Ready scenarios, ways to write one, and one's own runs; all runs for organisers."""
    runs = [(run, title_of(written(run.scenario)), LabRun.State(run.state).label) for run in _listed(request)]
    context = {
        "may_run": request.user.has_perm("expo.run_lab", request.edition),
        "access": access(request.edition),
        "chains": chains_of_edition(request.edition),
        "ready": [(name, *READY[name]) for name in ready_scenarios()],
        "runs": runs,
    }
    return render(request, "insight/lab/lab.html", context)


def _listed(request: EditionRequest) -> Any:
    return domain.visible_to(request.user, request.edition)[:MOST_LISTED]


@require_http_methods(["GET", "POST"])
def lab_chain(request: EditionRequest, slug: str) -> HttpResponse:
    """Write a scenario on a chain of the fair."""
    chain = chain_or_404(request.edition, slug)
    form = ChainScenarioForm(_sent(request), initial=_initial(request), edition=request.edition, chain=chain)
    return _written(request, form, chain.title, gettext("Write what stops on this chain"))


@require_http_methods(["GET", "POST"])
def lab_table(request: EditionRequest) -> HttpResponse:
    """Write a scenario on the world table."""
    form = TableScenarioForm(_sent(request), edition=request.edition)
    return _written(request, form, None, gettext("Write what happens on the world table"))


@require_http_methods(["GET", "POST"])
def lab_ready(request: EditionRequest, name: str) -> HttpResponse:
    """Say what a ready scenario is about, and run it."""
    if name not in ready_scenarios():
        raise Http404(gettext("There is no such ready scenario."))
    form = ReadyForm(_sent(request), edition=request.edition, name=name)
    return _written(request, form, None, str(READY[name][0]), str(READY[name][1]))


def _sent(request: EditionRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _initial(request: EditionRequest) -> dict[str, Any]:
    """What a link to the form has chosen already: ``?countries=CHN&nodes=...``."""
    return {name: request.GET.getlist(name) for name in ("countries", "nodes", "straits") if name in request.GET}


def _written(request: EditionRequest, form: Any, chain: Any, title: str, about: str = "") -> HttpResponse:
    """The form of a scenario; one that was sent is run, and its page follows it."""
    if not request.user.has_perm("expo.run_lab", request.edition):
        raise PermissionDenied(
            gettext("The organiser has not opened the lab to you. Results that are shared stay open.")
        )
    if request.method == "POST" and form.is_valid():
        user = request.user if request.user.is_authenticated else None
        with told_in(form, ScenarioError, domain.TooManyRunsError):
            run = domain.ask(request.edition, form.scenario(), user=user, visitor=_visitor(request))
            return redirect("lab-run", request.edition.slug, run.code)
    context = {"form": form, "title": title, "about": about, "chain": chain}
    return render(request, "insight/lab/write.html", context, status=400 if form.errors else 200)


def _visitor(request: EditionRequest) -> str:
    """Whose computations are counted: nobody's for an organiser."""
    if is_organiser(request.user, request.edition):
        return ""
    return f"user {request.user.pk}" if request.user.is_authenticated else f"address {place_of(request)}"


@require_http_methods(["GET"])
def lab_run(request: EditionRequest, code: str) -> HttpResponse:
    """How far a run is, or its result, beside those that ``?with=`` names."""
    run = _run(request, code)
    results = []
    if run.ended == LabRun.State.DONE:
        others = dict.fromkeys(other for other in request.GET.getlist("with") if other != code)
        beside = [domain.run_of(request.edition, other) for other in others][:MOST_BESIDE]
        results = [shown(other) for other in (run, *beside) if other is not None and other.ended == LabRun.State.DONE]
    scenario = written(run.scenario)
    context = {
        "run": run,
        "title": title_of(scenario),
        "facts": facts_of(scenario),
        "state": LabRun.State(run.state).label,
        "awaited": {"standing": domain.standing(run)} if run.is_open else None,
        "problem": problem_in_words(run.problem),
        "may_cancel": run.is_open and domain.may_cancel(run, request.user),
        "results": results,
        "compared": compared(results) if len(results) > 1 else [],
        "lines": lines_of(results[0].result) if results else [],
        "drawn": [(row, loss_map(request.edition, row)) for row in results],
        "others": [
            (other.code, title_of(written(other.scenario)))
            for other in _listed(request)
            if other.ended == LabRun.State.DONE and other.code != code
        ],
        "formats": list(FORMATS),
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "insight/lab/run.html", context)


@require_POST
def lab_cancel(request: EditionRequest, code: str) -> HttpResponse:
    """Cancel a run that is open."""
    run = _run(request, code)
    if not domain.may_cancel(run, request.user):
        raise PermissionDenied
    attempt(request, lambda: domain.cancel(run), domain.CancelRefusedError, gettext("It was cancelled."))
    return redirect("lab-run", request.edition.slug, code)


@require_http_methods(["GET"])
def lab_file(request: EditionRequest, code: str, kind_of_file: str) -> HttpResponse:
    """The numbers or the map of a result."""
    run = _run(request, code)
    if kind_of_file not in FORMATS or run.ended != LabRun.State.DONE:
        raise Http404(gettext("This scenario has no result yet."))
    media, make = FORMATS[kind_of_file]
    return attached(make(run), f"scenario-{code}.{kind_of_file}", media)


def _run(request: EditionRequest, code: str) -> LabRun:
    run = domain.run_of(request.edition, code)
    if run is None:
        raise Http404(gettext("There is no such scenario. Check the address."))
    return run


@organiser_required("GET", "POST")
def lab_settings(request: OrganiserRequest) -> HttpResponse:
    """Who may run scenarios at this fair."""
    row = LabSettings.objects.filter(edition=request.edition).first() or LabSettings(edition=request.edition)
    form = AccessForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_valid():
        domain.choose_access(request.edition, form.cleaned_data["access"], user=request.user)
        return redirect("lab-settings", request.edition.slug)
    context = {"form": form, "count": LabRun.objects.filter(edition=request.edition).count()}
    return render(request, "insight/lab/settings.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("lab/", lab, name="lab"),
    path("lab/chain/<slug:slug>/", lab_chain, name="lab-chain"),
    path("lab/table/", lab_table, name="lab-table"),
    path("lab/ready/<slug:name>/", lab_ready, name="lab-ready"),
    path("lab/runs/<slug:code>/", lab_run, name="lab-run"),
    path("lab/runs/<slug:code>/cancel/", lab_cancel, name="lab-cancel"),
    path("lab/runs/<slug:code>/file.<slug:kind_of_file>", lab_file, name="lab-file"),
    path("organiser/lab/", lab_settings, name="lab-settings"),
]
