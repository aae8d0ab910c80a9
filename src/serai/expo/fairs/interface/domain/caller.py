"""The caller of the interface: its key, its rights and its limit of calls."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django_scopes import scope
from ninja.security import HttpBearer

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules import is_organiser, may_see_edition, permission, refusal
from serai.expo.fairs.interface.domain.keys import key_of
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.fairs.interface.models import ApiKey
from serai.expo.people.account.domain.profile import place_of
from serai.expo.people.account.models import User

A_MINUTE = {"anonymous": 60, "key": 600}


@dataclass(frozen=True)
class Caller:
    """A program with its key, or anybody without one. ``user`` is anonymous if the key may not read."""

    user: User | AnonymousUser
    key: ApiKey | None = None


class Call(HttpRequest):
    """A call of an operation that needs a key. For types only."""

    user: User
    auth: Caller


class WithKey(HttpBearer):
    """``Authorization: Bearer serai_...`` with a key that has the scopes of the operation."""

    def __init__(self, scopes: tuple[str, ...], *, bound: bool) -> None:
        super().__init__()
        self.scopes = scopes
        self.bound = bound  # whether a key for one fair may do it: it belongs to an edition, or it reads

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        key = key_of(token)
        if key is None:
            _limit_address(request)  # so that nobody can try keys without end
            raise ProblemError(401, _("This key opens nothing: it is wrong, revoked or has run out."))
        limit(f"key {key.pk}", A_MINUTE["key"])
        for wanted in self.scopes:
            if wanted not in key.scopes:
                raise ProblemError(403, _("This key lacks the scope '%s'.") % wanted)
        if key.only_in_id is not None and not self.bound:
            raise ProblemError(403, _("This key is for one fair only."))
        user: User | AnonymousUser = key.user
        if not self.scopes and not {ApiKey.Scope.READ, ApiKey.Scope.ORGANISE}.intersection(key.scopes):
            user = AnonymousUser()
        elif ApiKey.Scope.ORGANISE not in key.scopes:
            key.user.without_organising = True
        request.user = user
        return Caller(user, key)


class WithoutKey:
    """Anybody, if the operation needs no key and none is given. The cookie of the site's pages is ignored."""

    def __init__(self, scopes: tuple[str, ...]) -> None:
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> Caller | None:
        _limit_address(request)
        if request.headers.get("authorization"):
            raise ProblemError(401, _("Send the key as 'Authorization: Bearer serai_...'."))
        if self.scopes:
            raise ProblemError(401, _("This needs a key with the scope '%s'.") % "', '".join(self.scopes))
        request.user = AnonymousUser()
        return Caller(request.user)


def _limit_address(request: HttpRequest) -> None:
    limit(f"address {place_of(request)}", A_MINUTE["anonymous"])


def limit(who: str, most: int) -> None:
    """Raise a problem 429 after ``most`` calls in a minute."""
    window, past = divmod(time.time(), 60)
    name = f"api {who} {window:.0f}".replace(" ", "-")
    cache.add(name, 0, 120)
    if cache.incr(name) > most * getattr(settings, "API_GENEROSITY", 1):
        wait = max(1, round(60 - past))
        raise ProblemError(429, _("Too many calls: %(most)d a minute.") % {"most": most}, headers={"Retry-After": wait})


def caller_of(request: HttpRequest) -> Caller:
    return cast(Call, request).auth


@contextmanager
def in_edition(
    request: HttpRequest, slug: str, *, areas: Sequence[str] = (), change: bool = False
) -> Iterator[Edition]:
    """The edition, with its scope open. Raises Http404 if the caller may not see it.

    With areas of the organiser's work it raises a problem 403 unless the role of the caller covers one of them.
    """
    caller = caller_of(request)
    edition = Edition.objects.select_related("organisation").filter(slug=slug).first()
    allowed = caller.key is None or caller.key.only_in_id in (None, edition.pk if edition else 0)
    if edition is None or not allowed or not may_see_edition(caller.user, edition):
        raise Http404(_("There is no fair at this address."))
    if areas and not any(caller.user.has_perm(permission(area, change=change), edition) for area in areas):
        if is_organiser(caller.user, edition):
            raise ProblemError(403, refusal(caller.user, edition, areas[0], change=change))
        raise ProblemError(403, _("Only organisers of this fair may do this."))
    request.edition = edition  # type: ignore[attr-defined]  # as the middleware of the pages does
    with scope(edition=edition):
        yield edition
