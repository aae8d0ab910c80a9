"""The guard of the desk's pages, and the organiser's page of size classes: the rules of the fair, and how many firms
are of which class by them.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import country_choices
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.models import Participation, SizeRule
from serai.expo.fairs.edition.pages.guards import Guard, OrganiserRequest, UserRequest, organiser_required
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain import size_classes as sizing
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import duties_in, organisers_duties
from serai.expo.participants.exhibitors.domain.tasks import desks
from serai.expo.participants.participation.domain.exhibitors import exhibitors


class DeskRequest(UserRequest):
    """A request for a page of an exhibitor's desk by someone who may see it. For types only."""

    participation: Participation
    duties: frozenset[str]  # what the reader may do here, for the links of the page


def desk_required(permission: str, *methods: str) -> Guard[DeskRequest]:
    """Finds the desk of ``identifier`` in the address and lets in who has ``permission`` for it."""

    def admit(request: Any, address: dict[str, Any]) -> None:
        identifier = str(address.pop("identifier"))
        desk = desks(request.edition).filter(firm__identifier=leading(identifier)).first()
        if desk is None:
            raise Http404(gettext("No exhibitor of this fair has this identifier."))
        if not request.user.has_perm(permission, desk):
            raise PermissionDenied
        request.participation = desk
        request.duties = duties_in(request.user, desk.firm_id)
        request.duties |= organisers_duties(request.user, request.edition)

    return Guard[DeskRequest](admit, *methods)


class SizeRuleForm(forms.Form):
    """From where on a firm is no longer of each class, in one country or in all others."""

    country = forms.ChoiceField(
        label=_("Country or region"),
        choices=country_choices,
        required=False,
        help_text=_("Empty: all without a rule of their own."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={f"{size}_employees": limit for size, limit in _USUAL.items()})
        for of, limits, label in (
            ("employees", sizing.EMPLOYEES, _("%s: fewer than … employees")),
            ("turnover", sizing.TURNOVER, _("%s: turnover below … million US$ a year")),
        ):
            for size in sizing.CLASSES:
                self.fields[f"{size.value}_{of}"] = forms.TypedChoiceField(
                    label=label % sizing.NAMES[size],
                    choices=[("", "—"), *((limit, str(limit)) for limit in limits)],
                    coerce=int,
                    empty_value=None,
                    required=False,
                )

    def limits(self, of: str) -> dict[str, int | None]:
        """The limits of employees or turnover by class."""
        return {size.value: self.cleaned_data[f"{size.value}_{of}"] for size in sizing.CLASSES}


_USUAL = {"micro": 10, "small": 50, "medium": 250}
"""As the European Commission has it (2003/361/EC), to begin with."""


@organiser_required("GET", "POST")
def size_rules(request: OrganiserRequest) -> HttpResponse:
    edition = request.edition
    rules = SizeRule.objects.filter(edition=edition)
    form = SizeRuleForm(request.POST if "medium_employees" in request.POST else None)
    if request.method == "POST" and "remove" in request.POST:
        number = request.POST["remove"]
        sizing.remove_rule(get_object_or_404(rules, pk=number_of(number) or 0), user=request.user)
        messages.success(request, gettext("The rule is taken away."))
        return redirect("size-rules", edition.slug)
    if request.method == "POST" and form.is_valid():
        with told_in(form, sizing.RuleError):
            sizing.set_rule(
                edition,
                form.cleaned_data["country"],
                form.limits("employees"),
                form.limits("turnover"),
                user=request.user,
            )
            messages.success(request, gettext("The rule is kept; floors and figures go by it from now on."))
            return redirect("size-rules", edition.slug)
    counted = (
        exhibitors(edition)
        .annotate(size_here=sizing.computed_size(edition))
        .order_by()
        .values_list("size_here")
        .annotate(n=Count("firm", distinct=True))
    )
    counts = dict(counted)
    shown = [(name, counts.get(value, 0)) for value, name in [*sizing.NAMES.items(), ("", gettext("not known"))]]
    stated = exhibitors(edition).filter(firm__employees="").exclude(firm__size="").values("firm").distinct().count()
    return render(
        request,
        "participants/exhibitors/sizes.html",
        {"form": form, "rules": [(rule, _limits_of(rule)) for rule in rules], "counts": shown, "stated": stated},
    )


def _limits_of(rule: SizeRule) -> list[tuple[str, int, int | None]]:
    """The classes that a rule limits: name, employees and turnover below which a firm is of it."""
    limits = []
    for name in sizing.CLASSES:
        employees = getattr(rule, f"{Firm.Size(name).value}_employees")
        if employees is not None:
            limits.append((str(sizing.NAMES[name]), employees, getattr(rule, f"{Firm.Size(name).value}_turnover")))
    return limits


urlpatterns = [path("organiser/sizes/", size_rules, name="size-rules")]
