"""Leads at the desk of an exhibitor: scanned or typed, followed up, taken home as a table."""

from pathlib import Path

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from serai.expo.base.filters import read
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.meetings.leads import domain as keeping
from serai.expo.meetings.leads.domain import leads_csv
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.leads.pages.forms import LeadForm
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.participants.exhibitors.pages.guards import DeskRequest, desk_required
from serai.expo.programme.badges.domain.tokens import badge_of

A_PAGE = 50


@require_GET
@desk_required("expo.use_leads")
def leads(request: DeskRequest) -> HttpResponse:
    """The leads, or those with a next step to take, and a field for the code of a badge."""
    wanted = read(keeping.LeadFilter, request.GET)
    found = keeping.leads_of(request.participation, wanted)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    today = today_at(request.edition)
    late = keeping.count_late(request.participation, today)
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
        messages.info(request, _("You have met this person before."))
        return redirect("desk-lead", request.edition.slug, request.participation.firm.identifier, lead.pk)
    form = LeadForm(lead, _said(request, lead, from_queue) if request.method == "POST" else None)
    if wrong and from_queue and not request.POST.get("person", "").strip():
        form.add_error(None, wrong)
    if request.method == "POST" and form.is_valid() and (not wrong or from_queue):
        try:
            keeping.keep_lead(lead, form.cleaned_data, user=request.user, key=request.POST.get("key", "")[:64])
        except keeping.LeadRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            if from_queue:
                said = " · ".join(part for part in (lead.person, lead.firm_name) if part)
                return JsonResponse({"kept": lead.pk, "said": said})
            messages.success(request, _("The lead is kept."))
            return redirect("desk-leads", request.edition.slug, request.participation.firm.identifier)
    if from_queue:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    page = {"form": form, "code": "" if wrong else code, "wrong": wrong, "lead": None}
    return render(request, "meetings/leads/lead.html", page, status=400 if form.errors or wrong else 200)


def _begun(request: DeskRequest, code: str, *, before: bool) -> tuple[Lead, str]:
    """A lead with what the badge of this code says, or a blank one and why the code leads to nobody."""
    blank = Lead(edition=request.edition, participation=request.participation)
    if not code:
        return blank, ""
    badge = badge_of(request.edition, code)
    if badge is None:
        return blank, _("This is not the code of a badge of this fair.")
    try:
        return keeping.from_badge(request.participation, badge, before=before), ""
    except keeping.LeadRefusedError as refusal:
        return blank, str(refusal)


def _said(request: DeskRequest, lead: Lead, from_queue: bool) -> QueryDict:
    """What was sent. What a phone without a connection could not know is taken from the badge, or from the lead that
    was kept of it before: what was left empty then wipes nothing, and notes are added to those that are there."""
    said = request.POST.copy()
    if not (from_queue and lead.badge_id):
        return said
    form = LeadForm(lead)
    for name in keeping.FIELDS:
        known, given = form[name].value(), said.get(name, "").strip()
        if name == "notes" and known and given not in known:
            said[name] = f"{known}\n{given}"
        elif not given or (name == "notes" and known) or (name == "rating" and given == "0"):
            said.setlist(name, known if isinstance(known, list) else [str(known or "")])
    return said


@require_GET
def leads_offline(request: EditionRequest) -> HttpResponse:
    """The empty form that a phone opens without a connection: it says nothing of anybody, and is the same for all."""
    return render(request, "meetings/leads/offline.html", {"form": LeadForm.empty()})


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that opens that form; browsers ask for it at each visit."""
    path = finders.find("serai/leads-worker.js")
    if not isinstance(path, str):
        raise Http404(_("There is no such file."))
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


@desk_required("expo.use_leads")
@require_http_methods(["GET", "POST"])
def lead(request: DeskRequest, number: int) -> HttpResponse:
    """A lead to look at, change, tick or remove."""
    found = _lead(request, number)
    back = redirect("desk-leads", request.edition.slug, request.participation.firm.identifier)
    if request.method == "POST" and "remove" in request.POST:
        keeping.remove_lead(found, user=request.user)
        messages.success(request, _("The lead is removed."))
        return back
    form = LeadForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.keep_lead(found, form.cleaned_data, user=request.user)
        except keeping.LeadRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return back
    page = {"form": form, "lead": found, "outcome_kinds": Outcome.Kind.choices}
    return render(request, "meetings/leads/lead.html", page, status=400 if form.errors else 200)


@require_POST
@desk_required("expo.use_leads")
def lead_done(request: DeskRequest, number: int) -> HttpResponse:
    """Tick the next step, or untick it."""
    keeping.set_done(_lead(request, number), "undo" not in request.POST, user=request.user)
    answer = redirect("desk-leads", request.edition.slug, request.participation.firm.identifier)
    answer["Location"] += "?due=1"
    return answer


@require_GET
@desk_required("expo.use_leads")
def lead_table(request: DeskRequest) -> HttpResponse:
    """All leads of the exhibitor as CSV."""
    table = leads_csv(keeping.leads_of(request.participation))
    headers = {"Content-Disposition": 'attachment; filename="leads.csv"', "Cache-Control": "private, no-store"}
    return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)


def _lead(request: DeskRequest, number: int) -> Lead:
    found = Lead.objects.filter(participation=request.participation, pk=number).select_related("edition").first()
    if found is None:
        raise Http404(_("There is no such lead of yours."))
    found.participation = request.participation
    return found
