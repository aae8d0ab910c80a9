"""Whose key it is."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema

from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room

room = Room(_("My own"))


class CallerShown(Schema):
    mail: str
    name: str
    scopes: list[str]
    only_in: str | None


@room.get("/me", _("Whose key this is"), CallerShown, scope=READ)
def me(request: Call) -> Any:
    key = request.auth.key
    assert key is not None
    only_in = key.only_in.slug if key.only_in else None
    return CallerShown(mail=request.user.email, name=str(request.user), scopes=key.scopes, only_in=only_in)
