"""The words of single letters: those that come with Serai, or in a language of a fair the organiser's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
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
    """The subject and the text of a letter in one language, with their places, and whether the organiser wrote them."""

    language: str
    subject: str
    body: str
    own: bool


def known_language(language: str | None) -> str:
    """The language in which a letter is written to who reads this one."""
    return language if language in LANGUAGES else "en"


def built_in(kind: LetterKind, language: str) -> Wording:
    """The words that come with Serai."""
    with translation.override(known_language(language)):
        subject, body = kind.words()
    return Wording(known_language(language), subject, body, own=False)


def own_template(edition: Edition, key: str) -> MailTemplate | None:
    """The organiser's own words for a letter, in some languages or none."""
    with scope(edition=edition):
        return MailTemplate.objects.filter(edition=edition, key=key).first()


def wording(kind: LetterKind, template: MailTemplate | None, language: str) -> Wording:
    """The words in use in a language: the organiser's where there are some, else the built-in ones."""
    spoken = known_language(language)
    if template is not None and template.subject.get(spoken) and template.body.get(spoken):
        return Wording(spoken, template.subject[spoken], template.body[spoken], own=True)
    return built_in(kind, spoken)


def written(kind: LetterKind, said: Wording, values: Mapping[str, str]) -> Letter:
    """The letter with its places filled; what is not placed and belongs to the end stands there."""
    placed = places_in(said.subject) | places_in(said.body)
    rest = [values.get(name, "") for name in kind.at_the_end if name not in placed]
    text = "\n\n".join(part for part in (filled(said.body, values), *rest) if part)
    subject = re.sub(r"\s+", " ", filled(said.subject, values)).strip()[:MOST_SUBJECT]
    return Letter(said.language, subject, re.sub(r"\n{3,}", "\n\n", text).strip())


def example(kind: LetterKind, edition: Edition, said: Wording, site: str) -> Letter:
    """The letter with example values, and with the fair's own name, days and address."""
    with translation.override(said.language):
        values = {name: str(shown) for name, (_title, shown) in kind.places.items()}
        values |= fair_values(edition, said.language, site)
    return written(kind, said, values)


def check_wording(kind: LetterKind, subject: Mapping[str, str], body: Mapping[str, str]) -> None:
    """Raise TemplateFaultError unless each language has both, with places that there are and all that are needed."""
    for language in sorted({*subject, *body}):
        name = language_name(language)
        if not subject.get(language) or not body.get(language):
            raise TemplateFaultError(_("%(language)s: give both a subject and a text.") % {"language": name})
        found = places_of(language, subject[language], body[language], kind.places)
        if missing := [place for place in kind.needed if place not in found]:
            raise TemplateFaultError(
                _("%(language)s: {%(place)s} is missing; without it nobody can use this letter.")
                % {"language": name, "place": missing[0]}
            )


@transaction.atomic
def set_wording(
    edition: Edition, key: str, subject: Mapping[str, str], body: Mapping[str, str], *, user: User
) -> MailTemplate | None:
    """Keep the organiser's own words, by language; a language without any has the built-in ones, and so has a letter
    without a language. Raises TemplateFaultError, and then nothing has changed."""
    kind = letters()[key]
    check_wording(kind, subject, body)
    known = own_template(edition, key)
    if not subject:
        if known is not None:
            reset(edition, key, user=user)
        return None
    with scope(edition=edition):
        before = state(known) if known else None
        kept = known or MailTemplate(edition=edition, key=key, purpose=MailTemplate.Purpose.SERVICE)
        kept.subject, kept.body = dict(subject), dict(body)
        kept.save()
        record("letter.worded", kept, before=before, after=state(kept), user=user, edition=edition)
    return kept


@transaction.atomic
def reset(edition: Edition, key: str, *, user: User) -> bool:
    """Go back to the built-in words in every language. Returns whether there were others."""
    known = own_template(edition, key)
    if known is None:
        return False
    with scope(edition=edition):
        record("letter.reset", known, before=state(known), user=user, edition=edition)
        known.delete()
    return True
