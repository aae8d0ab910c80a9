"""Each web request gets an identifier, which its audit entries carry."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from serai.expo.base.audit.domain.requests import new_request


class RequestIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with new_request() as identifier:
            response = self.get_response(request)
            response["X-Request-Id"] = identifier
            return response
