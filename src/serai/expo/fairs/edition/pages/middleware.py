"""The edition of each request, its scope, and its addresses."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.text import written_in
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules import may_see_edition


class EditionScopeMiddleware:
    """Resolves ``edition`` in the URL to ``request.edition`` and opens its scope for the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.pop("edition", None)
        if slug is None:
            return None
        edition = Edition.objects.select_related("organisation").filter(slug=slug).first()
        if edition is None or not may_see_edition(request.user, edition):
            raise Http404(_("There is no fair at this address."))
        request.edition = edition  # type: ignore[attr-defined]  # EditionRequest types it
        with scope(edition=edition), written_in(edition.languages):
            response = view(request, *args, **kwargs)
            # A template response is rendered after the view, and so it must be rendered here, in the scope.
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
            return response


def address_of(edition: Edition | None, name: str, *arguments: object) -> str:
    """The address of a page of the fair by its name, or where there is no fair of its twin, ``world-`` and the name."""
    if edition is None:
        return reverse(f"world-{name}", args=arguments)
    return reverse(name, args=(edition.slug, *arguments))
