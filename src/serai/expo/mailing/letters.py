"""Letters that a step of the fair sends singly: into the outbox, in the language that is current."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language

from serai.expo.editions.models import Edition
from serai.expo.mailing.kinds import letters
from serai.expo.mailing.models import Mail
from serai.expo.mailing.outbox import enqueue
from serai.expo.mailing.wording import known_language, own_template, wording, written
from serai.expo.mailing.writing import fair_values
from serai.expo.people.models import User


def site_address() -> str:
    """The beginning of the site's addresses where no request tells it."""
    host = next((one for one in settings.ALLOWED_HOSTS if one not in {"*", ""}), "localhost")
    return f"{'https' if settings.HTTPS else 'http'}://{host}"


def send_letter(
    edition: Edition, to: User | str, key: str, values: Mapping[str, object], *, private: bool = False
) -> Mail:
    """Queue the letter of this name to a person, or to an address that nobody here has, with what stands in its places.

    ``private``: what it says (an address with a secret) is read by its reader only, and forgotten once it is sent.
    """
    kind, language = letters()[key], known_language(get_language())
    name = to if isinstance(to, str) else to.name or to.email
    said = fair_values(edition, language, site_address()) | {"name": name}
    said |= {place: str(value) for place, value in values.items()}
    letter = written(kind, wording(kind, own_template(edition, key), language), said)
    return enqueue(edition, to, letter.language, letter.subject, letter.body, private=private)
