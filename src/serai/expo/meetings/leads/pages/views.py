"""Leads at the desk of an exhibitor: scanned or typed, followed up, and downloaded as a table."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from serai.expo.base.downloads import CSV, download
from serai.expo.base.filters import read
from serai.expo.base.rows import row_of
from serai.expo.base.submission import submitted
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.meetings.leads import domain
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
    wanted = read(domain.LeadFilter, request.GET)
    page = Paginator(domain.leads_of(request.participation, wanted), A_PAGE).get_page(request.GET.get("page"))
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
        messages.info(request, _("You have met this person before."))
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
            messages.success(request, _("The lead is kept."))
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
        return blank, _("This is not the code of a badge of this fair.")
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
        messages.success(request, _("The lead is removed."))
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
    lead = row_of(rows, number, _("There is no such lead of yours."))
    lead.participation = request.participation
    return lead
