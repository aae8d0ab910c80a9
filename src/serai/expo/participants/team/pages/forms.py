"""Forms of a firm's team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.people.account.models import Role

KINDS = [(kind.value, kind.label) for kind in Role.IN_A_FIRM]


class InviteForm(forms.Form):
    """Whom to ask, and as what."""

    email = forms.EmailField(label=_("Mail address"))
    kind = forms.ChoiceField(label=_("As"), choices=KINDS, initial=Role.Kind.SALES)


class RoleForm(forms.Form):
    """Another role for a member of the team."""

    kind = forms.ChoiceField(choices=KINDS)

    def __init__(self, role: Role, data: Any = None) -> None:
        super().__init__(data, initial={"kind": role.kind}, auto_id=f"role-{role.pk}-%s")
        self.fields["kind"].label = _("Role of %s") % role.user
