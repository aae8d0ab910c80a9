"""What of the exhibitors' desk is copied to a new edition: the tasks, by their days."""

from serai.expo.editions.cloning import copied
from serai.expo.exhibitors.models import DeskTask

copied(DeskTask, "tasks", shifted=("due_on",))
