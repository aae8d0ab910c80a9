"""Forms of the branding and of own pages."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.branding.domain.colours import USES, ColourRefusedError, checked
from serai.expo.fairs.branding.models import OwnPage
from serai.expo.fairs.edition.models import Edition

MOST_CHARACTERS = 20_000


class ColoursForm(forms.Form):
    """The colours of a fair, each checked for contrast; an empty one is as Serai comes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, use in USES.items():
            self.fields[key] = forms.CharField(
                label=use.title,
                required=False,
                max_length=7,
                widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "#0c5460", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for key in USES:
            try:
                cleaned[key] = checked(key, cleaned[key]) if cleaned.get(key) else ""
            except ColourRefusedError as refusal:
                self.add_error(key, str(refusal))
        return cleaned


class PictureForm(forms.Form):
    """A picture to hand in."""

    file = forms.FileField(
        label=_("Picture"), widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})
    )


class WordsForm(forms.ModelForm[Edition]):
    """The fair's own words on its front page."""

    welcome = LocalizedTextFormField(
        label=_("Your words on the front page"),
        long=True,
        max_length=MOST_CHARACTERS,
        required=False,
        help_text=_("In Markdown: **bold**, [a link](https://…), lists. Shown below the header."),
    )

    class Meta:
        model = Edition
        fields = ("welcome",)


class OwnPageForm(forms.ModelForm[OwnPage]):
    """An own page."""

    title = LocalizedTextFormField(label=_("Title"), max_length=120)
    text = LocalizedTextFormField(
        label=_("Text"),
        long=True,
        max_length=MOST_CHARACTERS,
        help_text=_("In Markdown: # heading, **bold**, [a link](https://…), lists and tables."),
    )

    class Meta:
        model = OwnPage
        fields: ClassVar = ("title", "slug", "text", "order", "published")

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        others = OwnPage.objects.filter(edition=self.instance.edition, slug=slug).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("Another page of this fair has this address."))
        return slug
