"""The consents of a person, by purpose, with the wording and the time.

Ask with ``has_consent(user, "matches")``, or for a list with ``consenting("matches")``. A wording is never changed: a
new one is added below the old ones. Consents to a version before ``valid_from`` do not count any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.entries import record
from serai.expo.people.account.models import Consent, User


class UnknownPurposeError(LookupError):
    """A purpose that is not declared: a sentence that names the declared ones."""


@dataclass(frozen=True)
class Purpose:
    """A use of a person's data beyond what the person itself asks for."""

    key: str
    title: Promise
    wordings: tuple[Promise, ...]  # the first is version 1; the last is the one that is asked today
    valid_from: int = 1  # the oldest version that still counts as a yes

    @property
    def version(self) -> int:
        return len(self.wordings)

    @property
    def wording(self) -> Promise:
        return self.wordings[-1]


@dataclass(frozen=True)
class Standing:
    """A purpose and the last answer of a person; None if the person has never answered."""

    purpose: Purpose
    last: Consent | None

    @property
    def given(self) -> bool:
        return self.last is not None and _counts(self.last, self.purpose)


PURPOSES: Mapping[str, Purpose] = {
    purpose.key: purpose
    for purpose in (
        Purpose(
            "organiser",
            _("Letters of the organiser"),
            (_("The organiser of a fair that I take part in may write to me about that fair and the next one."),),
        ),
        Purpose(
            "matches",
            _("Contact by partners"),
            (_("Firms with whom my firm has been matched or has a meeting may see my name and write to me."),),
        ),
        Purpose(
            "publish_name",
            _("My name in public"),
            (_("My name and my position may be shown in the public directory beside my firm."),),
        ),
        Purpose(
            "newsletters",
            _("News all year"),
            (_("I want news of supply chains and of other fairs from this organiser, until I say no."),),
        ),
    )
}


def purpose_named(key: str) -> Purpose:
    """The purpose with this key. Raises UnknownPurposeError."""
    if key not in PURPOSES:
        raise UnknownPurposeError(f"There is no purpose {key!r}; there are {', '.join(PURPOSES)}.")
    return PURPOSES[key]


def has_consent(user: User, purpose: str) -> bool:
    """Whether the person's last answer is a yes to a wording that still counts. No answer is a no."""
    last = Consent.objects.filter(user=user, purpose=purpose_named(purpose).key).order_by("-at", "-pk").first()
    return last is not None and _counts(last, PURPOSES[purpose])


def consenting(purpose: str) -> QuerySet[User]:
    """Everyone whose last answer is a yes to a wording that still counts, as one query."""
    asked = purpose_named(purpose)
    answers = Consent.objects.filter(purpose=asked.key)
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    last = answers.filter(~Exists(answers.filter(later, user=OuterRef("user"))))
    # The query begins with those who said yes, as most people of a fair have never answered.
    yes = last.filter(given=True, version__gte=asked.valid_from)
    return User.objects.filter(pk__in=yes.values("user"), is_active=True)


def standings(user: User) -> list[Standing]:
    """Every purpose and the person's last answer."""
    last = {consent.purpose: consent for consent in Consent.objects.filter(user=user).order_by("at", "pk")}
    return [Standing(purpose, last.get(purpose.key)) for purpose in PURPOSES.values()]


def history(user: User) -> QuerySet[Consent]:
    """All answers of the person, the newest first, with the words that were shown."""
    return Consent.objects.filter(user=user).order_by("-at", "-pk")


def give(user: User, purpose: str) -> Consent:
    """The person agrees to today's wording, in the language of the page. Raises UnknownPurposeError."""
    return _answer(user, purpose, given=True)


def withdraw(user: User, purpose: str) -> Consent:
    """The person no longer agrees. Raises UnknownPurposeError."""
    return _answer(user, purpose, given=False)


@transaction.atomic
def _answer(user: User, purpose: str, *, given: bool) -> Consent:
    asked = purpose_named(purpose)
    consent = Consent.objects.create(
        user=user,
        purpose=asked.key,
        given=given,
        version=asked.version,
        language=get_language() or "en",
        wording=str(asked.wording),
    )
    after = {"purpose": asked.key, "version": asked.version, "language": consent.language}
    record("consent.given" if given else "consent.withdrawn", consent, after=after, user=user)
    return consent


def _counts(consent: Consent, purpose: Purpose) -> bool:
    return consent.given and consent.version >= purpose.valid_from
