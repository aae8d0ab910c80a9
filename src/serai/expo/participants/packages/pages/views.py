"""Packages on the organiser's desk."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.edition.pages.renames import renames
from serai.expo.participants.packages import domain as granting
from serai.expo.participants.packages.models import Package
from serai.expo.participants.packages.pages.forms import GiveForm, PackageForm


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
        messages.success(request, _("The package is removed."))
        return redirect("packages", request.edition.slug)
    form = PackageForm(request.POST if request.method == "POST" else None, instance=package)
    if request.method == "POST" and form.is_valid():
        with told_in(form, granting.PackageRefusedError):
            kept = granting.keep_package(form.instance, user=request.user)
            messages.success(request, _("The package is saved."))
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
        raise Http404(_("This fair has no such package."))
    return package
