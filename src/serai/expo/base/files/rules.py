"""Who may read a file."""

from typing import Any

import rules

from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.people.account.models import Role


@rules.predicate
def is_of_its_organisation(user: Any, file: StoredFile) -> bool:
    """The user has a role in the organisation that the file belongs to."""
    return (
        user.is_authenticated
        and not user.without_organising
        and file.organisation_id is not None
        and Role.objects.filter(user_id=user.pk, organisation=file.organisation_id).exists()
    )


@rules.predicate
def is_public(_user: Any, file: StoredFile) -> bool:
    """The file is for everyone."""
    return file.audience == Audience.PUBLIC
