"""The times that an organiser chose for data of persons are copied to the next fair with their reasons."""

from serai.expo.editions.cloning import copied
from serai.expo.retention.models import RetentionChoice

copied(RetentionChoice, "retention")
