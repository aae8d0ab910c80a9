"""What of the buyers' way in is copied to a new edition: the terms of hosted buyers as they stood last."""

from django.utils import timezone

from serai.expo.buyers.models import HostedTerms
from serai.expo.editions.cloning import copied, latest_version

copied(HostedTerms, "hosted", anew={"version": 1, "published_at": timezone.now}, only=latest_version(HostedTerms))
