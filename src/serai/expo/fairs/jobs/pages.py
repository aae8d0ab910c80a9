"""Jobs of a fair: how far each is, and its file."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from serai.expo.base.submission import attempt
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.jobs import domain
from serai.expo.fairs.jobs.domain import answer_with, kind_of, path_of
from serai.expo.fairs.jobs.models import Job

A_PAGE = 50
LOOK_SECONDS = 2


def follow(job: Job) -> HttpResponse:
    """Lead to the page of a job that was just started, which leads on once it has ended."""
    return redirect(reverse("job", args=[job.edition.slug, job.pk]) + "?wait=1")


@organiser_required("GET")
def jobs(request: OrganiserRequest) -> HttpResponse:
    """The jobs of the fair, the latest first."""
    page = Paginator(domain.visible_to(request.user, request.edition), A_PAGE).get_page(request.GET.get("page"))
    listed = [(job, kind_of(job.kind).title, Job.State(job.state).label) for job in page]
    return render(request, "fairs/jobs/jobs.html", {"page": page, "listed": listed})


@organiser_required("GET", "POST")
def job(request: OrganiserRequest, number: int) -> HttpResponse:
    """How far a job is; a POST cancels it. Who waits for it is led on when it has ended."""
    row = get_object_or_404(domain.visible_to(request.user, request.edition), pk=number)
    if request.method == "POST":
        cancelled = _("It was cancelled; what was not finished is undone.")
        attempt(request, partial(domain.cancel, row, user=request.user), domain.CancelRefusedError, cancelled)
        return redirect(row.page or reverse("job", args=[request.edition.slug, number]))
    if row.ended and row.page and "wait" in request.GET:
        (messages.success if row.ended == Job.State.DONE else messages.error)(request, row.sentence)
        return redirect(row.page)
    context = {
        "job": row,
        "title": kind_of(row.kind).title,
        "state": Job.State(row.state).label,
        "standing": domain.standing(row),
        "look_seconds": LOOK_SECONDS,
        "may_cancel": row.is_open and not domain.why_not_cancel(row, request.user),
        "has_file": bool(row.file_name) and row.asked_by == request.user and path_of(row).exists(),
    }
    return render(request, "fairs/jobs/job.html", context)


@organiser_required("GET")
def job_file(request: OrganiserRequest, number: int) -> HttpResponseBase:
    """The file that a job made, for who asked for it: the trail says who took it."""
    own = domain.visible_to(request.user, request.edition).filter(asked_by=request.user).exclude(file_name="")
    row = get_object_or_404(own, pk=number)
    if not path_of(row).exists():
        raise Http404(_("The file was kept for a day and is gone. Make it anew."))
    return answer_with(row)


urlpatterns = [
    path("organiser/jobs/", jobs, name="jobs"),
    path("organiser/jobs/<int:number>/", job, name="job"),
    path("organiser/jobs/<int:number>/file/", job_file, name="job-file"),
]
