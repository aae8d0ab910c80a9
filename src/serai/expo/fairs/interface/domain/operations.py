"""A room of the interface: its operations, each declared with its address, its title, its answer and its scope.

    room = Room(_("Offers and needs"))

    @room.list("/offers", _("Offers"), OfferShown, show_offer)
    def offers(request: Call, edition: Edition) -> Any: ...

The name of the function is the name of the operation. A function that takes an edition gets it by the slug in the
address, below ``/editions/{slug}``, and runs in its scope. An operation that changes something runs in a transaction.
The scope of the key is checked before the call is read.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial, wraps
from typing import Any, get_args

from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import override
from ninja import Query, Router, Schema
from ninja.responses import Status

from serai.expo.base.text import controls
from serai.expo.fairs.edition.rules.roles import areas_of
from serai.expo.fairs.interface.domain.answers import shown
from serai.expo.fairs.interface.domain.caller import WithKey, WithoutKey, in_edition
from serai.expo.fairs.interface.domain.pagination import Cut, Listed, Page, page_of
from serai.expo.fairs.interface.domain.problems import NOT_AS_DESCRIBED, ProblemError
from serai.expo.fairs.interface.models import ApiKey

READ = (ApiKey.Scope.READ.value,)
WRITE = (ApiKey.Scope.WRITE.value,)
ORGANISE = (ApiKey.Scope.ORGANISE.value,)
DECIDE = (ApiKey.Scope.ORGANISE.value, ApiKey.Scope.WRITE.value)
"""What an organiser's program changes."""

type Operation = Callable[..., Any]
type Declare = Callable[[Operation], Operation]

ROOMS: list["Room"] = []
"""Every room of the interface, in the order in which it is described: wing by wing."""

TITLES: dict[str, Promise | str] = {}
"""Name of an operation, and of a room, -> its title, translated when it is shown."""


class Room:
    """Operations of one room of the fair. A refusal of its domain becomes a problem 409 in its own words."""

    def __init__(self, title: Promise, *refusals: type[Exception]) -> None:
        self.refusals = refusals
        self.title = _plain(title)
        TITLES[self.title] = title
        self.router = Router(tags=[self.title])
        ROOMS.append(self)

    def get(self, path: str, title: Promise, answer: Any, **options: Any) -> Declare:
        """An operation that reads."""
        return self._operation("GET", path, title, answer, **options)

    def list(
        self, path: str, title: Promise, kind: type[Schema], show: Callable[[Any], Any] | None = None, **options: Any
    ) -> Declare:
        """An operation that reads a page of rows, each of which is shown as ``kind``.

        Its function returns the rows, or ``Listed`` where how they are shown depends on the call.
        """

        def declare(function: Operation) -> Operation:
            paged = _paged(function, show or partial(shown, kind))
            self._operation("GET", path, title, Page[kind], **options)(paged)  # type: ignore[valid-type]
            return function

        return declare

    def post(self, path: str, title: Promise, answer: Any, **options: Any) -> Declare:
        """An operation that makes something or does something with it."""
        return self._operation("POST", path, title, answer, **({"scope": WRITE} | options))

    def put(self, path: str, title: Promise, answer: Any, **options: Any) -> Declare:
        """An operation after which something is as given."""
        return self._operation("PUT", path, title, answer, **({"scope": WRITE} | options))

    def patch(self, path: str, title: Promise, answer: Any, **options: Any) -> Declare:
        """An operation that changes the fields that are given."""
        return self._operation("PATCH", path, title, answer, **({"scope": WRITE} | options))

    def delete(self, path: str, title: Promise, **options: Any) -> Declare:
        """An operation after which something is not there any more."""
        usual: dict[str, Any] = {"scope": WRITE, "status": 204}
        return self._operation("DELETE", path, title, None, **(usual | options))

    def _operation(
        self,
        method: str,
        path: str,
        title: Promise,
        answer: Any,
        *,
        name: str = "",
        scope: tuple[str, ...] = (),
        status: int = 200,
        atomic: bool = True,
        media: Sequence[str] = (),
    ) -> Declare:
        extra: dict[str, Any] = {"x-scopes": [*scope]}
        if media:  # the operation itself answers with a file
            extra["responses"] = {status: {"content": {kind.partition(";")[0]: {"schema": {}} for kind in media}}}

        def declare(function: Operation) -> Operation:
            of_edition = "edition" in {named.strip("_") for named in inspect.signature(function).parameters}
            organising = ApiKey.Scope.ORGANISE.value in scope and of_edition
            areas = areas_of(function.__module__) if organising else []
            operation = name or function.__name__.rstrip("_")
            TITLES[operation] = title

            @self.router.api_operation(
                [method],
                f"/editions/{{slug}}{path}" if of_edition else path,
                response={status: answer},
                operation_id=operation,
                summary=_plain(title),
                auth=[WithKey(scope, bound=of_edition or method == "GET"), WithoutKey(scope)],
                openapi_extra=extra,
            )
            @_takes_slug(function, of_edition)
            @wraps(function)
            def called(request: HttpRequest, **given: Any) -> Any:
                def answered() -> Any:
                    if not of_edition:
                        return function(request, **given)
                    slug = given.pop("slug")
                    with in_edition(request, slug, areas=areas, change=method != "GET") as edition:
                        return function(request, edition, **given)

                if method != "GET":
                    _check_characters(given)
                try:
                    with nullcontext() if method == "GET" or not atomic else transaction.atomic():
                        content = answered()
                except self.refusals as refusal:
                    raise ProblemError(409, str(refusal)) from None
                return content if status == 200 else Status(status, content)

            return function

        return declare


def _check_characters(given: Mapping[str, Any]) -> None:
    """Raises a problem 422 for texts with a control character."""
    plain = {name: value.model_dump() if isinstance(value, Schema) else value for name, value in given.items()}
    if errors := [
        {"at": "/".join(map(str, path)), "fault": str(sentence)} for path, sentence in controls(plain, "body")
    ]:
        raise ProblemError(422, NOT_AS_DESCRIBED, errors=errors)


def _paged(function: Operation, show: Callable[[Any], Any]) -> Operation:
    """Answer with a page of the rows that ``function`` returns, cut as its own ``Cut`` or a plain one says."""
    signature = inspect.signature(function)
    given_types = {name: get_args(parameter.annotation)[:1] for name, parameter in signature.parameters.items()}
    own = next((name for name, types in given_types.items() if types and issubclass(types[0], Cut)), "")

    @wraps(function)
    def paged(*args: Any, **given: Any) -> Any:
        cut = given[own] if own else given.pop("cut")
        rows = function(*args, **given)
        return page_of(rows.rows, rows.show, cut) if isinstance(rows, Listed) else page_of(rows, show, cut)

    if not own:
        cut = inspect.Parameter("cut", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Query[Cut])
        paged.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=[*signature.parameters.values(), cut]
        )
    return paged


def _takes_slug(function: Operation, of_edition: bool) -> Declare:
    """Show the framework a request, and the slug of the address instead of the edition."""

    def change(called: Operation) -> Operation:
        signature = inspect.signature(function)
        _request, *rest = signature.parameters.values()
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        first = [inspect.Parameter("request", kind)]
        if of_edition:
            first.append(inspect.Parameter("slug", kind, annotation=str))
            rest = rest[1:]
        called.__signature__ = signature.replace(parameters=[*first, *rest])  # type: ignore[attr-defined]
        return called

    return change


def _plain(title: Promise) -> str:
    """The title in English, for the description of the interface."""
    with override(None):
        return str(title)
