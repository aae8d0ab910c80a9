"""The lab: its ready scenarios, the forms of one's own, each run with its result, and who may run."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.base.submission import attempt, told_in
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.fairs.edition.rules import is_organiser
from serai.expo.insight.lab.domain import runs as domain
from serai.expo.insight.lab.domain.chain_losses import loss_map
from serai.expo.insight.lab.domain.files import FORMATS
from serai.expo.insight.lab.domain.presentation import compared, lines_of, shown
from serai.expo.insight.lab.domain.scenarios import ScenarioError, ready_scenarios, written
from serai.expo.insight.lab.domain.words import READY, facts_of, problem_in_words, title_of
from serai.expo.insight.lab.models import LabRun, LabSettings
from serai.expo.insight.lab.pages.forms import AccessForm, ChainScenarioForm, ReadyForm, TableScenarioForm
from serai.expo.insight.lab.rules import access
from serai.expo.offers.chains.domain.placements import chain_or_404, chains_of_edition
from serai.expo.people.account.domain.address import place_of

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
    return _written(request, form, chain.title, _("Write what stops on this chain"))


@require_http_methods(["GET", "POST"])
def lab_table(request: EditionRequest) -> HttpResponse:
    """Write a scenario on the world table."""
    form = TableScenarioForm(_sent(request), edition=request.edition)
    return _written(request, form, None, _("Write what happens on the world table"))


@require_http_methods(["GET", "POST"])
def lab_ready(request: EditionRequest, name: str) -> HttpResponse:
    """Say what a ready scenario is about, and run it."""
    if name not in ready_scenarios():
        raise Http404(_("There is no such ready scenario."))
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
        raise PermissionDenied(_("The organiser has not opened the lab to you. Results that are shared stay open."))
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
    attempt(request, lambda: domain.cancel(run), domain.CancelRefusedError, _("It was cancelled."))
    return redirect("lab-run", request.edition.slug, code)


@require_http_methods(["GET"])
def lab_file(request: EditionRequest, code: str, kind_of_file: str) -> HttpResponse:
    """The numbers or the map of a result."""
    run = _run(request, code)
    if kind_of_file not in FORMATS or run.ended != LabRun.State.DONE:
        raise Http404(_("This scenario has no result yet."))
    media, make = FORMATS[kind_of_file]
    answer = HttpResponse(make(run), media)
    name = f"scenario-{code}.{kind_of_file}"
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    return answer


def _run(request: EditionRequest, code: str) -> LabRun:
    run = domain.run_of(request.edition, code)
    if run is None:
        raise Http404(_("There is no such scenario. Check the address."))
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
