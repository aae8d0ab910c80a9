"""What of the assistance desk ends with a participation: who does not come gets no help; what was spent stays."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.assist.helping import OPEN, save_case
from serai.expo.assist.models import AssistanceCase
from serai.expo.editions.cancelling import Leaving, ends
from serai.expo.editions.models import Participation


def _open(one: Participation, _at: datetime) -> QuerySet[AssistanceCase]:
    return AssistanceCase.objects.filter(participation=one, state__in=OPEN).select_related("edition")


def _close(leaving: Leaving, found: list[AssistanceCase]) -> None:
    for one in found:
        one.state = AssistanceCase.State.REFUSED
        one.answer = one.answer or _("The exhibitor takes no part in the fair any more.")
        save_case(one, user=leaving.user)


ends(
    "assistance",
    rows=_open,
    end=_close,
    words=lambda count: (
        ngettext("%d open case of assistance is closed.", "%d open cases of assistance are closed.", count) % count
    ),
)
