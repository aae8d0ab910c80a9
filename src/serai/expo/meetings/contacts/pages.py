"""Contacts of a participant's people: kept from a badge or the page of a firm, noted, and downloaded; with their
forms and addresses.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from serai.expo.base.exporters import CSV, download
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.meetings.contacts import domain
from serai.expo.meetings.leads.domain import leads_csv
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.domain.wishes import partner_or_404
from serai.expo.participants.participation.pages.guards import ParticipantRequest, participant_required
from serai.expo.participants.team.domain import VCARD_TYPE


class ScanForm(forms.Form):
    """The code of a badge, as scanned or typed, with a note."""

    badge = forms.CharField(
        label=_("Code of a badge"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Scan the badge with the camera of your phone, or type the code below its square."),
    )
    note = forms.CharField(label=_("Notes"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))


class ContactForm(forms.Form):
    """What can be changed of a contact."""

    contact = forms.CharField(label=_("Mail, telephone or WeChat"), required=False, max_length=300)
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _page(request: ParticipantRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    page = {"own": request.by.participation, "by": request.by, "desks": request.desks, "form": form, **context}
    return render(request, f"meetings/contacts/{template}", page, status=400 if form.errors else 200)


@participant_required("GET")
def contacts(request: ParticipantRequest) -> HttpResponse:
    """The contacts by name, and a field for the code of a badge."""
    return _page(request, "contacts.html", ScanForm(), leads=_leads(request))


@participant_required("GET", "POST")
def contact_new(request: ParticipantRequest) -> HttpResponse:
    """Keep the person of a badge. A scan by the camera leads here; a phone's queue sends the same form."""
    from_queue = request.headers.get("x-serai-queue") == "1"
    code = request.GET.get("badge", "").strip()[:300]
    form = ScanForm(request.POST if request.method == "POST" else {"badge": code} if code else None)
    lead = None
    if form.is_valid():
        with told_in(form, domain.ContactRefusedError, field="badge"):
            if request.method == "GET":
                lead = domain.scanned(request.by, form.cleaned_data["badge"])
            else:
                lead = domain.keep_scanned(request.by, form.cleaned_data["badge"], form.cleaned_data["note"])
                line = domain.line_of(lead)
                if from_queue:
                    return JsonResponse({"kept": lead.pk, "said": line})
                messages.success(request, gettext("Kept among your contacts: %s") % line)
                return redirect("my-contacts", request.edition.slug)
    if from_queue:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    return _page(request, "scan.html", form, lead=lead, code=code)


@require_GET
def contacts_offline(request: EditionRequest) -> HttpResponse:
    """The empty form that a phone opens without a connection: it is the same for everybody."""
    return render(request, "meetings/contacts/contacts_offline.html", {"form": ScanForm()})


@participant_required("GET", "POST")
def contact(request: ParticipantRequest, number: int) -> HttpResponse:
    """A contact, with a form to note something or to remove it."""
    rows = domain.kept_for(request.by).select_related("other__firm", "edition")
    lead = row_of(rows, number, gettext("There is no such contact of yours."))
    lead.participation = request.by.participation
    if request.method == "POST" and "remove" in request.POST:
        domain.remove(request.by, lead)
        messages.success(request, gettext("The contact is removed."))
        return redirect("my-contacts", request.edition.slug)
    noted = {name: getattr(lead, name) for name in domain.NOTED}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=noted)
    if request.method == "POST" and form.is_valid():
        domain.change(request.by, lead, form.cleaned_data)
        return redirect("my-contacts", request.edition.slug)
    return _page(request, "contact.html", form, lead=lead)


@participant_required("GET")
def contacts_vcf(request: ParticipantRequest) -> HttpResponse:
    """All contacts as one file that address books read."""
    return download(domain.vcards(_leads(request)), f"{request.edition.slug}-contacts.vcf", VCARD_TYPE)


@participant_required("GET")
def contacts_table(request: ParticipantRequest) -> HttpResponse:
    """All contacts as CSV."""
    return download(leads_csv(_leads(request)), f"{request.edition.slug}-contacts.csv", CSV)


def _leads(request: ParticipantRequest) -> list[Lead]:
    kept = domain.kept_for(request.by).select_related("other__firm", "owner", "met_by")
    return list(kept.order_by("firm_name", "person", "pk"))


@participant_required("POST")
def keep_contact(request: ParticipantRequest, identifier: str) -> HttpResponse:
    """Keep a firm from the firm's own page."""
    other = partner_or_404(request.by, identifier)
    domain.keep(request.by, other, request.POST.get("note", "")[:1000])
    messages.success(request, gettext("Kept among your contacts."))
    return redirect("my-contacts", request.edition.slug)


urlpatterns = [
    path("buyer/contacts/", contacts, name="my-contacts"),
    path("buyer/contacts/new/", contact_new, name="my-contact-new"),
    path("buyer/contacts/contacts.vcf", contacts_vcf, name="contacts-vcf"),
    path("buyer/contacts/contacts.csv", contacts_table, name="contacts-csv"),
    path("buyer/contacts/<int:number>/", contact, name="my-contact"),
    path("buyer/contacts/<slug:identifier>/", keep_contact, name="keep-contact"),
    path("contacts-offline/", contacts_offline, name="contacts-offline"),
]
