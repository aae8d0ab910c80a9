"""Making and publishing a timetable in the background."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.fairs.jobs.domain.kinds import Ended
from serai.expo.fairs.jobs.models import Job
from serai.expo.meetings.timetable.domain.drafts import NoWishesError, TimetableRefusedError, make_timetable
from serai.expo.meetings.timetable.domain.publication import NothingToPublishError, publish_timetable
from serai.world.progress import Progress

SECONDS = 20.0
"""Seconds that the solver may work where nobody names others."""


def make(job: Job, progress: Progress) -> Ended:
    """Make a draft. Doing it twice makes two, of which the second replaces the first."""
    try:
        made = make_timetable(job.edition, by=job.asked_by, progress=progress, **job.given)
    except NoWishesError:
        sentence = _("There is no wish to meet yet and no match along a chain, so there is nothing to seat.")
        raise TimetableRefusedError(sentence) from None
    sentence = ngettext("%d meeting has been seated.", "%d meetings have been seated.", made.placed) % made.placed
    with_buyer = made.proof["with_buyer"]
    sentence += " " + ngettext("%d of them is with a buyer.", "%d of them are with a buyer.", with_buyer) % with_buyer
    return Ended(sentence, made=made.pk)


def publish(job: Job, progress: Progress) -> Ended:
    """Publish the draft, in one transaction with the end of the job."""
    progress(_("Publishing the timetable"), 0.0)
    try:
        published = publish_timetable(job.edition, by=job.asked_by)
    except NothingToPublishError:
        raise TimetableRefusedError(_("There is no draft to publish. Make the timetable first.")) from None
    sentence = _("The timetable has been published. Its meetings keep their time from now on.")
    return Ended(sentence, made=published.pk)
