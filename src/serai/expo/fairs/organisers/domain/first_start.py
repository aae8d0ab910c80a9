"""The link by which an instance gets its first owner.

It is printed on the console of ``serai up``, never on a page: behind a proxy every visitor looks local. It is signed
with the secret key and good for a day while nobody organises here: the first use ends every link that was printed.
"""

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.fairs.mailing.domain.letters import site_address
from serai.expo.fairs.organisers.domain.organisers import appoint, is_organised, make_organisation
from serai.expo.people.account.models import Organisation, Role, User

GOOD_FOR = 24 * 60 * 60
"""For how many seconds a link is good."""
_SALT = "serai.first-start"


class LinkEndedError(ValueError):
    """The link was used, has run out or is none: a sentence for the reader."""


def link() -> str | None:
    """A new link for the first owner; None where somebody organises already."""
    if is_organised():
        return None
    return site_address() + reverse("first-start", args=[signing.dumps(get_random_string(12), salt=_SALT)])


def check(token: str) -> None:
    """Raise LinkEndedError unless a link with this token may be used now."""
    try:
        signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        is_good = False
    else:
        is_good = not is_organised()
    if not is_good:
        raise LinkEndedError(
            _("This link was used or has run out. Start Serai again for a new one, or run serai organiser add.")
        )


def waiting_organisation() -> Organisation | None:
    """The organisation that an import by the command has made, and that nobody organises yet."""
    return Organisation.objects.order_by("pk").first()


@transaction.atomic
def found(token: str, *, name: str, country: str, user: User) -> Organisation:
    """Make the user the owner of the organisation that waits, named anew, or of a new one. Raises LinkEndedError."""
    # Held until the end, so that of two who use a link at once the second finds the first.
    User.objects.select_for_update().order_by("pk").first()
    check(token)
    organisation = waiting_organisation()
    if organisation is None:
        organisation = make_organisation(name, country, by=user)
    else:
        names = organisation.name | {get_language() or "en": name}
        record_change("organisation.changed", organisation, user=user, name=names, country=country)
    appoint(user, organisation, Role.Kind.OWNER, by=user)
    return organisation
