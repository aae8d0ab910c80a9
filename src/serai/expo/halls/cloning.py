"""What of the booths is copied to a new edition beside the plan: the terms of exhibiting as they stood last."""

from django.utils import timezone

from serai.expo.editions.cloning import copied, latest_version
from serai.expo.halls.contracts import BoothTerms

copied(BoothTerms, "halls", anew={"version": 1, "published_at": timezone.now}, only=latest_version(BoothTerms))
