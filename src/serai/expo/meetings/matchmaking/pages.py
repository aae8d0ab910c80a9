"""Placing, matching and the meeting rules on the organiser's desk, and the template tag that tells what a source
changes.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms, template
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import paged
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation, Section
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.jobs.domain import start
from serai.expo.fairs.jobs.pages import follow
from serai.expo.meetings.matchmaking.domain import learned_weights
from serai.expo.meetings.matchmaking.domain.choice import choose, plot_of
from serai.expo.meetings.matchmaking.domain.matching import choice_of
from serai.expo.meetings.matchmaking.domain.source_values import PROPERTIES, Value, own_values
from serai.expo.meetings.matchmaking.domain.trade_table import NO_TABLE, table_of, tables_here
from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.expo.meetings.meeting.domain import permission
from serai.expo.meetings.meeting.models import MeetingRule
from serai.expo.offers.chains.domain.chain_maps import OTHER_TRADE, STANDINGS, WAITING, coverage, in_standing, standings
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
    messages.success(request, gettext("Your choice is kept; the next proposals follow it."))
    return redirect("matching", request.edition.slug)


@organiser_required("POST")
def learn_matching(request: OrganiserRequest) -> HttpResponse:
    """Learn the weights from the participants' answers, or return to the judged weights."""
    if "forget" in request.POST:
        learned_weights.forget(request.edition, user=request.user)
        messages.success(request, gettext("The lists follow the judgement again."))
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
            "page": paged(request, in_standing(request.edition, open_)),
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
        messages.success(request, gettext("The rule is kept and holds from now on."))
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
        messages.success(request, gettext("The rule has been taken away."))
        return redirect("meeting-rules", request.edition.slug)
    form = RuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if request.method == "POST" and form.is_valid():
        permission.save_rule(form.save(commit=False), user=request.user)
        messages.success(request, gettext("The rule is kept and holds from now on."))
        return redirect("meeting-rules", request.edition.slug)
    return render(request, "meetings/matchmaking/rule.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("POST")
def request_limits(request: OrganiserRequest) -> HttpResponse:
    """Set how many requests a participant of each kind may have waiting."""
    form = LimitsForm({}, request.POST)
    if form.is_valid():
        permission.set_limits(request.edition, form.cleaned_data, user=request.user)
        messages.success(request, gettext("The limits are kept."))
    else:
        messages.error(request, gettext("Give each limit as a whole number, or leave it empty."))
    return redirect("meeting-rules", request.edition.slug)


register = template.Library()


@register.inclusion_tag("meetings/matchmaking/source_value.html", takes_context=True)
def source_value(context: template.Context, value: Value | None, own: Any = None, other: Any = None) -> dict[str, Any]:
    """What a source changes. With ``own``, a participant of the reader, and ``other``, the source: by what the reader's
    firm declares of its sources, where it does and the reader keeps them. Those are read once a page. A page that lacks
    one of the two shows the average."""
    request: HttpRequest = context["request"]
    if isinstance(own, Participation) and isinstance(other, Participation) and request.user.is_authenticated:
        value = _own_values(request, own).get(other.pk, value)
    return {"value": value, "edition": context["edition"]}


def _own_values(request: Any, own: Participation) -> Mapping[int, Value]:
    kept: dict[int, Mapping[int, Value]] = request.__dict__.setdefault("_own_values_of_sources", {})
    if own.pk not in kept:
        kept[own.pk] = {pk: value for answer in own_values.call(own, request.user) for pk, value in answer.items()}
    return kept[own.pk]


urlpatterns = [
    path("organiser/matching/", matching, name="matching"),
    path("organiser/matching/choice/", choose_matching, name="choose-matching"),
    path("organiser/matching/learning/", learn_matching, name="learn-matching"),
    path("organiser/meeting-rules/", meeting_rules, name="meeting-rules"),
    path("organiser/meeting-rules/limits/", request_limits, name="request-limits"),
    path("organiser/meeting-rules/<int:pk>/", meeting_rule, name="meeting-rule"),
]
