"""What this room tells the registries: the lane that seals the trail."""

from serai.expo.base.audit.domain.seals import seal_next
from serai.expo.base.tasks.domain.queue import lane

lane("seals", slots=1)(seal_next)
