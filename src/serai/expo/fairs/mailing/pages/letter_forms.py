"""The form in which an organiser words a single letter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.mailing.domain.kinds import LetterKind
from serai.expo.fairs.mailing.domain.letter_words import LANGUAGES, check_wording
from serai.expo.fairs.mailing.domain.templates import MOST_SUBJECT, TemplateFaultError
from serai.expo.fairs.mailing.models import MailTemplate


class LetterForm(forms.Form):
    """Subject and text by language; a language left empty keeps the built-in words."""

    subject = LocalizedTextFormField(languages=LANGUAGES, label=_("Subject"), max_length=MOST_SUBJECT, required=False)
    body = LocalizedTextFormField(languages=LANGUAGES, label=_("Text"), long=True, max_length=20_000, required=False)

    def __init__(self, kind: LetterKind, own: MailTemplate | None, data: Any = None) -> None:
        super().__init__(data, initial={"subject": own.subject, "body": own.body} if own else {})
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "subject" in cleaned and "body" in cleaned:
            try:
                check_wording(self.kind, cleaned["subject"], cleaned["body"])
            except TemplateFaultError as fault:
                self.add_error(None, str(fault))
        return cleaned
