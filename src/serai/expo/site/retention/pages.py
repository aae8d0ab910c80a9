"""Personal data and their terms: the page for everyone, and the organiser's choices."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from serai.expo.base.retention import LONGEST
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.people.account.domain.consents import PURPOSES
from serai.expo.site.retention import domain
from serai.expo.site.retention.domain import KEPT


class TermForm(forms.Form):
    """The days and the reason of a term."""

    days = forms.IntegerField(label=gettext_lazy("Days after the last day"), min_value=0, max_value=LONGEST)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, help_text=gettext_lazy("Whoever is concerned reads it.")
    )


@require_GET
def privacy(request: EditionRequest) -> HttpResponse:
    """The personal data that this fair keeps: terms, purposes, and the rights of the person."""
    shown = {"terms": domain.terms(request.edition), "purposes": PURPOSES.values(), "site": KEPT}
    return render(request, "site/retention/privacy.html", shown)


@organiser_required("GET")
def terms(request: OrganiserRequest) -> HttpResponse:
    """The term of each kind."""
    return render(request, "site/retention/terms.html", {"terms": domain.terms(request.edition)})


@organiser_required("GET", "POST")
def term(request: OrganiserRequest, kind: str) -> HttpResponse:
    """Choose the term of one kind with a reason, or return to the usual one."""
    chosen = next((listed for listed in domain.terms(request.edition) if listed.kept.key == kind), None)
    if chosen is None:
        raise Http404(_("There is no such kind of data."))
    if "usual" in request.POST:
        domain.take_back(request.edition, kind, user=request.user)
        messages.success(request, _("The usual time counts again."))
        return redirect("retention", request.edition.slug)
    initial = {"days": chosen.days, "reason": chosen.choice.reason if chosen.choice else ""}
    form = TermForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        domain.choose(request.edition, kind, **form.cleaned_data, user=request.user)
        messages.success(request, _("The changes are kept."))
        return redirect("retention", request.edition.slug)
    shown = {"term": chosen, "form": form}
    return render(request, "site/retention/term.html", shown, status=400 if form.errors else 200)


urlpatterns = [
    path("privacy/", privacy, name="privacy"),
    path("organiser/retention/", terms, name="retention"),
    path("organiser/retention/<str:kind>/", term, name="retention-term"),
]
