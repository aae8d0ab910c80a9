"""Cases of assistance, for who asks and for who helps."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.filters import read
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required, user_required
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.results.assistance import domain as cases
from serai.expo.results.assistance.domain import CaseError
from serai.expo.results.assistance.models import AssistanceCase


class CaseForm(forms.ModelForm[AssistanceCase]):
    """A case as the organiser edits it."""

    class Meta:
        model = AssistanceCase
        fields = ("kind", "state", "note", "answer", "budget_line", "budget", "spent", "currency", "due_on")
        widgets: ClassVar = {
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
            "answer": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.staff = {str(user.pk): user for user in cases.staff(edition)}
        self.fields["responsible"] = forms.ChoiceField(
            label=_("Responsible"),
            choices=[("", "–"), *((key, str(user)) for key, user in self.staff.items())],
            required=False,
            initial=self.instance.responsible_id or "",
        )
        for name in ("budget", "spent"):
            self.fields[name].widget.attrs["min"] = 0
        self.fields["currency"].widget.attrs["pattern"] = "[A-Za-z]{3}"

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).strip().upper()
        if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_("A currency has three letters, such as USD."))
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("budget", "spent"):
            if (cleaned.get(name) or 0) < 0:
                self.add_error(name, _("Give 0 or more."))
        self.instance.responsible = self.staff.get(cleaned.get("responsible", ""))
        return cleaned


class NewCaseForm(CaseForm):
    """A new case, for one of the exhibitors who are entitled."""

    def __init__(self, edition: Edition, exhibitors: list[Participation], *args: Any, **options: Any) -> None:
        super().__init__(edition, *args, **options)
        self.exhibitors = {str(exhibitor.pk): exhibitor for exhibitor in exhibitors}
        named = [(key, shown_name(exhibitor.firm)) for key, exhibitor in self.exhibitors.items()]
        self.fields["participation"] = forms.ChoiceField(label=_("Exhibitor"), choices=named)
        self.order_fields(["participation"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (chosen := self.exhibitors.get(cleaned.get("participation", ""))) is not None:
            self.instance.participation = chosen
        return cleaned


class AskForm(forms.Form):
    """What an exhibitor asks for."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AssistanceCase.Kind.choices)
    note = forms.CharField(
        label=_("What is needed"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


CASES_A_PAGE = 50


@organiser_required("GET")
def assistance(request: OrganiserRequest) -> HttpResponse:
    """Cases by state and kind, the budget, and the results."""
    wanted = read(cases.CaseFilter, request.GET)
    rows = cases.narrowed(cases.visible_to(request.user, request.edition), wanted)
    states, kinds = dict(AssistanceCase.State.choices), dict(AssistanceCase.Kind.choices)
    missing = cases.without_case(request.edition)
    context = {
        "page": Paginator(rows, CASES_A_PAGE).get_page(request.GET.get("page")),
        "states": states.items(),
        "kinds": kinds.items(),
        "state": wanted.state,
        "kind": wanted.kind,
        "counts": [
            (kinds[kind], [numbers.get(value, 0) for value in states])
            for kind, numbers in cases.counts(request.edition)
        ],
        "lines": cases.budget_lines(request.edition),
        "helped": cases.helped(request.edition),
        "entitled": cases.entitled(request.edition).count(),
        "missing": missing[:20],
        "missing_count": missing.count(),
        "late": set(cases.late(request.edition).values_list("pk", flat=True)),
    }
    return render(request, "results/assistance/desk.html", context)


@organiser_required("GET", "POST")
def case_new(request: OrganiserRequest) -> HttpResponse:
    """Open a case for an exhibitor that is entitled."""
    exhibitors = list(cases.entitled(request.edition).select_related("firm"))
    case = AssistanceCase(edition=request.edition, state=AssistanceCase.State.GRANTED)
    form = NewCaseForm(
        request.edition,
        exhibitors,
        request.POST if request.method == "POST" else None,
        instance=case,
        initial={"participation": request.GET.get("exhibitor", "")},
    )
    return _keep(request, form)


@organiser_required("GET", "POST")
def case(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Change a case: grant, work, close, spend."""
    case = get_object_or_404(cases.visible_to(request.user, request.edition), pk=pk)
    return _keep(request, CaseForm(request.edition, request.POST if request.method == "POST" else None, instance=case))


def _keep(request: OrganiserRequest, form: CaseForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with told_in(form, CaseError, field="currency"):
            cases.save_case(form.save(commit=False), user=request.user)
            messages.success(request, gettext("The case is kept."))
            return redirect("assistance", request.edition.slug)
    return render(request, "results/assistance/case.html", {"form": form}, status=400 if form.errors else 200)


@user_required("GET", "POST")
def own_assistance(request: UserRequest) -> HttpResponse:
    """The cases of the reader's firms, and a form to ask for help where a firm is entitled."""
    entitled = cases.entitled(request.edition).filter(firm__roles__user=request.user).select_related("firm", "edition")
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        participation = entitled.filter(pk=number_of(request.POST.get("exhibitor")) or 0).first()
        if participation is None:
            raise PermissionDenied
        if form.is_valid():
            with told_in(form, CaseError, field="kind"):
                cases.ask(participation, form.cleaned_data["kind"], form.cleaned_data["note"], user=request.user)
                messages.success(request, gettext("The organiser has your request and will answer here."))
                return redirect("own-assistance", request.edition.slug)
    own_cases = cases.visible_to(request.user, request.edition).filter(participation__firm__roles__user=request.user)
    context = {"cases": own_cases.distinct(), "exhibitors": entitled.distinct(), "form": form}
    return render(request, "results/assistance/own.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("assistance/", own_assistance, name="own-assistance"),
    path("organiser/assistance/", assistance, name="assistance"),
    path("organiser/assistance/new/", case_new, name="assistance-new"),
    path("organiser/assistance/<int:pk>/", case, name="assistance-case"),
]
