"""What a person agrees to, purpose by purpose, under which wording and since when.

Ask with ``has_consent(user, "matches")``, or for a list with ``consenting("matches")``. A wording is never changed: a
new one is added below the old ones, and ``valid_from`` says whether who agreed to an older one is asked anew.
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
    """A purpose that nobody has declared: a sentence with those that there are."""


@dataclass(frozen=True)
class Purpose:
    """What a person's data may be used for beyond what the person itself asks for."""

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
    """A purpose and what a person has last said to it; None where never asked."""

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
    """Raises UnknownPurposeError where nobody has declared it."""
    if key not in PURPOSES:
        raise UnknownPurposeError(f"There is no purpose {key!r}; there are {', '.join(PURPOSES)}.")
    return PURPOSES[key]


def has_consent(user: User, purpose: str) -> bool:
    """Whether the person's last word on ``purpose`` is a yes to a wording that still counts. Silence is a no."""
    asked = purpose_named(purpose)
    last = Consent.objects.filter(user=user, purpose=asked.key).order_by("-at", "-pk").first()
    return last is not None and _counts(last, asked)


def consenting(purpose: str) -> QuerySet[User]:
    """Everyone whose last word on ``purpose`` is a yes, as one query."""
    asked = purpose_named(purpose)
    words = Consent.objects.filter(purpose=asked.key)
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    # Begun from those who said yes: most people of a fair never said anything.
    yes = words.filter(~Exists(words.filter(later, user=OuterRef("user"))), given=True, version__gte=asked.valid_from)
    return User.objects.filter(pk__in=yes.values("user"), is_active=True)


def standings(user: User) -> list[Standing]:
    """Every purpose and the person's last word on it."""
    last: dict[str, Consent] = {}
    for consent in Consent.objects.filter(user=user).order_by("at", "pk"):
        last[consent.purpose] = consent
    return [Standing(purpose, last.get(purpose.key)) for purpose in PURPOSES.values()]


def history(user: User) -> QuerySet[Consent]:
    """All that the person has said, the newest first, with the words that were shown."""
    return Consent.objects.filter(user=user).order_by("-at", "-pk")


def give(user: User, purpose: str) -> Consent:
    """The person agrees to today's wording, in the language of the page."""
    return _say(user, purpose, given=True)


def withdraw(user: User, purpose: str) -> Consent:
    """The person no longer agrees."""
    return _say(user, purpose, given=False)


@transaction.atomic
def _say(user: User, purpose: str, *, given: bool) -> Consent:
    asked = purpose_named(purpose)
    said = Consent.objects.create(
        user=user,
        purpose=asked.key,
        given=given,
        version=asked.version,
        language=get_language() or "en",
        wording=str(asked.wording),
    )
    after = {"purpose": asked.key, "version": asked.version, "language": said.language}
    record("consent.given" if given else "consent.withdrawn", said, after=after, user=user)
    return said


def _counts(consent: Consent, purpose: Purpose) -> bool:
    return consent.given and consent.version >= purpose.valid_from
