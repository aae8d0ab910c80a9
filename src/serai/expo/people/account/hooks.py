"""Who reads the files of an organisation."""

from typing import Any

from serai.expo.base.files.models import StoredFile
from serai.expo.base.files.rules import reading
from serai.expo.people.account.models import Role


@reading.register
def belongs_to_the_organisation(user: Any, file: StoredFile) -> bool:
    """Whether the user has a role in the organisation that the file belongs to."""
    return (
        user.is_authenticated
        and not user.without_organising
        and file.organisation_id is not None
        and Role.objects.filter(user_id=user.pk, organisation=file.organisation_id).exists()
    )
