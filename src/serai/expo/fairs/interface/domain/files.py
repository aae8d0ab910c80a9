"""Files that a call sends: in its JSON in Base64, or as ``multipart/form-data``, as large as the pages accept them.

In a form the file is the field ``file``. The other fields are those of the JSON; an empty one counts as left out. The
form is never kept in memory as a whole.
"""

import base64
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.params.models import BodyModel, Param
from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from serai.expo.fairs.interface.domain.answers import Line
from serai.expo.fairs.interface.domain.problems import ProblemError

FORM = "multipart/form-data"
MOST_IN_JSON = 2_000_000
BASE64 = re.compile(r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")


def _content(given: Any) -> "UploadedFile[bytes]":
    """The content of a file for the domain. Raises ValueError if it is neither a file nor Base64."""
    if isinstance(given, UploadedFile):
        return given
    if not isinstance(given, str) or len(given) > MOST_IN_JSON or not BASE64.fullmatch(given):
        raise ValueError(f"a text in Base64 of at most {MOST_IN_JSON} characters is expected")
    return SimpleUploadedFile("file", base64.b64decode(given))


class FileGiven(Schema):
    """A file in the body of a call."""

    name: Line = Field(min_length=1)
    content: Annotated[
        Any,
        BeforeValidator(_content),
        WithJsonSchema(
            {
                "type": "string",
                "maxLength": MOST_IN_JSON,
                "pattern": BASE64.pattern,
                "description": "In Base64; a larger file comes as multipart/form-data",
            }
        ),
    ]

    @model_validator(mode="before")
    @classmethod
    def _of_form(cls, given: Any) -> Any:
        """Take name and content from the file of a form."""
        fields = getattr(given, "_obj", given)
        if isinstance(fields, dict) and isinstance(fields.get("file"), dict):
            return fields["file"] | {name: value for name, value in fields.items() if name != "file"}
        return given

    @property
    def upload(self) -> "UploadedFile[bytes]":
        """The file as the forms of the pages send it."""
        file: UploadedFile[bytes] = self.content
        name = PurePath(self.name.replace("\\", "/")).name
        file.name = name if name not in ("", "..") else "file"
        return file


class _SentModel(BodyModel):
    @classmethod
    def get_request_data(
        cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]
    ) -> dict[str, Any] | None:
        if request.content_type != FORM:
            return super().get_request_data(request, api, path_params)
        name = cls.__read_from_single_attr__
        return {name: _of_form(request)}


class Sent(Param):  # type: ignore[misc]  # as the framework's own are made
    """Marks a body that may also come as a form with a file: ``Annotated[SomeSchema, Sent(...)]``."""

    _model = _SentModel

    @classmethod
    def _param_source(cls) -> str:
        return "body"


def _of_form(request: HttpRequest) -> dict[str, Any]:
    """The fields of a form, and its file. Raises problems 400 and 413."""
    try:
        fields, files = request.parse_file_upload(request.META, request)
    except RequestDataTooBig:
        raise
    except (MultiPartParserError, SuspiciousOperation, BadRequest):
        raise ProblemError(400, _("The form of this call is not readable. Nothing was changed.")) from None
    request._files = files  # type: ignore[attr-defined]  # closed with the request
    given: dict[str, Any] = {name: value for name, value in fields.items() if value != ""}
    given.pop("file", None)
    if (file := files.get("file")) is not None:
        given["file"] = {"name": (file.name or "")[-200:], "content": file}
    return given


def form_of(schemas: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The schema of the form of a body, or None if the body has no file."""
    resolved = _resolved(schemas, body)
    properties: dict[str, Any] = dict(resolved.get("properties", {}))
    needed = list(resolved.get("required", ()))
    file = {"type": "string", "format": "binary", "description": "The file"}
    if {"name", "content"} <= properties.keys() and "file" not in properties:
        del properties["content"]
        needed = ["file", *(name for name in needed if name not in ("name", "content"))]
    elif "FileGiven" not in str(properties.get("file")):
        return None
    plain = {name: _without_null(field) for name, field in properties.items() if _is_plain(_resolved(schemas, field))}
    return {"type": "object", "properties": plain | {"file": file}, "required": needed}


def _resolved(schemas: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return schema


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a field of a form, which is left out instead of null."""
    variants = [variant for variant in schema.get("anyOf", ()) if variant.get("type") != "null"]
    more = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return more | (variants[0] if len(variants) == 1 else {"anyOf": variants}) if variants else schema


def _is_plain(schema: Mapping[str, Any]) -> bool:
    """Whether a value fits into a field of a form."""
    kinds = [variant.get("type") for variant in schema.get("anyOf", [schema])]
    return not {"array", "object"}.intersection(kinds) and any(kind not in ("null", None) for kind in kinds)
