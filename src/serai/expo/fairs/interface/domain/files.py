"""Files that a call sends: within its JSON in Base64, or, as large as the pages take them, as ``multipart/form-data``.

In a form the file is its field ``file``; the other fields stand in it as they stand in the JSON, an empty one as if it
were left out. It is read as it comes and never kept in memory as a whole.
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

from serai.expo.fairs.interface.domain.pagination import Line
from serai.expo.fairs.interface.domain.problems import ProblemError

FORM = "multipart/form-data"
MOST_IN_JSON = 2_000_000
BASE64 = re.compile(r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")


def _content(said: Any) -> "UploadedFile[bytes]":
    """The content of a file as the domain takes one. Raises ValueError for what is neither a file nor Base64."""
    if isinstance(said, UploadedFile):
        return said
    if not isinstance(said, str) or len(said) > MOST_IN_JSON or not BASE64.fullmatch(said):
        raise ValueError(f"a text in Base64 of at most {MOST_IN_JSON} characters is expected")
    return SimpleUploadedFile("file", base64.b64decode(said))


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
    def _of_form(cls, said: Any) -> Any:
        """Of a form that is itself a file: its file tells the name and the content."""
        given = getattr(said, "_obj", said)
        if isinstance(given, dict) and isinstance(given.get("file"), dict):
            return given["file"] | {name: value for name, value in given.items() if name != "file"}
        return said

    @property
    def upload(self) -> "UploadedFile[bytes]":
        """The file as the forms of the pages hand one in."""
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
    """Of a body, ``Annotated[SomeSchema, Sent(...)]``: it may come as a form with a file too."""

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
    """The form in which a body may come too; None of one without a file."""
    kept = _resolved(schemas, body)
    properties: dict[str, Any] = dict(kept.get("properties", {}))
    needed = list(kept.get("required", ()))
    file = {"type": "string", "format": "binary", "description": "The file"}
    if {"name", "content"} <= properties.keys() and "file" not in properties:
        del properties["content"]
        needed = ["file", *(name for name in needed if name not in ("name", "content"))]
    elif "FileGiven" not in str(properties.get("file")):
        return None
    plain = {name: _said(said) for name, said in properties.items() if _is_plain(_resolved(schemas, said))}
    return {"type": "object", "properties": plain | {"file": file}, "required": needed}


def _resolved(schemas: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in said:
        said = schemas[said["$ref"].rpartition("/")[2]]
    return said


def _said(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """A value as a form can say it, where nothing is a field that is left out."""
    variants = [one for one in said.get("anyOf", ()) if one.get("type") != "null"]
    more = {name: value for name, value in said.items() if name not in ("anyOf", "default")}
    return more | (variants[0] if len(variants) == 1 else {"anyOf": variants}) if variants else said


def _is_plain(said: Mapping[str, Any]) -> bool:
    """Whether a value stands in a field of a form."""
    kinds = [one.get("type") for one in said.get("anyOf", [said])]
    return not {"array", "object"}.intersection(kinds) and any(kind not in ("null", None) for kind in kinds)
