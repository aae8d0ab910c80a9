"""What a page does with what a reader sends: act, tell what was done with a button that undoes it, or why not."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import urldefrag

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

type Refusals = type[Exception] | tuple[type[Exception], ...]


def submitted(request: HttpRequest, form: BaseForm, act: Callable[[], object], refusals: Refusals = ()) -> bool:
    """Whether the form was sent, is valid, and ``act`` is done. A refusal becomes an error of the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except refusals as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def attempt(request: HttpRequest, act: Callable[[], object], refusals: Refusals, success: str = "") -> bool:
    """Whether ``act`` is done. The reader is shown ``success``, or the refusal as an error message."""
    try:
        act()
    except refusals as refusal:
        messages.error(request, str(refusal))
        return False
    if success:
        messages.success(request, success)
    return True


class _Told(AbstractContextManager[None, bool]):
    """Tells a refusal that is raised inside, and ends it."""

    def __init__(self, refusals: tuple[type[Exception], ...], tell: Callable[[str], object]) -> None:
        self.refusals, self.tell = refusals, tell

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> bool:
        if isinstance(fault, self.refusals):
            self.tell(str(fault))
            return True
        return False


def told_in(form: BaseForm, *refusals: type[Exception], field: str | None = None) -> AbstractContextManager[None, bool]:
    """Inside it a refusal of the domain becomes an error of the form, or of one of its fields."""
    return _Told(refusals, lambda sentence: form.add_error(field, sentence))


def told_to(request: HttpRequest, *refusals: type[Exception]) -> AbstractContextManager[None, bool]:
    """Inside it a refusal of the domain becomes an error message to the reader."""
    return _Told(refusals, lambda sentence: messages.error(request, sentence))


def back_or(request: HttpRequest, page: str, *args: object) -> HttpResponseRedirect:
    """Redirect to the page of this site from which the form was sent, if ``next`` names it; else to ``page``.

    Of a form in a dialog the browser says over which page it stood.
    """
    in_dialog = request.headers.get("HX-Target") == "dialog-page"
    back = request.POST.get("next") or urldefrag(request.headers.get("HX-Current-URL", "") if in_dialog else "").url
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect(page, *args)


_MARK = "undo:"


@dataclass(frozen=True)
class Undo:
    """What the button posts, and to which address."""

    address: str
    fields: Sequence[tuple[str, str]]


def tell_with_undo(request: HttpRequest, sentence: str, address: str, *fields: tuple[str, str]) -> None:
    """Tell the reader what was done. The button posts the fields to the address."""
    messages.success(request, sentence, extra_tags=_MARK + json.dumps([address, fields]))


def undo_of(message: Message) -> Undo | None:
    """How what the message tells is undone; None where nothing is said of that."""
    told = message.extra_tags or ""
    if not told.startswith(_MARK):
        return None
    address, fields = json.loads(told.removeprefix(_MARK))
    return Undo(address, [(name, value) for name, value in fields])
