"""Forms of signing in."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Mail address and password."""

    error_messages = {  # noqa: RUF012  the base class declares it so
        "invalid_login": _("This mail address and this password do not belong together. Check both and try again."),
        "inactive": _("This account has been closed."),
    }
