"""The exhibitor's desk in the registries: the task of filling in the profile."""

from serai.expo.participants.exhibitors.domain.tasks import done_by_itself
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.site.exhibitor_desk.domain.completeness import is_complete

done_by_itself(DeskTask.Page.PROFILE, lambda exhibitor: is_complete(exhibitor.firm))
