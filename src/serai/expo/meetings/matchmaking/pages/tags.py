"""Template tag that tells what a source changes, to its own firm by the sources that it declares."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import HttpRequest

from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.matchmaking.domain.source_values import own_values
from serai.expo.meetings.matchmaking.domain.value_words import Value

register = template.Library()


@register.inclusion_tag("meetings/matchmaking/source_value.html", takes_context=True)
def source_value(context: template.Context, value: Value | None, own: Any = None, other: Any = None) -> dict[str, Any]:
    """What a source changes. With ``own``, a participant of the reader, and ``other``, the source: by what the reader's
    firm declares of its sources, where it does and the reader keeps them. Those are read once a page. A page that lacks
    one of the two shows the average."""
    request: HttpRequest = context["request"]
    if isinstance(own, Participation) and isinstance(other, Participation) and request.user.is_authenticated:
        value = _own_values(request, own).get(other.pk, value)
    return {"value": value, "edition": context["edition"]}


def _own_values(request: Any, own: Participation) -> Mapping[int, Value]:
    kept: dict[int, Mapping[int, Value]] = request.__dict__.setdefault("_own_values_of_sources", {})
    if own.pk not in kept:
        kept[own.pk] = {pk: value for answer in own_values.call(own, request.user) for pk, value in answer.items()}
    return kept[own.pk]
