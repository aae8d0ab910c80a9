"""The interface as a whole: its operations, how they are answered, and its description."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from serai.expo.api import organising, own, public
from serai.expo.api.caller import WithKey, without_key
from serai.expo.api.problems import tell_problems

PROBLEM = {
    "description": "A problem (RFC 9457): what was wrong, in a sentence",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "errors": {"type": "array", "items": {"type": "object"}},
                },
            }
        }
    },
}


class Interface(NinjaAPI):
    """Answers carry an ETag, and an answer that the caller has already is 304 without a body."""

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        answer = super().create_response(request, data, **options)
        if request.method in {"GET", "HEAD"} and answer.status_code == 200:
            answer["ETag"] = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
            answer["Cache-Control"] = "private, no-cache"
            answer["Vary"] = "Authorization, Accept-Language"
            known = request.headers.get("if-none-match", "")
            if answer["ETag"] in (tag.strip().removeprefix("W/") for tag in known.split(",")):
                unchanged = HttpResponse(status=304)
                for name in ("ETag", "Cache-Control", "Vary"):
                    unchanged[name] = answer[name]
                return unchanged
        return answer

    def get_openapi_schema(self, *arguments: Any, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(*arguments, **options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = PROBLEM
                operation["security"] = [*operation.get("security", []), {}]
        return schema


interface = Interface(
    title="Serai",
    version="1",
    description=(
        "What the pages of a fair show, as data, and what is your own, with a key. Long answers come in pages: "
        "call again with `cursor` set to `next`. Answers carry an ETag. A fault is told as a problem (RFC 9457)."
    ),
    urls_namespace="api",
    docs_url=None,
    auth=[WithKey(), without_key],
)
tell_problems(interface)
for room in (public, own, organising):
    interface.add_router("", room.router)
