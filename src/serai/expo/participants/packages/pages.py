"""Packages on the organiser's desk: made, changed, and given to exhibitors."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, renames
from serai.expo.participants.packages import domain as granting
from serai.expo.participants.packages.models import Package

KINDS = (Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR, Participation.Kind.SERVICE)


class PackageForm(forms.ModelForm[Package]):
    """A package and its limits."""

    class Meta:
        model = Package
        fields: ClassVar = [
            *("code", "title", "text", "price", "currency", "meetings_minimum", "meetings_maximum", "seats"),
            *("badges", "offers", "launches", "booth_events", "order"),
        ]
        labels: ClassVar = {
            "code": _("Code"),
            "title": _("Title"),
            "text": _("What it holds"),
            "price": _("Price"),
            "currency": _("Currency (ISO 4217)"),
            "meetings_minimum": _("Meetings at least"),
            "meetings_maximum": _("Meetings at most"),
            "seats": _("Seats of the team"),
            "badges": _("Badges"),
            "offers": _("Offers"),
            "launches": _("Launches"),
            "booth_events": _("Events at the booth"),
            "order": _("Order"),
        }
        help_texts: ClassVar = {
            "badges": _("Empty: no limit."),
            "offers": _("Empty: no limit."),
            "launches": _("Empty: no limit."),
            "booth_events": _("Empty: what holds for the fair."),
        }

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("A currency has three letters, such as CNY."))
        return code


class GiveForm(forms.Form):
    """To whom a package is given."""

    firms = forms.CharField(
        label=_("Identifiers of firms"),
        required=False,
        max_length=20_000,
        help_text=_("Each on a line or with spaces between."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(
        label=_("All that have none yet, of the kind"),
        required=False,
        choices=[("", "—"), *((kind, kind.label) for kind in KINDS)],
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("firms") and not values.get("kind"):
            raise forms.ValidationError(_("Say to whom it is given."))
        return values


@organiser_required("GET", "POST")
@renames({Package: lambda package, user: granting.keep_package(package, user=user)}, granting.PackageRefusedError)
def packages(request: OrganiserRequest) -> HttpResponse:
    """The packages of the fair, with how many exhibitors have each."""
    return render(
        request, "participants/packages/packages.html", {"packages": granting.packages_with_counts(request.edition)}
    )


@organiser_required("GET", "POST")
def package_edit(request: OrganiserRequest, code: str = "") -> HttpResponse:
    """A new package, or one to change or remove."""
    package = _package(request, code) if code else Package(edition=request.edition)
    if request.method == "POST" and "remove" in request.POST and code:
        granting.remove_package(package, user=request.user)
        messages.success(request, gettext("The package is removed."))
        return redirect("packages", request.edition.slug)
    form = PackageForm(request.POST if request.method == "POST" else None, instance=package)
    if request.method == "POST" and form.is_valid():
        with told_in(form, granting.PackageRefusedError):
            kept = granting.keep_package(form.instance, user=request.user)
            messages.success(request, gettext("The package is saved."))
            return redirect("package", request.edition.slug, kept.code)
    stored = _package(request, code) if code else None
    page = {"form": form, "package": stored, "give_form": GiveForm() if code else None}
    return render(request, "participants/packages/package.html", page, status=400 if form.errors else 200)


@organiser_required("POST")
def package_give(request: OrganiserRequest, code: str) -> HttpResponse:
    """Give it to exhibitors by identifier, or to all of a kind that have none."""
    package, form = _package(request, code), GiveForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("package", request.edition.slug, code)
    firms, kind = form.cleaned_data["firms"].split(), form.cleaned_data["kind"]
    try:
        chosen = granting.exhibitors_named(request.edition, firms)
    except granting.PackageRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("package", request.edition.slug, code)
    chosen += granting.without_package(request.edition, kind) if kind else []
    given = granting.give(package, chosen, user=request.user)
    messages.success(request, ngettext("Given to %d exhibitor.", "Given to %d exhibitors.", given) % given)
    return redirect("package", request.edition.slug, code)


def _package(request: OrganiserRequest, code: str) -> Package:
    package = Package.objects.filter(edition=request.edition, code=code).first()
    if package is None:
        raise Http404(gettext("This fair has no such package."))
    return package


urlpatterns = [
    path("organiser/packages/", packages, name="packages"),
    path("organiser/packages/new/", package_edit, name="package-new"),
    path("organiser/packages/<slug:code>/", package_edit, name="package"),
    path("organiser/packages/<slug:code>/give/", package_give, name="package-give"),
]
