"""Jobs in the registries: the desk, and how long they are kept."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_scopes import scopes_disabled

from serai.expo.base.daily import daily
from serai.expo.base.tasks.domain import queue
from serai.expo.fairs.desk.domain import Todo, card, check
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.domain import forget_files
from serai.expo.fairs.jobs.models import Job

KEPT_DAYS = 30

card(
    "jobs",
    "after",
    title=_("Work in the background"),
    text=_("Timetables, imports and exports that are being made, and what came of each."),
    page="jobs",
    order=70,
)


@check
def failed_jobs(edition: Edition) -> Iterator[Todo]:
    """Work that failed so often that it is not tried again by itself."""
    if count := Job.objects.filter(edition=edition, ended="", task__status=queue.FAILED).count():
        yield Todo(
            ngettext_lazy("%d piece of work failed", "%d pieces of work failed", count) % count,
            _("Who operates the site reads why by serai doctor."),
            "jobs",
            count,
        )


@daily("forget jobs")
def forget_jobs() -> None:
    """Delete files of jobs after a day, and jobs after some weeks."""
    forget_files()
    with scopes_disabled():
        Job.objects.filter(asked_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
