"""The interface of this instance, called within the process: the same operations, keys, scopes and limits."""

import json
from functools import cache
from io import BytesIO
from urllib.parse import unquote

from asgiref.sync import sync_to_async
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.urls import Resolver404, resolve
from django.utils import translation

from serai.expo.site.api.pages.interface import interface
from serai.expo.site.assistants.domain import Answer, Ask, JSONObject

ROOT = "/api/v1"


def own_interface(key: str, language: str) -> tuple[JSONObject, Ask]:
    """The description of the interface, and what calls it with a key, or as anybody where the key is empty."""
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {}

    def read(path: str) -> Answer:
        close_old_connections()
        try:
            with translation.override(language):
                return _read(path, headers)
        finally:
            close_old_connections()

    async def ask(path: str) -> Answer:
        return await sync_to_async(read)(path)  # on one thread: a connection to the database belongs to its thread

    return description(), ask


@cache
def description() -> JSONObject:
    """The description of the interface (OpenAPI): the same until the process ends."""
    return dict(interface.get_openapi_schema())


def _read(path: str, headers: dict[str, str]) -> Answer:
    address, _mark, query = path.partition("?")
    plain = ROOT + unquote(address)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": plain,
            "QUERY_STRING": query,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": BytesIO(),
            **headers,
        }
    )
    try:
        match = resolve(plain)
    except Resolver404:
        return Answer(404, {"detail": "There is nothing at this address."})
    request.resolver_match = match
    answer = match.func(request, *match.args, **match.kwargs)
    return Answer(answer.status_code, json.loads(answer.content) if answer.content else None)
