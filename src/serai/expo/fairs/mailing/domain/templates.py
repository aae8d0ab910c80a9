"""Templates of mails: their places, checked in each language, and the letter to one reader."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from string import Formatter

from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language, language_name
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import letters
from serai.expo.fairs.mailing.models import MailTemplate
from serai.expo.people.account.models import User

PLACES: Mapping[str, Promise] = {
    "name": gettext_lazy("the reader's name"),
    "firm": gettext_lazy("the reader's firm"),
    "fair": gettext_lazy("the name of the fair"),
    "city": gettext_lazy("its city"),
    "first_day": gettext_lazy("its first day"),
    "last_day": gettext_lazy("its last day"),
    "link": gettext_lazy("the address of the fair"),
}
"""Place of a template in curly brackets -> the description of its value."""

SALT = "serai.mail.unsubscribe"
MOST_SUBJECT = 300


class TemplateFaultError(ValueError):
    """A template cannot be used: a sentence that names the language and the place at fault."""


@dataclass(frozen=True)
class Letter:
    """The letter to one reader."""

    language: str
    subject: str
    body: str


def places_in(text: str) -> frozenset[str]:
    """The places of a text. Raises ValueError if its brackets do not pair."""
    return frozenset(name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None)


def places_of(language: str, subject: str, body: str, allowed: Collection[str]) -> frozenset[str]:
    """The places of a letter in one language. Raises TemplateFaultError for a single bracket and an unknown place."""
    name = language_name(language)
    try:
        places = places_in(subject) | places_in(body)
    except ValueError:
        raise TemplateFaultError(_("%(language)s: a curly bracket has no partner.") % {"language": name}) from None
    if unknown := places - set(allowed):
        listed = ", ".join(f"{{{place}}}" for place in allowed)
        raise TemplateFaultError(
            _("%(language)s: there is no {%(place)s}; there are %(places)s.")
            % {"language": name, "place": min(unknown), "places": listed}
        )
    return places


def check(subject: Mapping[str, str], body: Mapping[str, str]) -> None:
    """Raise TemplateFaultError unless every language has a subject and a text with the same known places."""
    if not body or set(subject) != set(body):
        raise TemplateFaultError(_("Give a subject and a text in each language that you write in, at least in one."))
    by_language = {language: places_of(language, subject[language], body[language], PLACES) for language in body}
    everywhere = frozenset().union(*by_language.values())
    for language, places in by_language.items():
        if missing := everywhere - places:
            raise TemplateFaultError(
                _("%(language)s lacks {%(place)s}, which another language has.")
                % {"language": language_name(language), "place": min(missing)}
            )


@made_once
def save_template(template: MailTemplate, *, user: User | None = None) -> MailTemplate:
    """Save a new or changed template. Raises TemplateFaultError."""
    check(template.subject, template.body)
    if template.key in letters():
        raise TemplateFaultError(
            _("'%s' is a letter that Serai sends by itself. Put your own words to it under 'Letters'.") % template.key
        )
    with scope(edition=template.edition):
        existing = MailTemplate.objects.filter(pk=template.pk).first() if template.pk else None
        same_key = MailTemplate.objects.filter(edition=template.edition, key=template.key).exclude(pk=template.pk)
        if same_key.exists():
            raise TemplateFaultError(_("There is a template '%s' already.") % template.key)
        before = state(existing) if existing else None
        template.save()
    record("template.set", template, before=before, after=state(template), user=user, edition=template.edition)
    return template


def write(
    edition: Edition,
    subject: Mapping[str, str],
    body: Mapping[str, str],
    user: User,
    participation: Participation | None,
    *,
    language: str = "",
    site: str = "",
    purpose: str = MailTemplate.Purpose.SERVICE,
) -> Letter:
    """The letter to ``user``: in the user's language, or the nearest language of the template."""
    chosen = in_language(body, language or user.language)
    title = subject.get(chosen.language) or in_language(subject, chosen.language).text
    with translation.override(chosen.language):
        values = _values(edition, user, participation, chosen.language, site)
        text = filled(chosen.text, values)
        if purpose != MailTemplate.Purpose.SERVICE and user.pk:
            stop = site + reverse("unsubscribe", args=[token(user, purpose, edition.organisation_id)])
            text += "\n\n-- \n" + _("You get this because you agreed to it. To get no more: %s") % stop
    one_line = re.sub(r"\s+", " ", filled(title, values)).strip()
    return Letter(chosen.language, one_line[:MOST_SUBJECT], text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the values of its places. A place without a value stays."""
    return re.sub(
        r"\{(\w+)\}", lambda place: values.get(place[1], place[0]), text.replace("{{", "{").replace("}}", "}")
    )


def _values(
    edition: Edition, user: User, participation: Participation | None, language: str, site: str
) -> dict[str, str]:
    firm = participation.firm if participation else None
    return {
        "name": user.name or user.email,
        "firm": in_language(firm.name, language).text or firm.legal_name if firm else "",
    } | fair_values(edition, language, site)


def fair_values(edition: Edition, language: str, site: str) -> dict[str, str]:
    """The values of places about the fair; dates are in the current language."""
    return {
        "fair": in_language(edition.name, language).text,
        "city": in_language(edition.city, language).text,
        "first_day": date_format(edition.starts_on, "DATE_FORMAT"),
        "last_day": date_format(edition.ends_on, "DATE_FORMAT"),
        "link": site + reverse("edition", args=[edition.slug]),
    }


def token(user: User, purpose: str, organisation: int | None = None) -> str:
    """The secret at the end of the address that stops letters of a purpose, of one organisation or of all."""
    return signing.dumps([user.pk, purpose, organisation], salt=SALT)


def read_token(secret: str) -> tuple[int, str, int | None]:
    """The keys of the user and of the organisation, and the purpose between them. Raises signing.BadSignature.

    Letters of earlier versions name no organisation: they stop those of all.
    """
    number, purpose, *organisation = signing.loads(secret, salt=SALT)
    return int(number), str(purpose), organisation[0] if organisation else None
