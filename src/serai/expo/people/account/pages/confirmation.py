"""Confirming before something delicate that it is still oneself: by password or second factor, else by a mailed code.

django-allauth asks for what a person has. It asks nothing of a person without a password and without a second factor,
so a session that somebody took would do everything; such a person gets a code by mail.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

SENT = "confirmation_code"
GOOD_SECONDS = 180
TRIES = 3

type View = Callable[..., HttpResponse]


def require_confirmation(request: HttpRequest) -> None:
    """Raise ReauthenticationRequired, which leads to the page that asks, unless it was confirmed some minutes ago."""
    records = get_authentication_records(request, request.user)
    confirmed_at = [record["at"] for record in records if record.get("reauthenticated")]
    if not confirmed_at or time.time() - confirmed_at[-1] >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        raise ReauthenticationRequired


def ask_to_confirm(request: HttpRequest, back: str) -> HttpResponse | None:
    """The way to the page that asks whether it is still oneself, and from there ``back``; None where that is confirmed.

    For pages of a fair, whose requests can't be kept and done later.
    """
    try:
        require_confirmation(request)
    except ReauthenticationRequired:
        messages.info(request, _("Confirm that it is you. Then send it again."))
        method = get_adapter().get_reauthentication_methods(request.user)[0]
        return redirect(f"{method['url']}?{urlencode({'next': back})}")
    return None


def confirmed(view: View, *, looking: bool = False) -> View:
    """The view for those who have confirmed that it is they; with ``looking`` everybody signed in may look at it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not (looking and request.method in {"GET", "HEAD"}):
            require_confirmation(request)
        return view(request, *args, **kwargs)

    return guarded


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_by_mail(request: Any) -> HttpResponse:
    """Send a code to the reader's mail address, and take it. After three wrong ones another has to be sent."""
    sent = request.session.get(SENT)
    if sent and (time.time() - sent["at"] > GOOD_SECONDS or sent["failed"] >= TRIES):
        sent = None
    if "send" in request.POST:
        if ratelimit.consume(request, action="request_login_code", key=request.user.email):
            _send(request)
        else:
            messages.error(request, _("Too many attempts. Wait some minutes and try again."))
        return redirect(request.get_full_path())
    form = ConfirmLoginCodeForm(request.POST or None, code=sent["code"]) if sent else None
    if form and form.is_bound:
        if form.is_valid():
            del request.session[SENT]
            record_authentication(request, request.user, "code", email=request.user.email, reauthenticated=True)
            return resume_request(request) or redirect("account")
        request.session[SENT] = sent | {"failed": sent["failed"] + 1}
    return render(request, "people/account/confirm.html", {"form": form}, status=400 if form and form.errors else 200)


def _send(request: Any) -> None:
    adapter = get_adapter()
    code = adapter.generate_login_code()
    request.session[SENT] = {"code": code, "at": time.time(), "failed": 0}
    context = {"request": request, "code": code, "user": request.user}
    adapter.send_mail("account/email/login_code", request.user.email, context)
