"""The timetable on the organiser's desk: drafts, what they change, what is arranged, and the day itself."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.editions.access import OrganiserRequest, organiser_required
from serai.expo.editions.domain import slots
from serai.expo.editions.models import Participation
from serai.expo.meetings import live as day
from serai.expo.meetings.arrangements import InterpreterPool, MeetingBlock
from serai.expo.meetings.arranging import history, keep, set_presence, take_away, terms_of
from serai.expo.meetings.exchanging import exchange_by_right
from serai.expo.meetings.life import COMING, ENDED, TOLD, UNTOLD, MeetingRefusedError
from serai.expo.meetings.models import Meeting, TimetableRun, Wish
from serai.expo.meetings.problem import settings_of
from serai.expo.meetings.seating_forms import (
    BlockForm,
    ExchangeForm,
    InterpretersForm,
    MeetingForm,
    PresenceForm,
    SettingsForm,
)
from serai.expo.meetings.timetabling import (
    REASONS,
    NothingToPublishError,
    NoWishesError,
    Seat,
    TimetableRefusedError,
    differences,
    lock,
    make_timetable,
    publish_timetable,
)
from serai.expo.numbers import number_of
from serai.expo.questions.answering import answers_of_all

SECONDS_IN_A_REQUEST = 20.0
"""How long the solver may work while a page waits for it; `serai timetable --seconds` gives it longer."""


@organiser_required
@require_http_methods(["GET", "POST"])
def timetable(request: OrganiserRequest) -> HttpResponse:
    """The latest timetable with its proof, day by day; a POST makes a new draft."""
    edition = request.edition
    if request.method == "POST":
        try:
            made = make_timetable(
                edition, seconds=SECONDS_IN_A_REQUEST, by=request.user, move_told="move_told" in request.POST
            )
        except NoWishesError:
            messages.error(
                request, _("There is no wish to meet yet and no match along a chain, so there is nothing to seat.")
            )
        except TimetableRefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                ngettext("%d meeting has been seated.", "%d meetings have been seated.", made.placed) % made.placed,
            )
        return redirect("timetable", edition.slug)
    run = TimetableRun.objects.filter(edition=edition, live=False).exclude(state=TimetableRun.State.REPLACED).first()
    seated = (
        Meeting.objects.filter(edition=edition, starts_at__isnull=False)
        .select_related("host__firm", "guest__firm")
        .order_by("starts_at", "place", "pk")
    )
    return render(
        request,
        "meetings/timetable.html",
        {
            "run": run,
            "why_not": [(REASONS[reason], count) for reason, count in run.why_not.items()] if run else [],
            "page": Paginator(seated, 100).get_page(request.GET.get("page")),
            "wishes": Wish.objects.filter(edition=edition).exclude(strength=Wish.Strength.NO_THANKS).count(),
            "vetoes": Wish.objects.filter(edition=edition, strength=Wish.Strength.NO_THANKS).count(),
            "told": Meeting.objects.filter(edition=edition, state=Meeting.State.SCHEDULED).exists(),
            "changes": _counted(run) if run and run.state == TimetableRun.State.DRAFT else None,
            "zone": ZoneInfo(edition.time_zone),
        },
    )


def _counted(run: TimetableRun) -> dict[str, int]:
    new = Meeting.objects.filter(edition=run.edition, run=run, state__in=UNTOLD, starts_at__isnull=False)
    gone = sum(change[0] is None for change in run.changes.values())
    return {"new": new.count(), "moved": len(run.changes) - gone, "gone": gone}


@organiser_required
@require_http_methods(["GET"])
def timetable_changes(request: OrganiserRequest) -> HttpResponse:
    """What publishing the draft would change of what has been told: new, moved, and gone with the reason."""
    run = TimetableRun.objects.filter(edition=request.edition, live=False, state=TimetableRun.State.DRAFT).first()
    found = differences(run) if run else []
    order = {"gone": 0, "moved": 1, "new": 2}
    found.sort(key=lambda one: order[one.what])
    return render(
        request,
        "meetings/changes.html",
        {
            "run": run,
            "counts": _counted(run) if run else {},
            "page": Paginator(found, 100).get_page(request.GET.get("page")),
            "reasons": REASONS,
            "zone": ZoneInfo(request.edition.time_zone),
        },
    )


@organiser_required
@require_POST
def publish(request: OrganiserRequest) -> HttpResponse:
    """Publish the draft."""
    try:
        publish_timetable(request.edition, by=request.user)
    except NothingToPublishError:
        messages.error(request, _("There is no draft to publish. Make the timetable first."))
    else:
        messages.success(request, _("The timetable has been published. Its meetings keep their time from now on."))
    return redirect("timetable", request.edition.slug)


@organiser_required
@require_http_methods(["GET", "POST"])
def timetable_settings(request: OrganiserRequest) -> HttpResponse:
    """What the timetable weighs, the sessions of a day, and the interpreters; a POST keeps one of them."""
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
        keep(forms[what].save(commit=False), user=request.user)
        messages.success(request, _("It is kept; the next timetable follows it."))
        return redirect("timetable-settings", edition.slug)
    if what in {"remove-block", "remove-interpreters"}:
        pk = number_of(request.POST.get("pk")) or 0
        row: MeetingBlock | InterpreterPool
        if what == "remove-block":
            row = get_object_or_404(MeetingBlock, edition=edition, pk=pk)
        else:
            row = get_object_or_404(InterpreterPool, edition=edition, pk=pk)
        take_away(row, user=request.user)
        messages.success(request, _("It has been taken away."))
        return redirect("timetable-settings", edition.slug)
    context = {
        "forms": forms,
        "blocks": MeetingBlock.objects.filter(edition=edition),
        "interpreters": InterpreterPool.objects.filter(edition=edition),
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "meetings/timetable_settings.html", context, status=400 if wrong else 200)


@organiser_required
@require_http_methods(["GET"])
def presence_list(request: OrganiserRequest) -> HttpResponse:
    """Participants with meetings, found by name, to see what each got and to say when it is there."""
    return render(
        request,
        "meetings/presence_list.html",
        {
            "query": request.GET.get("q", ""),
            "page": Paginator(_named(request), 50).get_page(request.GET.get("page")),
        },
    )


def _named(request: OrganiserRequest) -> QuerySet[Participation]:
    found = Participation.objects.filter(edition=request.edition, state=Participation.State.CONFIRMED)
    query = request.GET.get("q", "").strip()[:100]
    if query:
        found = found.filter(Q(firm__legal_name__icontains=query) | Q(firm__name__icontains=query))
    return found.select_related("firm").order_by("firm__sort_name", "pk")


@organiser_required
@require_http_methods(["GET", "POST"])
def presence(request: OrganiserRequest, pk: int) -> HttpResponse:
    """When a participant is there and with how many people, and what it got, what it did not and why."""
    edition = request.edition
    participation = get_object_or_404(Participation.objects.select_related("firm"), edition=edition, pk=pk)
    form = PresenceForm(
        request.POST if request.method == "POST" else None, instance=terms_of(participation), edition=edition
    )
    if request.method == "POST" and form.is_valid():
        set_presence(
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
        "meetings/presence.html",
        {
            "participation": participation,
            "answers": answers_of_all([participation])[participation.pk],
            "form": form,
            "meetings": listed.order_by(F("starts_at").asc(nulls_last=True), "-value", "pk"),
            "reasons": REASONS,
            "zone": ZoneInfo(edition.time_zone),
        },
        status=400 if form.errors else 200,
    )


@organiser_required
@require_http_methods(["GET", "POST"])
def meeting(request: OrganiserRequest, pk: int) -> HttpResponse:
    """One meeting: its lock, session, order and people, and what has become of it."""
    edition = request.edition
    found = get_object_or_404(Meeting.objects.select_related("host__firm", "guest__firm"), edition=edition, pk=pk)
    exchanged = request.method == "POST" and "exchange" in request.POST
    exchange_form = ExchangeForm(found, request.POST if exchanged else None)
    form = MeetingForm(request.POST if request.method == "POST" and not exchanged else None, instance=found)
    if request.method == "POST" and "lock" in request.POST:
        lock(found, locked=request.POST["lock"] == "1", by=request.user)
        return redirect("organiser-meeting", edition.slug, pk)
    if exchanged and exchange_form.is_valid():
        try:
            exchange_by_right(found, exchange_form.cleaned_data["number"], by=request.user)
        except MeetingRefusedError as refusal:
            exchange_form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The times are exchanged, and all sides are told."))
            return redirect("organiser-meeting", edition.slug, pk)
    elif request.method == "POST" and form.is_valid():
        keep(form.save(commit=False), user=request.user)
        messages.success(request, _("It is kept; the next timetable follows it."))
        return redirect("organiser-meeting", edition.slug, pk)
    context = {
        "meeting": found,
        "form": form,
        "exchange_form": exchange_form if found.state in COMING and not found.locked else None,
        "history": history(found),
        "why_not": REASONS.get(found.why_not, ""),
        "zone": ZoneInfo(edition.time_zone),
    }
    wrong = form.errors or exchange_form.errors
    return render(request, "meetings/meeting.html", context, status=400 if wrong else 200)


@organiser_required
@require_http_methods(["GET", "POST"])
def live(request: OrganiserRequest) -> HttpResponse:
    """The day itself: what is on now and next, what has happened, and the change that is proposed for it."""
    edition = request.edition
    if request.method == "POST":
        return _happened(request)
    day.warm_up()
    grid = slots(edition)
    run = day.waiting(edition)
    happened = day.Happened.of(run.happened) if run else None
    automatic = day.next_slot(grid)
    now = happened.now if happened else automatic if automatic < len(grid) else 0
    now = min(number_of(request.GET["at"]) or 0, len(grid) - 1) if request.GET.get("at") else now
    near = grid[max(now - 1, 0) : now + 2]
    shown = [slot.starts_at for slot in near]
    of_these = {"ends_at__gt": near[0].starts_at, "starts_at__lt": near[-1].ends_at} if near else {"pk": None}
    meetings = (
        Meeting.objects.filter(edition=edition, state__in=TOLD, **of_these)
        .select_related("host__firm", "guest__firm")
        .order_by("starts_at", "place", "pk")
    )
    used = [(one.starts_at, one.ends_at) for one in meetings if one.place.startswith("T")]
    free = [
        (at, max(edition.meeting_tables - sum(begins <= at < ends for begins, ends in used if begins and ends), 0))
        for at in shown
    ]
    named = list(_named(request)[:20]) if request.GET.get("q", "").strip() else []
    first = Participation.objects.filter(edition=edition, pk=number_of(request.GET.get("with")) or 0).first()
    parties = {*happened.absent, *happened.late, *(pk for pair in happened.walk_in for pk in pair)} if happened else ()
    return render(
        request,
        "meetings/live.html",
        {
            "grid": list(enumerate(grid)),
            "now": now,
            "free": free,
            "meetings": meetings[:200],
            "run": run,
            "happened": happened,
            "people": Participation.objects.filter(edition=edition, pk__in=parties).select_related("firm").in_bulk(),
            "differences": differences(run) if run else [],
            "walked_in": _walk_ins(request, run),
            "reasons": REASONS,
            "query": request.GET.get("q", ""),
            "named": named,
            "first": first,
            "zone": ZoneInfo(edition.time_zone),
        },
    )


type WalkIn = tuple[Participation, Participation, Seat]


def _walk_ins(request: OrganiserRequest, run: TimetableRun | None) -> list[WalkIn]:
    said = run.happened.get("walked_in", []) if run else []
    known = Participation.objects.filter(edition=request.edition, pk__in=[pk for row in said for pk in row[:2]])
    by_number = known.select_related("firm").in_bulk()
    return [(by_number[row[0]], by_number[row[1]], day.seat_of(row[2:])) for row in said if {*row[:2]} <= {*by_number}]


def _happened(request: OrganiserRequest) -> HttpResponse:
    """Add to what has happened and propose the change for it, apply it, or forget it."""
    edition, said = request.edition, request.POST
    run = day.waiting(edition)
    try:
        if "apply" in said:
            day.apply_change(edition, by=request.user)
            messages.success(request, _("The change is told. Everyone's agenda shows it from now on."))
        elif "discard" in said:
            if run is None:
                raise day.NothingToApplyError(_("There is no change to forget."))
            day.discard(run, by=request.user)
            messages.success(request, _("The proposed change is forgotten; what was told stays."))
        else:
            before = day.Happened.of(run.happened) if run else day.Happened()
            made = day.propose(edition, _with(before, request), by=request.user)
            messages.success(
                request,
                _("Solved in %(seconds)s s. Nothing is told before you apply it.") % {"seconds": f"{made.seconds:.1f}"},
            )
    except (day.ChangeRefusedError, day.NothingToApplyError, TimetableRefusedError) as refusal:
        messages.error(request, str(refusal))
    return redirect("live", edition.slug)


def _with(before: day.Happened, request: OrganiserRequest) -> day.Happened:
    """What had been said, and what this says more. Raises ChangeRefusedError where it says nothing that can be read."""
    said = request.POST
    happened = replace(before, now=_number(said, "now") if "now" in said else 0, seat_more="seat_more" in said)
    if "absent" in said:
        absent = _number(said, "absent")
        late = {party: slot for party, slot in happened.late.items() if party != absent}
        happened = replace(happened, absent=tuple({*happened.absent, absent}), late=late)
    if "late" in said:
        late_one, arrives = _number(said, "late"), _number(said, "arrives")
        gone = tuple(party for party in happened.absent if party != late_one)
        happened = replace(happened, absent=gone, late=happened.late | {late_one: arrives})
    if "guest" in said:
        pair = _number(said, "host"), _number(said, "guest")
        happened = replace(happened, walk_in=tuple(dict.fromkeys([*happened.walk_in, pair])))
    if not {"absent", "late", "guest", "seat_more"} & {*said}:
        raise day.ChangeRefusedError(_("Say what has happened: who does not come, comes late, or walks in."))
    return happened


def _number(said: Mapping[str, str], name: str) -> int:
    found = number_of(said.get(name))
    if found is None:
        raise day.ChangeRefusedError(_("Nothing was changed: choose a participant and a time of the lists."))
    return found
