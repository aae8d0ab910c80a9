"""The organiser's pages of single letters and their words."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from serai.expo.base.rows import or_404
from serai.expo.base.text import language_name
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.mailing.domain.kinds import LetterKind, letters
from serai.expo.fairs.mailing.domain.letter_words import (
    LANGUAGES,
    built_in,
    check_wording,
    example,
    own_template,
    reset,
    set_wording,
    wording,
)
from serai.expo.fairs.mailing.domain.templates import MOST_SUBJECT, TemplateFaultError
from serai.expo.fairs.mailing.models import MailTemplate


class LetterForm(forms.Form):
    """Subject and text by language; a language left empty keeps the built-in words."""

    subject = LocalizedTextFormField(
        languages=LANGUAGES, label=gettext_lazy("Subject"), max_length=MOST_SUBJECT, required=False
    )
    body = LocalizedTextFormField(
        languages=LANGUAGES, label=gettext_lazy("Text"), long=True, max_length=20_000, required=False
    )

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


@organiser_required
@require_GET
def letter_list(request: OrganiserRequest) -> HttpResponse:
    """Every single letter, and the languages in which the organiser has words of its own."""
    kinds = letters()
    own = {
        template.key: template for template in MailTemplate.objects.filter(edition=request.edition, key__in=list(kinds))
    }
    listed = [
        (kind, [language_name(code) for code in own[key].body] if key in own else []) for key, kind in kinds.items()
    ]
    return render(request, "fairs/mailing/letters.html", {"listed": listed})


@organiser_required
@require_http_methods(["GET", "POST"])
def letter_words(request: OrganiserRequest, key: str) -> HttpResponse:
    """The words of a letter in each language. A POST tries, saves or resets them."""
    kind = or_404(letters().get(key), _("Serai sends no letter of this name."))
    here = redirect("letter", request.edition.slug, key)
    if request.method == "POST" and "reset" in request.POST:
        reset(request.edition, key, user=request.user)
        messages.success(request, _("The letter has its built-in words again."))
        return here
    own = own_template(request.edition, key)
    form = LetterForm(kind, own, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        subject, body = form.cleaned_data["subject"], form.cleaned_data["body"]
        if "preview" not in request.POST:
            set_wording(request.edition, key, subject, body, user=request.user)
            messages.success(request, _("The words of the letter are kept."))
            return here
        own = MailTemplate(edition=request.edition, key=key, subject=subject, body=body)
    page = {
        "kind": kind,
        "places": kind.places.items(),
        "form": form,
        "own": own,
        "tried": request.method == "POST" and not form.errors,
        "previews": _previews(request, kind, own),
    }
    return render(request, "fairs/mailing/letter_words.html", page, status=400 if form.errors else 200)


def _previews(request: OrganiserRequest, kind: LetterKind, own: MailTemplate | None) -> list[tuple[object, ...]]:
    """For each language its name, the words in use with their places, the built-in ones, and the example letter."""
    site = request.build_absolute_uri("/").rstrip("/")
    shown: list[tuple[object, ...]] = []
    for code in LANGUAGES:
        words = wording(kind, own, code)
        shown.append((language_name(code), words, built_in(kind, code), example(kind, request.edition, words, site)))
    return shown
