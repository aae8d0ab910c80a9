"""What a person says of itself."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.people.account.models import User

FIELDS = ("given_name", "family_name", "name_order", "native_name", "position", "languages", "language")
FAMILY_FIRST = {"zh", "ja", "ko", "vi", "hu"}
"""Languages in which the family name is said first."""
HAN_OR_HANGUL = re.compile(r"[\u3400-\u9fff\uac00-\ud7af]")


def display_name(given: str, family: str, order: str) -> str:
    """The parts in their order; Chinese and Korean names have no space between them."""
    parts = (family, given) if order == User.NameOrder.FAMILY_FIRST else (given, family)
    said = [part.strip() for part in parts if part.strip()]
    together = all(HAN_OR_HANGUL.search(part) for part in said)
    return ("" if together else " ").join(said)


def usual_order(user: User) -> str:
    """In which order the names stand that a person has not said yet: as in the language it reads or speaks first."""
    said = {language.partition("-")[0] for language in (user.language, *user.languages[:1])}
    family_first = not FAMILY_FIRST.isdisjoint(said)
    return User.NameOrder.FAMILY_FIRST if family_first else User.NameOrder.GIVEN_FIRST


@transaction.atomic
def change_profile(user: User, fields: Mapping[str, Any], *, by: User) -> None:
    """Change what a person says of itself (FIELDS); the name that is shown follows from its parts."""
    before = state(user)
    for name in FIELDS:
        if name in fields:
            setattr(user, name, fields[name])
    user.name = display_name(user.given_name, user.family_name, user.name_order) or user.name
    user.save(update_fields=[*FIELDS, "name"])
    record("user.profile_changed", user, before=before, after=state(user), user=by)
