"""Rows by their number, as addresses and calls name them, and a page of rows."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import Promise


def row_of[Row: Model](rows: QuerySet[Row], number: int, missing: Promise | str) -> Row:
    """The row of this number among ``rows``. Raises Http404 with the sentence ``missing``."""
    row = rows.filter(pk=number).first()  # without a query for a number that is too large for a column
    if row is None:
        raise Http404(missing)
    return row


def paged(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], a_page: int = 50) -> Page[Any]:
    """The page of the rows that the address asks for; the first or the last, where there is no such page."""
    return Paginator(rows, a_page).get_page(request.GET.get("page"))
