"""The whole API: its operations, answers and OpenAPI description."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from serai.expo.base.rooms import layer
from serai.expo.fairs.interface.domain.answers import tag_of
from serai.expo.fairs.interface.domain.files import FORM, form_of
from serai.expo.fairs.interface.domain.operations import ROOMS
from serai.expo.fairs.interface.domain.problems import tell_problems

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


PROBLEMS = {
    400: "The body is not readable",
    401: "The key is missing or opens nothing",
    403: "The key lacks the scope, or its owner may not",
    404: "There is nothing at this address that the caller may see",
    409: "It is refused as things stand; 'detail' says why",
    412: "It has changed since it was read (If-Match)",
    413: "The call is too large; a file comes as multipart/form-data",
    422: "The call is not as described; 'errors' names what is wrong",
    429: "Too many calls; Retry-After says when to come again",
}


def _possible(method: str, path: str, operation: dict[str, Any]) -> set[int]:
    """The status codes of problems that an operation can return."""
    possible = {401, 422, 429}
    if "{" in path:
        possible |= {404}
    if operation["x-scopes"] or "{slug}" in path:
        possible |= {403}
    if "/my/" in path:
        possible |= {409}  # a caller that acts for several firms has to name one
    if method != "get":
        possible |= {400, 403, 409, 412, 413}
    return possible


class Interface(NinjaAPI):
    """Answers carry an ETag; an answer that the caller already has is 304 without a body."""

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        answer = super().create_response(request, data, **options)
        if answer.status_code == 204:
            answer.content = b""
        if 200 <= answer.status_code < 300 and answer.content:
            answer["ETag"] = tag_of(answer.content)
        if request.method in {"GET", "HEAD"} and answer.status_code == 200:
            answer["Cache-Control"] = "private, no-cache"
            answer["Vary"] = "Authorization, Accept-Language"
            tags = request.headers.get("if-none-match", "")
            if answer["ETag"] in (tag.strip().removeprefix("W/") for tag in tags.split(",")):
                unchanged = HttpResponse(status=304)
                for name in ("ETag", "Cache-Control", "Vary"):
                    unchanged[name] = answer[name]
                return unchanged
        return answer

    def get_openapi_schema(self, *arguments: Any, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(*arguments, **options)
        schema["components"].setdefault("responses", {}).update(
            {f"Problem{status}": PROBLEM | {"description": text} for status, text in PROBLEMS.items()}
        )
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                scopes = operation["x-scopes"]
                operation["security"] = [{"WithKey": scopes}, *([] if scopes else [{}])]
                told = {status: {"$ref": f"#/components/responses/Problem{status}"} for status in PROBLEMS}
                answers = {status: told[status] for status in sorted(_possible(method, path, operation))}
                content = operation.get("requestBody", {}).get("content", {})
                form = form_of(schema["components"]["schemas"], content.get("application/json", {}).get("schema", {}))
                if form is not None:
                    content[FORM] = {"schema": form}
                unchanged = {304: {"description": "As the caller has it (If-None-Match)"}} if method == "get" else {}
                operation["responses"] = {
                    str(status): answer for status, answer in (operation["responses"] | unchanged | answers).items()
                }
        return schema


interface = Interface(
    title="Serai",
    version="1",
    description=(
        "What the pages of a fair show and do, as data. Without a key you read what everybody sees; with one what its "
        "owner may see and change, within its scopes: each operation names its own. Long answers come in pages: call "
        "again with `cursor` set to `next`. Answers carry an ETag, for If-None-Match where you read and If-Match where "
        "you change. A file comes in Base64 within the JSON, or, as large as the pages take it, as the field `file` of "
        "multipart/form-data. A fault is told as a problem (RFC 9457)."
    ),
    urls_namespace="api",
    docs_url=None,
)
layer("api")
tell_problems(interface)
for room in ROOMS:
    interface.add_router("", room.router)
urlpatterns, *_names = interface.urls
