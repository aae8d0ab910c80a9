"""The organiser adds a participant; known firms with a similar name are shown first."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.participants.contact_persons.domain.contacts import ContactRefusedError
from serai.expo.participants.contact_persons.domain.contacts import add as add_contact
from serai.expo.participants.participation.domain import new_participant
from serai.expo.participants.participation.pages.forms import AddForm


@organiser_required("GET", "POST")
def participant_add(request: OrganiserRequest) -> HttpResponse:
    form = AddForm(request.POST if request.method == "POST" else None)
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        entered = form.entered(get_language() or "en")
        alike = new_participant.alike(entered)
        chosen = request.POST.get("firm", "")
        if chosen or not alike:
            firm: Firm | new_participant.Entered = entered
            if chosen and chosen != "new":
                offered = {alike_firm.pk for alike_firm, _likeness in alike}
                firm = get_object_or_404(Firm, pk=number if (number := number_of(chosen)) in offered else 0)
            with told_in(form, new_participant.AddingRefusedError, ContactRefusedError), transaction.atomic():
                kind = form.cleaned_data["kind"]
                participation = new_participant.add(
                    request.edition, firm, kind, on=timezone.localdate(), user=request.user
                )
                if contact := form.contact():
                    add_contact(participation, contact, user=request.user)
                messages.success(request, _("%s takes part now.") % shown_name(participation.firm))
                return redirect("firm", request.edition.slug, participation.firm.identifier)
    page = {"form": form, "found": alike}
    return render(request, "site/directory/add.html", page, status=400 if form.errors else 200)
