"""Who imports what: an organiser imports the lists of the areas that its role changes."""

from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules import refusal, rights_in
from serai.expo.fairs.jobs.models import Job
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain.subject import Subject
from serai.expo.site.imports.domain.subjects import SUBJECTS
from serai.expo.site.imports.models import Import


def importable(user: User, edition: Edition) -> list[Subject]:
    """The kinds of lists that an organiser may import into the edition."""
    rights = rights_in(user, edition)
    return [subject for subject in SUBJECTS.values() if rights.may(subject.area, change=True)]


def why_not(user: User, edition: Edition, subject: Subject) -> str:
    """Why an organiser may not import a list of this kind; empty where it may."""
    return "" if subject in importable(user, edition) else refusal(user, edition, subject.area, change=True)


def why_not_cancel(user: User, job: Job) -> str:
    """Why an organiser may not cancel a job of an import; empty where it may import all that the job may be about."""
    refusals = (why_not(user, job.edition, subject) for subject in _subjects_of(job))
    return next(filter(None, refusals), "")


def _subjects_of(job: Job) -> list[Subject]:
    """The kinds of lists that a job may read: those of who asked for a preview, or that of its import."""
    if "number" not in job.given:
        return [SUBJECTS[key] for key in job.given.get("among", SUBJECTS)]
    with scope(edition=job.edition):
        kept = Import.objects.filter(pk=job.given["number"]).values_list("subject", flat=True).first()
    return [] if kept is None else [SUBJECTS[kept]]
