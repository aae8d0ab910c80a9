"""The pages of the exhibitor's desk."""

from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.expo.base.numbers import numbers_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.domain.phases import closed_sentence, today_at
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.fairs.edition.pages.guards import (
    OrganiserRequest,
    UserRequest,
    organiser_required,
    renames,
    user_required,
)
from serai.expo.fairs.mailing.domain.letters import send_letter
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.arrangements import parts, people, set_people
from serai.expo.participants.desk.domain import dues_of, told_duties
from serai.expo.participants.exhibitors.domain import application as applications
from serai.expo.participants.exhibitors.domain import co_exhibitors, tasks
from serai.expo.participants.exhibitors.domain.tasks import desks_of
from serai.expo.participants.exhibitors.models import CoExhibitorInvitation, DeskTask, DeskTaskDone
from serai.expo.participants.exhibitors.pages import DeskRequest, desk_required
from serai.expo.participants.packages.domain import shares_of
from serai.expo.participants.participation.domain.applications import ApplicationRefusedError
from serai.expo.participants.participation.domain.applications import withdraw as withdraw_application
from serai.expo.participants.participation.domain.decisions import history_of
from serai.expo.participants.questions.domain.answers import AnswerRefusedError
from serai.expo.participants.questions.pages import refuse
from serai.expo.results.report.domain.presentation import book_again, next_editions
from serai.expo.results.report.domain.presentation import results as results_of
from serai.expo.site.exhibitor_desk.domain import completeness, decision_on, meetings_of_the_day
from serai.expo.site.exhibitor_desk.pages import forms
from serai.expo.venue.booths.domain.problem import keep_wish, wish_of


@user_required
def desk_list(request: UserRequest) -> HttpResponse:
    """The reader's desk, or a choice of several; a reader without one learns how to get one."""
    desks = list(desks_of(request.user, request.edition))
    if len(desks) == 1:
        return redirect("desk", request.edition.slug, desks[0].firm.identifier)
    return render(request, "site/exhibitor_desk/desks.html", {"desks": desks})


@desk_required("expo.see_desk")
def desk(request: DeskRequest) -> HttpResponse:
    today = today_at(request.edition)
    day, meetings = meetings_of_the_day(request.participation, today)
    return render(
        request,
        "site/exhibitor_desk/desk.html",
        {
            "dues": dues_of(request.participation, told_duties(request.user, request.participation), timezone.now()),
            "done": [standing for standing in tasks.tasks_of(request.participation, today) if standing.is_done],
            "completeness": completeness(request.participation),
            "day": day,
            "is_today": day == today,
            "meetings": [(meeting, _other(request, meeting)) for meeting in meetings],
            "shares": shares_of(request.participation),
            "decision": decision_on(request.participation),
            "moments": history_of(request.participation),
        },
    )


def _other(request: DeskRequest, meeting: Meeting) -> Firm:
    return meeting.guest.firm if meeting.host_id == request.participation.pk else meeting.host.firm


# Applying


@user_required("GET", "POST")
def application(request: UserRequest) -> HttpResponse:
    """Apply to exhibit with a firm of one's own."""
    edition, firms = request.edition, applications.firms_to_apply_for(request.user)
    closed = closed_sentence(edition, Phase.Kind.APPLY)
    form = forms.ApplicationForm(edition, firms, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            applied = applications.apply(edition, values.pop("firm"), user=request.user, answers=form.answers, **values)
        except AnswerRefusedError as refusal:
            refuse(form, refusal)
        except ApplicationRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your application is with the organiser."))
            return redirect("desk", edition.slug, applied.firm.identifier)
    page = {"form": form, "firms": firms, "closed": closed}
    return render(request, "site/exhibitor_desk/application.html", page, status=400 if form.errors else 200)


@user_required("GET", "POST")
def new_firm(request: UserRequest) -> HttpResponse:
    """Enter a new firm, which the reader then owns."""
    form = forms.FirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, ApplicationRefusedError):
            applications.enter_firm(**form.cleaned_data, user=request.user)
            return redirect(_next(request) or reverse("desk-application", args=[request.edition.slug]))
    page = {"form": form, "next": _next(request)}
    return render(request, "site/exhibitor_desk/new_firm.html", page, status=400 if form.errors else 200)


def _next(request: UserRequest) -> str:
    """The next page, only within this fair, so that no link leads to another site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if asked.startswith(reverse("edition", args=[request.edition.slug])) else ""


@require_POST
@desk_required("expo.edit_desk")
def withdraw(request: DeskRequest) -> HttpResponse:
    with told_to(request, ApplicationRefusedError):
        withdraw_application(request.participation, user=request.user)
        messages.success(request, _("The application is withdrawn."))
        return redirect("desk-list", request.edition.slug)
    return redirect("desk", request.edition.slug, request.participation.firm.identifier)


# Tasks


@desk_required("expo.edit_desk", "GET", "POST")
def task(request: DeskRequest, code: str) -> HttpResponse:
    """A task, and its completion."""
    task = tasks.task_of(request.edition, code)
    done = DeskTaskDone.objects.filter(task=task, participation=request.participation).first()
    posted, initial = request.method == "POST", {"note": done.note if done else ""}
    form = forms.TickForm(request.POST if posted else None, request.FILES if posted else None, initial=initial)
    back = redirect("desk", request.edition.slug, request.participation.firm.identifier)
    if "undo" in request.POST:
        tasks.untick(task, request.participation, user=request.user)
        return back
    if request.method == "POST" and form.is_valid():
        with told_in(form, tasks.TaskRefusedError):
            tasks.tick(task, request.participation, user=request.user, **form.cleaned_data)
            messages.success(request, _("The task is done."))
            return back
    page = {"task": task, "done": done, "form": form}
    return render(request, "site/exhibitor_desk/task.html", page, status=400 if form.errors else 200)


@desk_required("expo.see_desk")
def task_file(request: DeskRequest, code: str) -> HttpResponseBase:
    """The file that the exhibitor sent for a task, as a download."""
    file = tasks.file_of(tasks.task_of(request.edition, code), request.participation)
    if file is None:
        raise Http404(_("There is no file for this task."))
    return FileResponse(file.open("rb"), as_attachment=True, filename=Path(file.name or "").name)


@organiser_required("GET", "POST")
@renames({DeskTask: lambda task, user: tasks.keep_task(task, user=user)}, tasks.TaskRefusedError)
def task_list(request: OrganiserRequest) -> HttpResponse:
    """The tasks of the edition, with how many exhibitors have done each."""
    return render(request, "site/exhibitor_desk/task_list.html", {"tasks": tasks.tasks_with_counts(request.edition)})


@organiser_required("GET", "POST")
def task_edit(request: OrganiserRequest, code: str = "") -> HttpResponse:
    """A new task, or one to change or remove."""
    task = tasks.task_of(request.edition, code) if code else DeskTask(edition=request.edition)
    form = forms.TaskForm(request.POST if request.method == "POST" else None, instance=task)
    if "remove" in request.POST and task.pk:
        tasks.remove_task(task, user=request.user)
        return redirect("desk-tasks", request.edition.slug)
    if request.method == "POST" and form.is_valid():
        with told_in(form, tasks.TaskRefusedError, field="code"):
            tasks.keep_task(form.instance, user=request.user)
            messages.success(request, _("The task is saved."))
            return redirect("desk-tasks", request.edition.slug)
    page = {"form": form, "task": task if code else None}
    return render(request, "site/exhibitor_desk/task_edit.html", page, status=400 if form.errors else 200)


# Co-exhibitors


@desk_required("expo.edit_desk", "GET", "POST")
def co_exhibitor_list(request: DeskRequest) -> HttpResponse:
    """The firm's co-exhibitors, its invitations, and a form to invite another firm."""
    leader = request.participation
    form = forms.CoExhibitorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, co_exhibitors.InvitationRefusedError):
            invited, token = co_exhibitors.invite(leader, **form.cleaned_data, user=request.user)
            _send_invitation(request, invited, token)
            messages.success(request, _("The invitation is sent."))
            return redirect("desk-co-exhibitors", request.edition.slug, leader.firm.identifier)
    page = {
        "form": form,
        "led": leader.co_exhibitors.select_related("firm"),
        "invitations": CoExhibitorInvitation.objects.filter(leader=leader),
    }
    return render(request, "site/exhibitor_desk/co_exhibitors.html", page, status=400 if form.errors else 200)


def _send_invitation(request: DeskRequest, invited: CoExhibitorInvitation, token: str) -> None:
    leader = request.participation.firm
    address = request.build_absolute_uri(reverse("co-exhibit", args=[request.edition.slug, token]))
    values = {"leader": shown_name(leader), "firm": invited.firm_name, "address": address}
    send_letter(request.edition, invited.email, "co-exhibitor-invitation", values, private=True)


@require_POST
@desk_required("expo.edit_desk")
def take_back(request: DeskRequest, number: int) -> HttpResponse:
    invitation = CoExhibitorInvitation.objects.filter(leader=request.participation, pk=number).first()
    if invitation is None:
        raise Http404(_("There is no such invitation."))
    with told_to(request, co_exhibitors.InvitationRefusedError):
        co_exhibitors.take_back(invitation, user=request.user)
    return redirect("desk-co-exhibitors", request.edition.slug, request.participation.firm.identifier)


@require_POST
@desk_required("expo.edit_desk")
def part(request: DeskRequest, number: int) -> HttpResponse:
    """Part a co-exhibitor from its leader; either of the two may do it."""
    own = request.participation
    led = own if number == own.pk and own.lead else own.co_exhibitors.select_related("firm").filter(pk=number).first()
    if led is None:
        raise Http404(_("They do not stand together."))
    with told_to(request, co_exhibitors.InvitationRefusedError):
        co_exhibitors.part(led, user=request.user, by=own)
        messages.success(request, _("They stand together no more, and the other side is told."))
    return redirect("desk-co-exhibitors", request.edition.slug, own.firm.identifier)


@user_required("GET", "POST")
def co_exhibit(request: UserRequest, token: str) -> HttpResponse:
    """Accept or decline the invitation of a leader, by its link."""
    invitation = co_exhibitors.invitation_of(request.edition, token)
    if invitation is None:
        raise Http404(_("This invitation has been answered or taken back."))
    firms = applications.firms_to_apply_for(request.user)
    form = forms.AnswerForm(firms, request.POST if request.method == "POST" and "accept" in request.POST else None)
    if request.method == "POST" and "decline" in request.POST:
        co_exhibitors.decline(invitation, user=request.user)
        messages.success(request, _("You have declined."))
        return redirect("edition", request.edition.slug)
    if form.is_valid():
        with told_in(form, co_exhibitors.InvitationRefusedError):
            joined = co_exhibitors.accept(invitation, form.cleaned_data["firm"], user=request.user)
            messages.success(request, _("You stand with the firm that invited you."))
            return redirect("desk", request.edition.slug, joined.firm.identifier)
    page = {"invitation": invitation, "form": form, "firms": firms}
    return render(request, "site/exhibitor_desk/co_exhibit.html", page, status=400 if form.errors else 200)


# The booth


@desk_required("expo.edit_desk", "GET", "POST")
def booth_wish(request: DeskRequest) -> HttpResponse:
    """What the exhibitor wishes of its booth."""
    form = forms.BoothWishForm(wish_of(request.participation), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        keep_wish(request.participation, values, values.pop("near"), user=request.user)
        messages.success(request, _("Your wish is with the organiser."))
        return redirect("desk-booth", request.edition.slug, request.participation.firm.identifier)
    page = {"form": form, "booths": request.participation.booths.select_related("hall")}
    return render(request, "site/exhibitor_desk/booth.html", page, status=400 if form.errors else 200)


# Availability of people, and results


@desk_required("expo.edit_desk", "GET", "POST")
def availability(request: DeskRequest) -> HttpResponse:
    """Which people of the team take meetings, and when."""
    if request.method == "POST":
        takers = numbers_of(request.POST.getlist("takes"))
        presence = {pk: request.POST.getlist(f"there-{pk}") for pk in takers}
        set_people(request.participation, presence, user=request.user)
        messages.success(request, _("It is saved."))
        return redirect("desk-availability", request.edition.slug, request.participation.firm.identifier)
    day_parts = parts(request.edition)
    page = {"parts": day_parts, "people": people(request.participation, day_parts)}
    return render(request, "site/exhibitor_desk/availability.html", page)


@desk_required("expo.use_leads", "GET", "POST")
def results(request: DeskRequest) -> HttpResponse:
    """The firm's return sheet, and an application for a later fair with one click."""
    own = request.participation
    if request.method == "POST":
        if not request.user.has_perm("expo.edit_desk", own):
            raise PermissionDenied
        try:
            applied = book_again(own, request.POST.get("again", ""), user=request.user)
        except (ApplicationRefusedError, AnswerRefusedError) as refusal:
            messages.error(request, str(refusal))
            return redirect("desk-results", request.edition.slug, own.firm.identifier)
        messages.success(request, _("Your application is with the organiser."))
        return redirect("desk", applied.edition.slug, own.firm.identifier)
    ended = own.state == Participation.State.CONFIRMED and today_at(request.edition) >= request.edition.ends_on
    page = {"results": results_of(own), "next_editions": next_editions(own), "ended": ended}
    return render(request, "site/exhibitor_desk/results.html", page)
