"""Forms of the organisers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import country_choices
from serai.expo.people.account.models import Role

KINDS = [(kind.value, kind.label) for kind in Role.IN_AN_ORGANISATION]


class InviteForm(forms.Form):
    """Whom to invite, and in which role."""

    email = forms.EmailField(label=_("Mail address"))
    kind = forms.ChoiceField(label=_("Role"), choices=KINDS, initial=Role.Kind.MANAGER)


class RoleForm(forms.Form):
    """Another role for an organiser."""

    kind = forms.ChoiceField(choices=KINDS)

    def __init__(self, role: Role, data: Any = None) -> None:
        super().__init__(data, initial={"kind": role.kind}, auto_id=f"role-{role.pk}-%s")
        self.fields["kind"].label = _("Role of %s") % role.user


class JoinForm(forms.Form):
    """The name of who accepts without an account."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class OrganisationForm(forms.Form):
    """An organisation: its name and country."""

    organisation = forms.CharField(
        label=_("Name of your organisation"),
        max_length=200,
        help_text=_("The company, chamber or ministry that holds the fair."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(label=_("Country or region of your organisation"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"] = forms.ChoiceField(label=self.fields["country"].label, choices=country_choices())


class FirstOwnerForm(OrganisationForm):
    """The organisation, and who becomes its owner."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your mail address"),
        help_text=_("We send a code there, by which you sign in."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
