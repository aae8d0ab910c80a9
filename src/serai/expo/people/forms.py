"""Forms of signing in, and of leaving."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from serai.expo.people.models import User


class SignInForm(AuthenticationForm):
    """Mail address and password."""

    error_messages = {  # noqa: RUF012  the base class declares it so
        "invalid_login": _("This mail address and this password do not belong together. Check both and try again."),
        "inactive": _("This account has been closed."),
    }


class EraseForm(forms.Form):
    """The password once more, so that nobody else at the same screen erases an account."""

    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password. Nothing was erased."))
        return password
