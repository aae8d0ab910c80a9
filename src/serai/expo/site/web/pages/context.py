"""The context of the frame of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

import serai
from serai.expo.fairs.edition.rules import NO_RIGHTS, organiser_role
from serai.expo.fairs.edition.rules.roles import DESK, ROLES
from serai.expo.participants.exhibitors.domain.desks import has_desk
from serai.expo.people.account.models import Role, User
from serai.expo.site.offline.pages.middleware import keeping_of
from serai.expo.site.web.pages.side import side_of


def layout(request: HttpRequest) -> dict[str, Any]:
    """The edition, the reader's roles in it, the side of the desk, the languages, and the version."""
    edition = getattr(request, "edition", None)
    user = getattr(request, "user", None)
    kind = organiser_role(user, edition) if edition and user else ""
    area = getattr(request, "area", DESK)  # set by the guard of an organiser's page
    return {
        "edition": edition,
        "organises": bool(kind),
        "rights": ROLES.get(kind, NO_RIGHTS),
        "only_reads": Role.Kind(kind).label if kind in ROLES and not ROLES[kind].may(area, change=True) else "",
        "has_desk": bool(edition and isinstance(user, User) and has_desk(user, edition)),
        "side": SimpleLazyObject(lambda: side_of(request, kind)),
        "keeping": keeping_of(request),
        "languages": [get_language_info(code) for code, _name in settings.LANGUAGES],
        "SIGN_UP": settings.SIGN_UP,
        "version": serai.__version__,
    }
