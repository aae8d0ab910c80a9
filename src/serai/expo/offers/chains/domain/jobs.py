"""Placing firms anew after a change of a chain, in the background."""

from django.utils.translation import ngettext

from serai.expo.fairs.jobs.domain.kinds import Ended
from serai.expo.fairs.jobs.models import Job
from serai.expo.offers.chains.domain.placements import place_again, place_edition
from serai.expo.offers.chains.models import ChainVersion
from serai.world.progress import Progress


def place_after_change(job: Job, progress: Progress) -> Ended:
    """Place those anew whom a version of a chain touches; all of the fair if that can't be told."""
    version = ChainVersion.objects.filter(pk=job.given["version"]).first()
    touched = version.touched.get(str(job.edition.pk)) if version else []
    if touched is None:
        count = place_edition(job.edition, progress)
    else:
        count = place_again(job.edition, touched, progress) if touched else 0
    return Ended(ngettext("%d placement was made.", "%d placements were made.", count) % count)
