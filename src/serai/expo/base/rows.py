"""Rows by their number, as addresses and calls name them."""

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.functional import Promise


def row_of[Row: Model](rows: QuerySet[Row], number: int, missing: Promise | str) -> Row:
    """The row of this number among ``rows``. Raises Http404 with the sentence ``missing``."""
    row = rows.filter(pk=number).first()  # without a query for a number that is too large for a column
    if row is None:
        raise Http404(missing)
    return row
