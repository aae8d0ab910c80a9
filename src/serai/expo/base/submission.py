"""What a page does with what a reader sends: act, and show what the domain refuses as a message or an error."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

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
