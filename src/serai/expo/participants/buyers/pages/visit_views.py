"""What a buyer or a delegation comes for, on the organiser's desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.participants.buyers.domain.visits import VisitRefusedError, coming, plan_visit, visit_of
from serai.expo.participants.buyers.pages.forms import VisitForm


@organiser_required("GET", "POST")
def visit(request: OrganiserRequest, number: int) -> HttpResponse:
    """Budget, interests and days of a buyer or a delegation."""
    participation = row_of(coming(request.edition), number, _("There is no such buyer."))
    form = VisitForm(visit_of(participation), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, VisitRefusedError):
            plan_visit(participation, form.cleaned_data, user=request.user)
            messages.success(request, _("It is saved."))
            return redirect("participant", request.edition.slug, participation.pk)
    page = {"participation": participation, "form": form}
    return render(request, "participants/buyers/visit.html", page, status=400 if form.errors else 200)
