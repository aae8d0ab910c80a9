"""The forms of badges."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import country_choices
from serai.expo.programme.badges.domain.badges import MOST, Rule
from serai.expo.programme.badges.models import Badge, Kind


class BadgeForm(forms.ModelForm[Badge]):
    """The form of a badge."""

    language = forms.ChoiceField(
        label=_("Language of the name"),
        help_text=_("It decides the form of the characters."),
        choices=settings.LANGUAGES,
    )

    class Meta:
        model = Badge
        fields: ClassVar = ["name", "language", "name_latin", "position", "email"]
        labels: ClassVar = {
            "name": _("Name in its own script"),
            "name_latin": _("Name in Latin letters"),
            "position": _("Position"),
            "email": _("Mail address"),
        }

    def __init__(self, badge: Badge, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        begun = {"language": badge.participation.firm.language} if badge.participation and not badge.pk else {}
        super().__init__(data, instance=badge, initial=begun | dict(initial or {}))


class OrganisersBadgeForm(BadgeForm):
    """A badge with its kind, and without a participant, with the organisation and the country."""

    kind = forms.ChoiceField(label=_("Kind"))
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)

    class Meta(BadgeForm.Meta):
        fields: ClassVar = ["kind", *BadgeForm.Meta.fields, "affiliation", "country"]
        labels: ClassVar = BadgeForm.Meta.labels | {"affiliation": _("Organisation")}

    def __init__(self, badge: Badge, data: Any = None) -> None:
        super().__init__(badge, data)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        free = [Kind.STAFF, Kind.SPEAKER, Kind.PRESS, Kind.DELEGATION]
        kind.choices = [(member.value, member.label) for member in Kind if badge.participation or member in free]
        if badge.participation:  # the firm says both
            del self.fields["affiliation"], self.fields["country"]


class BadgeRulesForm(forms.Form):
    """Which kinds the organiser decides on, and how many a participant may have."""

    def __init__(self, rules: Mapping[str, Rule], data: Any = None) -> None:
        super().__init__(data)
        self.rules = rules
        for kind, rule in rules.items():
            self.fields[f"{kind}-decided"] = forms.BooleanField(
                label=_("%s: the organiser decides on each") % rule.title, required=False, initial=rule.decided
            )
            self.fields[f"{kind}-most"] = forms.IntegerField(
                label=_("%s: so many for one participant") % rule.title, min_value=0, max_value=MOST, initial=rule.most
            )

    def rules_given(self) -> dict[str, tuple[bool, int]]:
        """Kind -> whether the organiser decides on each badge, and how many a participant may have."""
        given = self.cleaned_data
        return {kind: (given[f"{kind}-decided"], given[f"{kind}-most"]) for kind in self.rules}
