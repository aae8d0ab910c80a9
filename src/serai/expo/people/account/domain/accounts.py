"""Accounts that are made for somebody, who then signs in with a code by mail."""

from allauth.account.models import EmailAddress
from django.core.validators import validate_email
from django.utils.translation import get_language

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.people.account.models import User


@made_once
def account_of(email: str, *, name: str = "", by: User | None = None) -> User:
    """The account with this mail address, made without a password where there is none.

    The address counts as proved only after a code that was sent there. Raises ValidationError for what is no address.
    """
    email = email.strip().lower()
    validate_email(email)
    if there := User.objects.filter(email=email).first():
        return there
    user = User.objects.create_user(email, name=name, language=get_language() or "en")
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    record("user.made", user, after=state(user), user=by)
    return user
