"""A person's profile: names, position and languages."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.people.account.models import User

FIELDS = ("given_name", "family_name", "name_order", "native_name", "position", "languages", "language")
FAMILY_FIRST = {"zh", "ja", "ko", "vi", "hu"}
"""Languages in which the family name comes first."""
HAN_OR_HANGUL = re.compile(r"[\u3400-\u9fff\uac00-\ud7af]")


def display_name(given: str, family: str, order: str) -> str:
    """The names in their order; Chinese and Korean names have no space between them."""
    names = (family, given) if order == User.NameOrder.FAMILY_FIRST else (given, family)
    filled = [name.strip() for name in names if name.strip()]
    together = all(HAN_OR_HANGUL.search(name) for name in filled)
    return ("" if together else " ").join(filled)


def usual_order(user: User) -> str:
    """The order of names in the language that a person reads or speaks first, where it has not chosen one."""
    languages = {language.partition("-")[0] for language in (user.language, *user.languages[:1])}
    return User.NameOrder.GIVEN_FIRST if FAMILY_FIRST.isdisjoint(languages) else User.NameOrder.FAMILY_FIRST


@transaction.atomic
def change_profile(user: User, fields: Mapping[str, Any], *, by: User) -> None:
    """Change the profile (FIELDS). The name that is shown follows from its parts."""
    before = state(user)
    for name in FIELDS:
        if name in fields:
            setattr(user, name, fields[name])
    user.name = display_name(user.given_name, user.family_name, user.name_order) or user.name
    user.save(update_fields=[*FIELDS, "name"])
    record("user.profile_changed", user, before=before, after=state(user), user=by)
