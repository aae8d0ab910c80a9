"""Forms of signing in, and of leaving."""

from collections.abc import Iterable
from typing import Any, ClassVar

from allauth.account.forms import LoginForm, SignupForm
from babel import Locale
from django import forms
from django.conf import settings
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import WRITTEN
from serai.expo.people.account.domain.profile import usual_order
from serai.expo.people.account.models import Role, User


class SignInForm(LoginForm):
    """Mail address and password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].label = _("Mail address")
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def _setup_password_field(self) -> None:
        """Keep the field of the password, which allauth removes because signing up sets no password."""


class SignUpForm(SignupForm):
    """Name and mail address: the address is proved by a code, and no password is needed."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(["name", "email"])
        self.fields["email"].label = _("Mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ProfileForm(forms.ModelForm[User]):
    """A person's profile."""

    languages = forms.MultipleChoiceField(label=_("Languages I speak"), required=False)

    class Meta:
        model = User
        fields = ("given_name", "family_name", "name_order", "native_name", "position", "languages", "language")
        labels: ClassVar = {
            "given_name": _("Given name"),
            "family_name": _("Family name"),
            "name_order": _("Order of the names"),
            "native_name": _("Name in its own script"),
            "position": _("Position"),
            "language": _("Language of mails to me"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Languages I speak"),
            required=False,
            choices=spoken_languages(),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of mails to me"),
            choices=settings.LANGUAGES,
        )
        if not (self.instance.given_name or self.instance.family_name):
            self.initial["name_order"] = usual_order(self.instance)
        self.fields["given_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["family_name"].widget.attrs["autocomplete"] = "family-name"
        self.fields["position"].widget.attrs["autocomplete"] = "organization-title"


def spoken_languages() -> list[tuple[str, str]]:
    """The languages that a person may speak, named in the reader's language."""
    names = Locale.parse(to_locale(get_language() or "en")).languages
    return [(code, names.get(to_locale(code), code)) for code in WRITTEN]


class EraseForm(forms.Form):
    """The password again, or the mail address of an account without a password, to confirm that it is erased."""

    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        if not user.has_usable_password():
            self.fields["password"] = forms.EmailField(label=_("Your mail address, to confirm"))

    def clean_password(self) -> str:
        given = str(self.cleaned_data["password"])
        if not self.user.has_usable_password():
            if given.strip().lower() != self.user.email:
                raise forms.ValidationError(_("This is not your mail address. Nothing was erased."))
        elif not self.user.check_password(given):
            raise forms.ValidationError(_("This is not your password. Nothing was erased."))
        return given


class RoleForm(forms.Form):
    """Another role for a person, of those that are offered."""

    kind = forms.ChoiceField()

    def __init__(self, role: Role, offered: Iterable[Role.Kind], data: Any = None) -> None:
        super().__init__(data, initial={"kind": role.kind}, auto_id=f"role-{role.pk}-%s")
        choices = [(kind.value, kind.label) for kind in offered]
        self.fields["kind"] = forms.ChoiceField(label=_("Role of %s") % role.user, choices=choices)
