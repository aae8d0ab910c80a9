"""Placing, matching and the meeting rules on the organiser's desk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.jobs.domain.jobs import start
from serai.expo.fairs.jobs.pages.views import follow
from serai.expo.meetings.matchmaking.domain import learned_weights
from serai.expo.meetings.matchmaking.domain.matching import choice_of
from serai.expo.meetings.matchmaking.domain.settings import choose
from serai.expo.meetings.matchmaking.domain.value_curve import plot_of
from serai.expo.meetings.matchmaking.pages.forms import SIGNALS, ChoiceForm, LimitsForm, RuleForm
from serai.expo.meetings.meeting.domain import permission
from serai.expo.meetings.meeting.models import MeetingRule
from serai.expo.offers.chains.domain.coverage import OTHER_TRADE, STANDINGS, WAITING, coverage, in_standing, standings
from serai.world.classifications.country_groups import groups


@organiser_required("GET", "POST")
def matching(request: OrganiserRequest) -> HttpResponse:
    """Coverage of the chains, and the choice about matching. A POST has everything placed again."""
    if request.method == "POST":
        return follow(start(request.edition, "placing", user=request.user, page=request.path))
    return _matching(request, ChoiceForm(choice_of(request.edition)))


@organiser_required("POST")
def choose_matching(request: OrganiserRequest) -> HttpResponse:
    """Save the floor and the weights, or have the curve computed that shows what a floor costs."""
    if "curve" in request.POST:
        page = reverse("matching", args=[request.edition.slug])
        return follow(start(request.edition, "matching-curve", user=request.user, page=page))
    if "value_curve" in request.POST:
        page = reverse("matching", args=[request.edition.slug])
        return follow(start(request.edition, "matching-value-curve", user=request.user, page=page))
    form = ChoiceForm(choice_of(request.edition), request.POST)
    if not form.is_valid():
        return _matching(request, form)
    choose(
        request.edition,
        floor=form.cleaned_data["floor"],
        link_weights=form.link_weights(),
        most_lost=form.cleaned_data["most_lost"] / 100,
        table=form.cleaned_data["table"],
        user=request.user,
    )
    messages.success(request, _("Your choice is kept; the next proposals follow it."))
    return redirect("matching", request.edition.slug)


@organiser_required("POST")
def learn_matching(request: OrganiserRequest) -> HttpResponse:
    """Learn the weights from the participants' answers, or return to the judged weights."""
    if "forget" in request.POST:
        learned_weights.forget(request.edition, user=request.user)
        messages.success(request, _("The lists follow the judgement again."))
        return redirect("matching", request.edition.slug)
    page = reverse("matching", args=[request.edition.slug])
    return follow(start(request.edition, "matching-weights", user=request.user, page=page))


def _matching(request: OrganiserRequest, form: ChoiceForm) -> HttpResponse:
    choice = choice_of(request.edition)
    counts = standings(request.edition)
    asked = request.GET.get("standing", "")
    open_ = asked if asked in STANDINGS else WAITING if counts[WAITING] else OTHER_TRADE
    answers = list(learned_weights.answers_of(request.edition).values())
    learned = [
        (SIGNALS[name], weight, choice.learned["weights"][name])
        for name, weight in learned_weights.judged().items()
        if choice.learned and name in choice.learned["weights"]
    ]
    return render(
        request,
        "meetings/matchmaking/matching.html",
        {
            "yes": answers.count(True),
            "no": answers.count(False),
            "learned": learned,
            "coverage": coverage(request.edition),
            "form": form,
            "choice": choice,
            "plot": plot_of(choice.value_curve),
            "standings": [(name, STANDINGS[name], count) for name, count in counts.items() if count or name != WAITING],
            "exhibitors": sum(counts.values()),
            "open": open_,
            "page": Paginator(in_standing(request.edition, open_), 50).get_page(request.GET.get("page")),
        },
    )


@organiser_required("GET", "POST")
def meeting_rules(request: OrganiserRequest) -> HttpResponse:
    """The rules of who may ask whom, and their result for each two kinds. A POST adds a rule."""
    edition = request.edition
    rule = MeetingRule(edition=edition, order=10 + 10 * MeetingRule.objects.filter(edition=edition).count())
    form = RuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if request.method == "POST" and form.is_valid():
        permission.save_rule(form.save(commit=False), user=request.user)
        messages.success(request, _("The rule is kept and holds from now on."))
        return redirect("meeting-rules", edition.slug)
    permitted = permission.permits(edition)
    rules = MeetingRule.objects.filter(edition=edition).select_related("asker_section", "asked_section")
    kinds = Participation.Kind
    sides = {kind: permission.Side(kind, None, "") for kind in kinds}
    return render(
        request,
        "meetings/matchmaking/rules.html",
        {
            "rules": [
                (rule_, dict(kinds.choices).get(rule_.asker_kind, ""), dict(kinds.choices).get(rule_.asked_kind, ""))
                for rule_ in rules
            ],
            "groups": {group.key: group.titles for group in groups()},
            "kinds": [kind.label for kind in kinds],
            "matrix": [
                (kind.label, [permitted.between(sides[kind], sides[other]) for other in kinds]) for kind in kinds
            ],
            "against": permission.against_the_rules(edition),
            "form": form,
            "limits": LimitsForm(permitted.limits),
            "most_open": permission.MOST_OPEN,
        },
        status=400 if form.errors else 200,
    )


@organiser_required("GET", "POST")
def meeting_rule(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Change or delete a rule."""
    rule = get_object_or_404(MeetingRule, pk=pk, edition=request.edition)
    if request.method == "POST" and "remove" in request.POST:
        permission.remove_rule(rule, user=request.user)
        messages.success(request, _("The rule has been taken away."))
        return redirect("meeting-rules", request.edition.slug)
    form = RuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if request.method == "POST" and form.is_valid():
        permission.save_rule(form.save(commit=False), user=request.user)
        messages.success(request, _("The rule is kept and holds from now on."))
        return redirect("meeting-rules", request.edition.slug)
    return render(request, "meetings/matchmaking/rule.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("POST")
def request_limits(request: OrganiserRequest) -> HttpResponse:
    """Set how many requests a participant of each kind may have waiting."""
    form = LimitsForm({}, request.POST)
    if form.is_valid():
        permission.set_limits(request.edition, form.cleaned_data, user=request.user)
        messages.success(request, _("The limits are kept."))
    else:
        messages.error(request, _("Give each limit as a whole number, or leave it empty."))
    return redirect("meeting-rules", request.edition.slug)
