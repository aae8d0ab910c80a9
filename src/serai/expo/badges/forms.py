"""The form of a badge."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from serai.expo.badges.models import Badge


class BadgeForm(forms.ModelForm[Badge]):
    """Who stands at the booth."""

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

    def __init__(self, badge: Badge, data: Any = None) -> None:
        initial = {} if badge.pk else {"language": badge.participation.firm.language}
        super().__init__(data, instance=badge, initial=initial)
