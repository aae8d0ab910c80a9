"""The figures of an edition, each with its definition."""

from collections.abc import Sequence
from functools import partial

from django.utils import timezone
from django_scopes import scope

from serai.expo.base.revisions import by_revision, revisions
from serai.expo.fairs.edition.models import Edition
from serai.expo.results.assistance.domain import figures as assistance  # noqa: F401  (importing it declares its figures)
from serai.expo.results.figures.domain import Figure, definitions
from serai.expo.results.report.domain import fair, initiatives, ledger  # noqa: F401  (importing them declares their figures)


def figures(edition: Edition, *, codes: Sequence[str] | None = None) -> list[Figure]:
    """The figures with these codes, or all, as of now, in the order of their declaration."""
    as_of, at = timezone.now(), revisions()
    with scope(edition=edition):
        return [
            Figure(
                definition,
                by_revision("figure", [edition, definition.code], partial(definition.count, edition), at),
                as_of,
            )
            for definition in definitions(edition)
            if codes is None or definition.code in codes
        ]
