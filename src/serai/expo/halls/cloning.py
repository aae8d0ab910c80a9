"""What of the booths is copied to a new edition beside the plan: the terms of exhibiting as they stood last."""

from django.db.models import Max, Q
from django.utils import timezone

from serai.expo.editions.cloning import copied
from serai.expo.editions.models import Edition
from serai.expo.halls.contracts import BoothTerms


def latest(edition: Edition) -> Q:
    """The last version of the terms. Call inside of the edition's scope."""
    found = BoothTerms.objects.filter(edition=edition).aggregate(last=Max("version"))
    return Q(version=found["last"])


copied(BoothTerms, "halls", anew={"version": 1, "published_at": timezone.now}, only=latest)
