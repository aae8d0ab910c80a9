"""The form of a contact person."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import written_languages
from serai.expo.participants.contact_persons.domain.contacts import FIELDS
from serai.expo.participants.contact_persons.models import ContactPerson


def language_choices(kept: str = "") -> list[tuple[str, str]]:
    return [("", "—"), *written_languages([kept] if kept else [])]


class ContactPersonForm(forms.ModelForm[ContactPerson]):
    """What is said of a contact person."""

    class Meta:
        model = ContactPerson
        fields = FIELDS
        widgets: ClassVar = {"consent_on": forms.DateInput({"type": "date"})}

    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, data: Any = None, *, instance: ContactPerson) -> None:
        super().__init__(data, instance=instance)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = language_choices(self.instance.language)

    def _post_clean(self) -> None:
        """The domain sets the fields, so that the row stays as it is where it refuses."""

    def values(self) -> Mapping[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}
