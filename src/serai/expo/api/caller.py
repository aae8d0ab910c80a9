"""Who calls the interface, with what rights, and how often."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django_scopes import scope
from ninja.security import HttpBearer

from serai.expo.api.keys import key_of
from serai.expo.api.models import ApiKey
from serai.expo.api.problems import ProblemError
from serai.expo.editions.models import Edition
from serai.expo.editions.rules import may_see_edition
from serai.expo.people.models import User

A_MINUTE = {"anonymous": 60, "key": 600}


@dataclass(frozen=True)
class Caller:
    """A program with its key, or anybody without one."""

    user: User | AnonymousUser
    key: ApiKey | None = None

    def may(self, scope: str) -> bool:
        return self.key is not None and scope in self.key.scopes


class WithKey(HttpBearer):
    """``Authorization: Bearer serai_...``"""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        key = key_of(token)
        if key is None:
            raise ProblemError(401, _("This key opens nothing: it is wrong, revoked or has run out."))
        limit(f"key {key.pk}", A_MINUTE["key"])
        request.user = key.user
        return Caller(key.user, key)


def without_key(request: HttpRequest) -> Caller | None:
    """Anybody, where no key is given; a cookie of the site's pages counts for nothing here."""
    if request.headers.get("authorization"):
        raise ProblemError(401, _("Send the key as 'Authorization: Bearer serai_...'."))
    limit(f"address {request.META.get('REMOTE_ADDR', '')}", A_MINUTE["anonymous"])
    request.user = AnonymousUser()
    return Caller(request.user)


def limit(who: str, most: int) -> None:
    """Raise a problem 429 at the call after ``most`` in a minute."""
    window, past = divmod(time.time(), 60)
    name = f"api {who} {window:.0f}".replace(" ", "-")
    cache.add(name, 0, 120)
    if cache.incr(name) > most * getattr(settings, "API_GENEROSITY", 1):
        wait = max(1, round(60 - past))
        raise ProblemError(429, _("Too many calls: %(most)d a minute.") % {"most": most}, headers={"Retry-After": wait})


def caller_of(request: Any) -> Caller:
    found: Caller = request.auth
    return found


def require(request: Any, wanted: str) -> User:
    """The person whose key this is. Raises a problem 401 without a key and 403 without the scope."""
    caller = caller_of(request)
    if caller.key is None:
        raise ProblemError(401, _("This needs a key with the scope '%s'.") % wanted)
    if not caller.may(wanted):
        raise ProblemError(403, _("This key lacks the scope '%s'.") % wanted)
    return caller.key.user


@contextmanager
def in_edition(request: Any, slug: str, *, organising: bool = False) -> Iterator[Edition]:
    """The edition, with its scope open. Raises Http404 where the caller may not see it.

    With ``organising`` the caller must hold a key with that scope and organise the edition.
    """
    caller = caller_of(request)
    edition = Edition.objects.select_related("organisation").filter(slug=slug).first()
    allowed = caller.key is None or caller.key.only_in_id in (None, edition.pk if edition else 0)
    reader = caller.user if caller.may(ApiKey.Scope.READ) or caller.may(ApiKey.Scope.ORGANISE) else AnonymousUser()
    if edition is None or not allowed or not may_see_edition(reader, edition):
        raise Http404(_("There is no fair at this address."))
    if organising and not require(request, ApiKey.Scope.ORGANISE).has_perm("expo.organise_edition", edition):
        raise ProblemError(403, _("Only organisers of this fair may read this."))
    request.edition = edition
    with scope(edition=edition):
        yield edition
