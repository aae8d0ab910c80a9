"""The timetable on the organiser's desk: drafts, what they change, settings, presence, and single meetings."""

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.base.rows import paged
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.jobs.domain import start
from serai.expo.fairs.jobs.pages import follow
from serai.expo.meetings.meeting.domain.life import COMING, ENDED, MeetingRefusedError
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.timetable.domain import arrangements, drafts, publication
from serai.expo.meetings.timetable.domain.exchange import exchange_by_right
from serai.expo.meetings.timetable.domain.forecast import forecast
from serai.expo.meetings.timetable.domain.problem import settings_of
from serai.expo.meetings.timetable.domain.publication import SECONDS
from serai.expo.meetings.timetable.models import InterpreterPool, MeetingBlock, TimetableRun
from serai.expo.meetings.timetable.pages.forms import (
    BlockForm,
    ExchangeForm,
    InterpretersForm,
    MeetingForm,
    PresenceForm,
    SettingsForm,
)
from serai.expo.participants.questions.domain.answers import answers_of_all


@organiser_required("GET", "POST")
def timetable(request: OrganiserRequest) -> HttpResponse:
    """The latest timetable with its proof, day by day; a POST makes a new draft."""
    edition = request.edition
    if request.method == "POST":
        options = {"seconds": SECONDS, "move_told": "move_told" in request.POST}
        return follow(start(edition, "timetable", user=request.user, page=request.path, **options))
    run = TimetableRun.objects.filter(edition=edition, live=False).exclude(state=TimetableRun.State.REPLACED).first()
    seated = (
        Meeting.objects.filter(edition=edition, starts_at__isnull=False)
        .select_related("host__firm", "guest__firm")
        .order_by("starts_at", "place", "pk")
    )
    return render(
        request,
        "meetings/timetable/timetable.html",
        {
            "run": run,
            "why_not": [(drafts.REASONS[reason], count) for reason, count in run.why_not.items()] if run else [],
            "page": paged(request, seated, 100),
            "forecast": forecast(edition),
            "wishes": Wish.objects.filter(edition=edition).exclude(strength=Wish.Strength.NO_THANKS).count(),
            "vetoes": Wish.objects.filter(edition=edition, strength=Wish.Strength.NO_THANKS).count(),
            "told": Meeting.objects.filter(edition=edition, state=Meeting.State.SCHEDULED).exists(),
            "changes": publication.changes_by_kind(run) if run and run.state == TimetableRun.State.DRAFT else None,
        },
    )


@organiser_required("GET")
def timetable_changes(request: OrganiserRequest) -> HttpResponse:
    """What publishing the draft would change: new, moved and dropped meetings, with the reason."""
    run = TimetableRun.objects.filter(edition=request.edition, live=False, state=TimetableRun.State.DRAFT).first()
    order = {"gone": 0, "moved": 1, "new": 2}
    changes = sorted(publication.differences(run) if run else [], key=lambda change: order[change.what])
    return render(
        request,
        "meetings/timetable/changes.html",
        {
            "run": run,
            "counts": publication.changes_by_kind(run) if run else {},
            "page": paged(request, changes, 100),
            "reasons": drafts.REASONS,
        },
    )


@organiser_required("POST")
def publish(request: OrganiserRequest) -> HttpResponse:
    """Publish the draft."""
    page = reverse("timetable", args=[request.edition.slug])
    return follow(start(request.edition, "timetable-publication", user=request.user, page=page))


@organiser_required("GET", "POST")
def timetable_settings(request: OrganiserRequest) -> HttpResponse:
    """Settings, sessions and interpreters. A POST saves one of them."""
    edition = request.edition
    what = request.POST.get("what", "") if request.method == "POST" else ""
    data = {name: request.POST if what == name else None for name in ("settings", "block", "interpreters")}
    forms: dict[str, SettingsForm | BlockForm | InterpretersForm] = {
        "settings": SettingsForm(data["settings"], instance=settings_of(edition), edition=edition),
        "block": BlockForm(data["block"], instance=MeetingBlock(edition=edition), prefix="block"),
        "interpreters": InterpretersForm(
            data["interpreters"], instance=InterpreterPool(edition=edition), prefix="interpreters"
        ),
    }
    if what in forms and forms[what].is_valid():
        arrangements.keep(forms[what].save(commit=False), user=request.user)
        messages.success(request, _("It is kept; the next timetable follows it."))
        return redirect("timetable-settings", edition.slug)
    if what in {"remove-block", "remove-interpreters"}:
        pk = number_of(request.POST.get("pk")) or 0
        row: MeetingBlock | InterpreterPool
        if what == "remove-block":
            row = get_object_or_404(MeetingBlock, edition=edition, pk=pk)
        else:
            row = get_object_or_404(InterpreterPool, edition=edition, pk=pk)
        arrangements.take_away(row, user=request.user)
        messages.success(request, _("It is removed."))
        return redirect("timetable-settings", edition.slug)
    context = {
        "forms": forms,
        "blocks": MeetingBlock.objects.filter(edition=edition),
        "interpreters": InterpreterPool.objects.filter(edition=edition),
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "meetings/timetable/timetable_settings.html", context, status=400 if wrong else 200)


@organiser_required("GET")
def presence_list(request: OrganiserRequest) -> HttpResponse:
    """Participants by name, with links to their presence."""
    query = request.GET.get("q", "")
    page = paged(request, arrangements.confirmed_by_name(request.edition, query))
    return render(request, "meetings/timetable/presence_list.html", {"query": query, "page": page})


@organiser_required("GET", "POST")
def presence(request: OrganiserRequest, pk: int) -> HttpResponse:
    """The presence of a participant, and its meetings with and without a seat."""
    edition = request.edition
    participation = get_object_or_404(Participation.objects.select_related("firm"), edition=edition, pk=pk)
    form = PresenceForm(
        request.POST if request.method == "POST" else None,
        instance=arrangements.terms_of(participation),
        edition=edition,
    )
    if request.method == "POST" and form.is_valid():
        arrangements.set_presence(
            edition,
            form.save(commit=False),
            form.there(),
            most=form.cleaned_data["most"],
            least=form.cleaned_data["least"],
            user=request.user,
        )
        messages.success(request, _("It is kept; the next timetable follows it."))
        return redirect("presence", edition.slug, pk)
    meetings = Meeting.objects.filter(Q(host=participation) | Q(guest=participation), edition=edition)
    listed = meetings.exclude(state__in=ENDED).select_related("host__firm", "guest__firm")
    return render(
        request,
        "meetings/timetable/presence.html",
        {
            "participation": participation,
            "answers": answers_of_all([participation])[participation.pk],
            "form": form,
            "meetings": listed.order_by(F("starts_at").asc(nulls_last=True), "-value", "pk"),
            "reasons": drafts.REASONS,
        },
        status=400 if form.errors else 200,
    )


@organiser_required("GET", "POST")
def meeting(request: OrganiserRequest, pk: int) -> HttpResponse:
    """One meeting: its lock, session, order and people, and its history."""
    edition = request.edition
    shown = get_object_or_404(Meeting.objects.select_related("host__firm", "guest__firm"), edition=edition, pk=pk)
    exchanged = request.method == "POST" and "exchange" in request.POST
    exchange_form = ExchangeForm(shown, request.POST if exchanged else None)
    form = MeetingForm(request.POST if request.method == "POST" and not exchanged else None, instance=shown)
    if request.method == "POST" and "lock" in request.POST:
        drafts.lock(shown, locked=request.POST["lock"] == "1", by=request.user)
        return redirect("organiser-meeting", edition.slug, pk)
    if exchanged and exchange_form.is_valid():
        with told_in(exchange_form, MeetingRefusedError):
            exchange_by_right(shown, exchange_form.cleaned_data["number"], by=request.user)
            messages.success(request, _("The times are exchanged, and all sides are told."))
            return redirect("organiser-meeting", edition.slug, pk)
    elif request.method == "POST" and form.is_valid():
        arrangements.keep(form.save(commit=False), user=request.user)
        messages.success(request, _("It is kept; the next timetable follows it."))
        return redirect("organiser-meeting", edition.slug, pk)
    context = {
        "meeting": shown,
        "form": form,
        "exchange_form": exchange_form if shown.state in COMING and not shown.locked else None,
        "history": arrangements.history(shown),
        "why_not": drafts.REASONS.get(shown.why_not, ""),
    }
    wrong = form.errors or exchange_form.errors
    return render(request, "meetings/timetable/meeting.html", context, status=400 if wrong else 200)
