"""The address in a letter by which a contact person stops the organisers' letters."""

from django.core import signing
from django.urls import reverse

SALT = "serai.contacts.stop"


def stop_address(email: str) -> str:
    """The path of the page that stops letters to a mail address."""
    return reverse("contact-unsubscribe", args=[signing.dumps(email, salt=SALT)])


def address_of(secret: str) -> str:
    """The mail address of such a path. Raises signing.BadSignature."""
    return str(signing.loads(secret, salt=SALT))
