"""What of the buyers' way in is copied to a new edition: the terms of hosted buyers as they stood last."""

from django.db.models import Max, Q
from django.utils import timezone

from serai.expo.buyers.models import HostedTerms
from serai.expo.editions.cloning import copied
from serai.expo.editions.models import Edition


def latest(edition: Edition) -> Q:
    """The last version of the terms. Call inside of the edition's scope."""
    found = HostedTerms.objects.filter(edition=edition).aggregate(last=Max("version"))
    return Q(version=found["last"])


copied(HostedTerms, "hosted", anew={"version": 1, "published_at": timezone.now}, only=latest)
