"""The organiser's page of size classes: the rules of the fair, and how many firms are of which class by them."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.models import SizeRule
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.record.domain import size_classes as sizing
from serai.expo.firms.record.models import Firm
from serai.expo.participants.exhibitors.pages.forms import SizeRuleForm
from serai.expo.participants.participation.domain.exhibitors import exhibitors


@organiser_required("GET", "POST")
def size_rules(request: OrganiserRequest) -> HttpResponse:
    edition = request.edition
    rules = SizeRule.objects.filter(edition=edition)
    form = SizeRuleForm(request.POST if "medium_employees" in request.POST else None)
    if request.method == "POST" and "remove" in request.POST:
        number = request.POST["remove"]
        sizing.remove_rule(get_object_or_404(rules, pk=number_of(number) or 0), user=request.user)
        messages.success(request, _("The rule is taken away."))
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
            messages.success(request, _("The rule is kept; floors and figures go by it from now on."))
            return redirect("size-rules", edition.slug)
    counted = (
        exhibitors(edition)
        .annotate(size_here=sizing.computed_size(edition))
        .order_by()
        .values_list("size_here")
        .annotate(n=Count("firm", distinct=True))
    )
    counts = dict(counted)
    shown = [(name, counts.get(value, 0)) for value, name in [*sizing.NAMES.items(), ("", _("not known"))]]
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
