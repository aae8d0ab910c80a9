"""The contacts of who acts for a participant: kept from a badge or the page of a firm, noted, taken home."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.meetings.contacts import domain as keeping
from serai.expo.meetings.contacts.domain import scans as scanning
from serai.expo.meetings.contacts.pages.forms import ContactForm, ScanForm
from serai.expo.meetings.leads.domain import leads_csv
from serai.expo.meetings.leads.models import Lead
from serai.expo.participants.participation.pages.guards import ParticipantRequest, participant_required, partner_or_404


@participant_required
@require_GET
def contacts(request: ParticipantRequest) -> HttpResponse:
    """The contacts kept, by name, and a field for the code of a badge."""
    page = {"own": request.by.participation, "by": request.by, "desks": request.desks, "leads": _leads(request)}
    return render(request, "meetings/contacts/contacts.html", page | {"form": ScanForm()})


@participant_required
@require_http_methods(["GET", "POST"])
def contact_new(request: ParticipantRequest) -> HttpResponse:
    """Whom a badge names, kept at once: a scan by the camera leads here, and a phone's queue sends the same form."""
    from_queue = request.headers.get("x-serai-queue") == "1"
    code = request.GET.get("badge", "").strip()[:300]
    form = ScanForm(request.POST if request.method == "POST" else {"badge": code} if code else None)
    lead = None
    if form.is_valid():
        try:
            if request.method == "GET":
                lead = scanning.scanned(request.by, form.cleaned_data["badge"])
            else:
                lead = scanning.keep_scanned(request.by, form.cleaned_data["badge"], form.cleaned_data["note"])
                said = keeping.said_of(lead)
                if from_queue:
                    return JsonResponse({"kept": lead.pk, "said": said})
                messages.success(request, _("Kept among your contacts: %s") % said)
                return redirect("my-contacts", request.edition.slug)
        except keeping.ContactRefusedError as refusal:
            form.add_error("badge", str(refusal))
    if from_queue:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    page = {"own": request.by.participation, "by": request.by, "desks": request.desks, "form": form, "lead": lead}
    return render(request, "meetings/contacts/scan.html", page | {"code": code}, status=400 if form.errors else 200)


@require_GET
def contacts_offline(request: EditionRequest) -> HttpResponse:
    """The empty form that a phone opens without a connection: it says nothing of anybody, and is the same for all."""
    return render(request, "meetings/contacts/contacts_offline.html", {"form": ScanForm()})


@participant_required
@require_http_methods(["GET", "POST"])
def contact(request: ParticipantRequest, number: int) -> HttpResponse:
    """A contact to note something of, or to remove."""
    lead = keeping.kept_for(request.by).select_related("other__firm", "edition").filter(pk=number).first()
    if lead is None:
        raise Http404(_("There is no such contact of yours."))
    lead.participation = request.by.participation
    if request.method == "POST" and "remove" in request.POST:
        scanning.remove(request.by, lead)
        messages.success(request, _("The contact is removed."))
        return redirect("my-contacts", request.edition.slug)
    noted = {name: getattr(lead, name) for name in scanning.NOTED}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=noted)
    if request.method == "POST" and form.is_valid():
        scanning.change(request.by, lead, form.cleaned_data)
        return redirect("my-contacts", request.edition.slug)
    page = {"own": request.by.participation, "by": request.by, "desks": request.desks, "form": form, "lead": lead}
    return render(request, "meetings/contacts/contact.html", page, status=400 if form.errors else 200)


@participant_required
@require_GET
def contacts_vcf(request: ParticipantRequest) -> HttpResponse:
    """All contacts as one file that address books read."""
    return _file(request, keeping.vcards(_leads(request)), keeping.MEDIA_TYPE, "vcf")


@participant_required
@require_GET
def contacts_table(request: ParticipantRequest) -> HttpResponse:
    """All contacts as CSV."""
    return _file(request, leads_csv(_leads(request)), "text/csv; charset=utf-8", "csv")


def _file(request: ParticipantRequest, content: str | bytes, media_type: str, ending: str) -> HttpResponse:
    name = f"{request.edition.slug}-contacts.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, media_type, headers=headers)


def _leads(request: ParticipantRequest) -> list[Lead]:
    kept = keeping.kept_for(request.by).select_related("other__firm", "owner", "met_by")
    return list(kept.order_by("firm_name", "person", "pk"))


@participant_required
@require_POST
def keep_contact(request: ParticipantRequest, identifier: str) -> HttpResponse:
    """Keep a firm from a page of its own."""
    other = partner_or_404(request.by, identifier)
    keeping.keep(request.by, other, request.POST.get("note", "")[:1000])
    messages.success(request, _("Kept among your contacts."))
    return redirect("my-contacts", request.edition.slug)
