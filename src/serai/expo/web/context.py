"""What every page needs for its frame."""

from typing import Any

from django.http import HttpRequest


def layout(request: HttpRequest) -> dict[str, Any]:
    return {"edition": getattr(request, "edition", None)}
