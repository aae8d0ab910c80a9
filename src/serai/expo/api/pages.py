"""Long answers come in pages; a cursor says where the next one begins, whatever is added meanwhile."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from serai.expo.api.problems import ProblemError

A_PAGE, MOST = 50, 200


def page_of[Row: Model](
    rows: QuerySet[Row], show: Callable[[Row], Any], *, cursor: str = "", limit: int = A_PAGE
) -> dict[str, Any]:
    """A page of ``rows`` in the order of their primary keys. Raises a problem 422 where the cursor is none of ours."""
    found = list(rows.order_by("pk").filter(pk__gt=_begin(cursor))[: limit + 1])
    more = len(found) > limit
    shown = found[:limit]
    return {"items": [show(row) for row in shown], "next": _cursor(shown[-1].pk) if more else None}


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"after {number}".encode()).decode().rstrip("=")


def _begin(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _space, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        found = int(number)
        if word != "after" or not 0 <= found < 2**63 or _cursor(found) != cursor:
            raise ValueError
    except (ValueError, binascii.Error):
        raise ProblemError(422, _("This cursor is none of ours: take it from 'next' of the page before.")) from None
    return found
