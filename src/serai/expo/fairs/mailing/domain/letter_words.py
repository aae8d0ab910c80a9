"""The words of single letters: the built-in ones, or in some languages the organiser's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import language_name
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.kinds import LetterKind, letters
from serai.expo.fairs.mailing.domain.templates import (
    MOST_SUBJECT,
    Letter,
    TemplateFaultError,
    fair_values,
    filled,
    places_in,
    places_of,
)
from serai.expo.fairs.mailing.models import MailTemplate
from serai.expo.people.account.models import User

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Wording:
    """Subject and text of a letter in one language, with places, and whether they are the organiser's own."""

    language: str
    subject: str
    body: str
    own: bool


def known_language(language: str | None) -> str:
    """The language of a letter to a reader of this language."""
    return language if language in LANGUAGES else "en"


def built_in(kind: LetterKind, language: str) -> Wording:
    """The built-in words in a language."""
    with translation.override(known_language(language)):
        subject, body = kind.words()
    return Wording(known_language(language), subject, body, own=False)


def own_template(edition: Edition, key: str) -> MailTemplate | None:
    """The template with the organiser's own words for a letter, or None."""
    with scope(edition=edition):
        return MailTemplate.objects.filter(edition=edition, key=key).first()


def wording(kind: LetterKind, template: MailTemplate | None, language: str) -> Wording:
    """The words in use in a language: the organiser's own if there are some, else the built-in ones."""
    spoken = known_language(language)
    if template is not None and template.subject.get(spoken) and template.body.get(spoken):
        return Wording(spoken, template.subject[spoken], template.body[spoken], own=True)
    return built_in(kind, spoken)


def written(kind: LetterKind, words: Wording, values: Mapping[str, str]) -> Letter:
    """The letter with the values of its places, at the end those that belong there and are not in the text."""
    placed = places_in(words.subject) | places_in(words.body)
    rest = [values.get(name, "") for name in kind.at_the_end if name not in placed]
    text = "\n\n".join(part for part in (filled(words.body, values), *rest) if part)
    subject = re.sub(r"\s+", " ", filled(words.subject, values)).strip()[:MOST_SUBJECT]
    return Letter(words.language, subject, re.sub(r"\n{3,}", "\n\n", text).strip())


def example(kind: LetterKind, edition: Edition, words: Wording, site: str) -> Letter:
    """The letter with example values, and with the fair's own name, days and address."""
    with translation.override(words.language):
        values = {name: str(shown) for name, (_title, shown) in kind.places.items()}
        values |= fair_values(edition, words.language, site)
    return written(kind, words, values)


def check_wording(kind: LetterKind, subject: Mapping[str, str], body: Mapping[str, str]) -> None:
    """Raise TemplateFaultError unless each language has a subject and a text with known and all needed places."""
    for language in sorted({*subject, *body}):
        name = language_name(language)
        if not subject.get(language) or not body.get(language):
            raise TemplateFaultError(_("%(language)s: give both a subject and a text.") % {"language": name})
        places = places_of(language, subject[language], body[language], kind.places)
        if missing := [place for place in kind.needed if place not in places]:
            raise TemplateFaultError(
                _("%(language)s: {%(place)s} is missing; without it nobody can use this letter.")
                % {"language": name, "place": missing[0]}
            )


@made_once
def set_wording(
    edition: Edition, key: str, subject: Mapping[str, str], body: Mapping[str, str], *, user: User
) -> MailTemplate | None:
    """Save the organiser's own words by language. Languages without own words use the built-in ones.

    Raises TemplateFaultError, and then nothing has changed.
    """
    check_wording(letters()[key], subject, body)
    if not subject:
        reset(edition, key, user=user)
        return None
    existing = own_template(edition, key)
    with scope(edition=edition):
        before = state(existing) if existing else None
        template = existing or MailTemplate(edition=edition, key=key, purpose=MailTemplate.Purpose.SERVICE)
        template.subject, template.body = dict(subject), dict(body)
        template.save()
        record("letter.worded", template, before=before, after=state(template), user=user, edition=edition)
    return template


@transaction.atomic
def reset(edition: Edition, key: str, *, user: User) -> bool:
    """Go back to the built-in words in every language. Returns whether there were own words."""
    template = own_template(edition, key)
    if template is None:
        return False
    with scope(edition=edition):
        record("letter.reset", template, before=state(template), user=user, edition=edition)
        template.delete()
    return True
