"""What of the badges is copied to a new edition: the rules, never a badge."""

from serai.expo.badges.models import BadgeRule
from serai.expo.editions.cloning import copied

copied(BadgeRule, "badges")
