"""Masking the names and the mail address of a person in the texts of others."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from serai.expo.base.audit.domain.erasure import ERASED
from serai.expo.people.account.domain.profile import HAN_OR_HANGUL


def mask_words(rows: QuerySet[Any], fields: Iterable[str], words: list[str]) -> None:
    """Mask these words wherever they stand in these fields of the rows."""
    pattern = whole_words(words)
    holding = Q()
    for field in fields:
        for word in words:
            holding |= Q(**{f"{field}__icontains": word})
    for row in rows.filter(holding):
        for field in fields:
            setattr(row, field, pattern.sub(ERASED, getattr(row, field)))
        row.save(update_fields=list(fields))


def whole_words(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words as a whole, the longest first. Chinese and Korean put nothing between words."""
    longest = sorted(filter(None, words), key=len, reverse=True)
    parts = (
        re.escape(word) if HAN_OR_HANGUL.search(word) else rf"(?<![\w.+-]){re.escape(word)}(?![\w-])"
        for word in longest
    )
    return re.compile("|".join(parts), re.IGNORECASE)
