"""Placing, the curve of a floor, and learning from the answers, in the background."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.fairs.jobs.domain.kinds import Ended
from serai.expo.fairs.jobs.models import Job
from serai.expo.meetings.matchmaking.domain import learned_weights, settings, value_curve
from serai.expo.offers.chains.domain.placements import place_edition
from serai.world.progress import Progress


def place(job: Job, progress: Progress) -> Ended:
    """Place everything on the chains anew."""
    count = place_edition(job.edition, progress)
    return Ended(ngettext("%d placement was made.", "%d placements were made.", count) % count)


def compute_curve(job: Job, progress: Progress) -> Ended:
    """Compute what a floor gives and costs."""
    progress(_("Computing the curve"), 0.0)
    settings.compute_curve(job.edition)
    return Ended(_("The curve is computed."))


def compute_value_curve(job: Job, progress: Progress) -> Ended:
    """Compute what the weight of sources costs and brings."""
    progress(_("Computing the values of sources"), 0.0)
    value_curve.compute_value_curve(job.edition)
    return Ended(_("The curve is computed."))


def learn(job: Job, progress: Progress) -> Ended:
    """Learn the weights from the participants' answers."""
    progress(_("Learning from the answers"), 0.0)
    learned_weights.learn(job.edition, user=job.asked_by)
    return Ended(_("The weights are learned; the next lists follow them."))
