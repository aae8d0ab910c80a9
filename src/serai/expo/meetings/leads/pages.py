"""Leads at the desk of an exhibitor: scanned or typed, followed up, and downloaded as a table; and the contacts of a
participant's people: kept from a badge or the page of a firm, noted, and downloaded.
"""

from typing import Any, Self

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from serai.expo.base.exporters import CSV, download
from serai.expo.base.filters import read
from serai.expo.base.rows import paged, row_of
from serai.expo.base.submission import submitted, told_in
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.meetings.leads import domain
from serai.expo.meetings.leads.models import Asked, Lead
from serai.expo.meetings.meeting.domain.wishes import partner_or_404
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.participants.exhibitors.pages import DeskRequest, desk_required
from serai.expo.participants.participation.pages.guards import ParticipantRequest, participant_required
from serai.expo.participants.team.domain import VCARD_TYPE
from serai.expo.people.account.models import User
from serai.expo.programme.badges.domain.documents import badge_of

RATINGS = [(0, "—"), (1, "★"), (2, "★★"), (3, "★★★"), (4, "★★★★"), (5, "★★★★★")]


class LeadForm(forms.Form):
    """A person met, their interest, and the next step."""

    person = forms.CharField(label=_("Person"), max_length=120)
    firm_name = forms.CharField(label=_("Firm"), required=False, max_length=300)
    position = forms.CharField(label=_("Position"), required=False, max_length=120)
    contact = forms.CharField(label=_("Mail, telephone or WeChat"), required=False, max_length=300)
    need = forms.CharField(
        label=_("What is needed"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    asked = forms.MultipleChoiceField(
        label=_("What was asked for"), choices=Asked.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    rating = forms.TypedChoiceField(label=_("Rating"), choices=RATINGS, coerce=int, required=False, empty_value="0")
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=300)
    next_on = forms.DateField(
        label=_("By"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who does it"), required=False)

    def clean_rating(self) -> int:
        return int(self.cleaned_data["rating"])

    @classmethod
    def empty(cls) -> Self:
        """The form without a lead: it lists no people of a team, and a badge can stand for the person."""
        form = cls(Lead())
        del form.fields["owner"]
        form.fields["person"].required = False
        return form

    def __init__(self, lead: Lead, data: Any = None) -> None:
        initial = {name: getattr(lead, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        if lead.participation_id is not None:
            owner.queryset = User.objects.filter(roles__firm=lead.participation.firm_id).order_by("name", "pk")


@require_GET
@desk_required("expo.use_leads")
def leads(request: DeskRequest) -> HttpResponse:
    """The leads, or those with a next step to take, and a field for the code of a badge."""
    wanted = read(domain.LeadFilter, request.GET)
    page = paged(request, domain.leads_of(request.participation, wanted))
    today = today_at(request.edition)
    late = domain.count_late(request.participation, today)
    shown = {"page": page, "due": wanted.due, "words": wanted.words, "today": today, "late": late}
    return render(request, "meetings/leads/leads.html", shown)


@desk_required("expo.use_leads")
@require_http_methods(["GET", "POST"])
def lead_new(request: DeskRequest) -> HttpResponse:
    """A new lead, by the code of a badge or by hand. A phone's queue sends it as the same form."""
    from_queue = request.headers.get("x-serai-queue") == "1"
    code = (request.POST if request.method == "POST" else request.GET).get("badge", "").strip()[:300]
    lead, wrong = _begun(request, code, before=from_queue)
    if request.method == "GET" and lead.pk:
        messages.info(request, gettext("You have met this person before."))
        return redirect("desk-lead", request.edition.slug, request.participation.firm.identifier, lead.pk)
    form = LeadForm(lead, _data(request, lead, from_queue) if request.method == "POST" else None)
    if wrong and from_queue and not request.POST.get("person", "").strip():
        form.add_error(None, wrong)
    if request.method == "POST" and form.is_valid() and (not wrong or from_queue):
        try:
            lead = domain.keep_lead(lead, form.cleaned_data, user=request.user, key=request.POST.get("key", "")[:64])
        except domain.LeadRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            if from_queue:
                line = " · ".join(part for part in (lead.person, lead.firm_name) if part)
                return JsonResponse({"kept": lead.pk, "said": line})
            messages.success(request, gettext("The lead is kept."))
            return redirect("desk-leads", request.edition.slug, request.participation.firm.identifier)
    if from_queue:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    page = {"form": form, "code": "" if wrong else code, "wrong": wrong, "lead": None}
    return render(request, "meetings/leads/lead.html", page, status=400 if form.errors or wrong else 200)


def _begun(request: DeskRequest, code: str, *, before: bool) -> tuple[Lead, str]:
    """A lead filled from the badge of this code, or a blank one with the reason why the code names nobody."""
    blank = Lead(edition=request.edition, participation=request.participation)
    if not code:
        return blank, ""
    badge = badge_of(request.edition, code)
    if badge is None:
        return blank, gettext("This is not the code of a badge of this fair.")
    try:
        return domain.from_badge(request.participation, badge, before=before), ""
    except domain.LeadRefusedError as refusal:
        return blank, str(refusal)


def _data(request: DeskRequest, lead: Lead, from_queue: bool) -> QueryDict:
    """The data that was sent. For a phone's queue, empty fields are filled from the badge or from the earlier lead,
    and notes are added to the existing ones, since the phone could not know them."""
    data = request.POST.copy()
    if not (from_queue and lead.badge_id):
        return data
    form = LeadForm(lead)
    for name in domain.FIELDS:
        stored, given = form[name].value(), data.get(name, "").strip()
        if name == "notes" and stored and given not in stored:
            data[name] = f"{stored}\n{given}"
        elif not given or (name == "notes" and stored) or (name == "rating" and given == "0"):
            data.setlist(name, stored if isinstance(stored, list) else [str(stored or "")])
    return data


@require_GET
def leads_offline(request: EditionRequest) -> HttpResponse:
    """The empty form that a phone opens without a connection: it is the same for everybody."""
    return render(request, "meetings/leads/offline.html", {"form": LeadForm.empty()})


@desk_required("expo.use_leads")
@require_http_methods(["GET", "POST"])
def lead(request: DeskRequest, number: int) -> HttpResponse:
    """A lead, with a form to change or remove it."""
    row = _lead(request, number)
    back = redirect("desk-leads", request.edition.slug, request.participation.firm.identifier)
    if request.method == "POST" and "remove" in request.POST:
        domain.remove_lead(row, user=request.user)
        messages.success(request, gettext("The lead is removed."))
        return back
    form = LeadForm(row, request.POST if request.method == "POST" else None)

    def save() -> None:
        domain.keep_lead(row, form.cleaned_data, user=request.user)

    if submitted(request, form, save, domain.LeadRefusedError):
        return back
    page = {"form": form, "lead": row, "outcome_kinds": Outcome.Kind.choices}
    return render(request, "meetings/leads/lead.html", page, status=400 if form.errors else 200)


@require_POST
@desk_required("expo.use_leads")
def lead_done(request: DeskRequest, number: int) -> HttpResponse:
    """Tick the next step, or untick it."""
    domain.set_done(_lead(request, number), "undo" not in request.POST, user=request.user)
    answer = redirect("desk-leads", request.edition.slug, request.participation.firm.identifier)
    answer["Location"] += "?due=1"
    return answer


@require_GET
@desk_required("expo.use_leads")
def lead_table(request: DeskRequest) -> HttpResponse:
    """All leads of the exhibitor as CSV."""
    return download(domain.leads_csv(domain.leads_of(request.participation)), "leads.csv", CSV)


def _lead(request: DeskRequest, number: int) -> Lead:
    rows = Lead.objects.filter(participation=request.participation).select_related("edition")
    lead = row_of(rows, number, gettext("There is no such lead of yours."))
    lead.participation = request.participation
    return lead


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
        with told_in(form, domain.LeadRefusedError, field="badge"):
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
        domain.remove_contact(request.by, lead)
        messages.success(request, gettext("The contact is removed."))
        return redirect("my-contacts", request.edition.slug)
    noted = {name: getattr(lead, name) for name in domain.CONTACT_FIELDS}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=noted)
    if request.method == "POST" and form.is_valid():
        domain.change_contact(request.by, lead, form.cleaned_data)
        return redirect("my-contacts", request.edition.slug)
    return _page(request, "contact.html", form, lead=lead)


@participant_required("GET")
def contacts_vcf(request: ParticipantRequest) -> HttpResponse:
    """All contacts as one file that address books read."""
    return download(domain.vcards(_leads(request)), f"{request.edition.slug}-contacts.vcf", VCARD_TYPE)


@participant_required("GET")
def contacts_table(request: ParticipantRequest) -> HttpResponse:
    """All contacts as CSV."""
    return download(domain.leads_csv(_leads(request)), f"{request.edition.slug}-contacts.csv", CSV)


def _leads(request: ParticipantRequest) -> list[Lead]:
    kept = domain.kept_for(request.by).select_related("other__firm", "owner", "met_by")
    return list(kept.order_by("firm_name", "person", "pk"))


@participant_required("POST")
def keep_contact(request: ParticipantRequest, identifier: str) -> HttpResponse:
    """Keep a firm from the firm's own page."""
    other = partner_or_404(request.by, identifier)
    domain.keep_contact(request.by, other, request.POST.get("note", "")[:1000])
    messages.success(request, gettext("Kept among your contacts."))
    return redirect("my-contacts", request.edition.slug)


urlpatterns = [
    path("leads-offline/", leads_offline, name="leads-offline"),
    path("desk/<slug:identifier>/leads/", leads, name="desk-leads"),
    path("desk/<slug:identifier>/leads/new/", lead_new, name="desk-lead-new"),
    path("desk/<slug:identifier>/leads/leads.csv", lead_table, name="desk-leads-csv"),
    path("desk/<slug:identifier>/leads/<int:number>/", lead, name="desk-lead"),
    path("desk/<slug:identifier>/leads/<int:number>/done/", lead_done, name="desk-lead-done"),
    path("buyer/contacts/", contacts, name="my-contacts"),
    path("buyer/contacts/new/", contact_new, name="my-contact-new"),
    path("buyer/contacts/contacts.vcf", contacts_vcf, name="contacts-vcf"),
    path("buyer/contacts/contacts.csv", contacts_table, name="contacts-csv"),
    path("buyer/contacts/<int:number>/", contact, name="my-contact"),
    path("buyer/contacts/<slug:identifier>/", keep_contact, name="keep-contact"),
    path("contacts-offline/", contacts_offline, name="contacts-offline"),
]
