"""What the page of a badge does that its firm or its owner may change."""

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.pages.guards import UserRequest
from serai.expo.programme.badges.domain import badges as keeping
from serai.expo.programme.badges.models import Badge


def changed(request: UserRequest, form: ModelForm[Badge], back: HttpResponse, template: str) -> HttpResponse:
    """The page of a badge with its form, and what it sends: the badge removed, made anew, or with other words."""
    badge = form.instance
    if request.method == "POST" and "remove" in request.POST:
        keeping.remove_badge(badge, user=request.user)
        return back
    if request.method == "POST" and "anew" in request.POST:
        keeping.make_anew(badge, user=request.user)
        messages.success(request, _("The old code answers no more. Print the badge again."))
        return back
    if request.method == "POST" and form.is_valid():
        keeping.keep_badge(form.instance, user=request.user)
        return back
    return render(request, template, {"form": form, "badge": badge}, status=400 if form.errors else 200)
