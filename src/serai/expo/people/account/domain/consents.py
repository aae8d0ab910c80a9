"""The consents of a person, by purpose, with the wording and the time.

Ask with ``has_consent(user, "matches")``, or for a list with ``consenting("matches")``; of letters, for the one that
writes. An answer counts for all organisers, unless it was given to one, as by the link at the end of its letter. A
wording is never changed: a new one is added below the old ones. Consents to a version before ``valid_from`` do not
count any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.entries import record
from serai.expo.people.account.models import Consent, Organisation, User


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
    refused: tuple[Organisation, ...] = ()
    """Organisers to whom the person has said no since."""

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


def _answers(purpose: str, organisation: Organisation | None) -> QuerySet[Consent]:
    """The answers that an organiser has to heed; without one, those that were given to all."""
    for_all = Q(organisation__isnull=True)
    return Consent.objects.filter(for_all | Q(organisation=organisation) if organisation else for_all, purpose=purpose)


def has_consent(user: User, purpose: str, organisation: Organisation | None = None) -> bool:
    """Whether the person's last answer is a yes to a wording that still counts. No answer is a no."""
    last = _answers(purpose_named(purpose).key, organisation).filter(user=user).order_by("-at", "-pk").first()
    return last is not None and _counts(last, PURPOSES[purpose])


def consenting(purpose: str, organisation: Organisation | None = None) -> QuerySet[User]:
    """Everyone whose last answer is a yes to a wording that still counts, as one query."""
    asked = purpose_named(purpose)
    answers = _answers(asked.key, organisation)
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    last = answers.filter(~Exists(answers.filter(later, user=OuterRef("user"))))
    # The query begins with those who said yes, as most people of a fair have never answered.
    yes = last.filter(given=True, version__gte=asked.valid_from)
    return User.objects.filter(pk__in=yes.values("user"), is_active=True)


def standings(user: User) -> list[Standing]:
    """Every purpose and the person's last answer to all, with the organisers to whom it has said no since."""
    last: dict[str, Consent] = {}
    refused: dict[str, list[Organisation]] = {}
    for consent in history(user).reverse():
        if consent.organisation is None:
            last[consent.purpose], refused[consent.purpose] = consent, []
        else:
            refused.setdefault(consent.purpose, []).append(consent.organisation)
    return [
        Standing(purpose, last.get(key), tuple(dict.fromkeys(refused.get(key, ()))))
        for key, purpose in PURPOSES.items()
    ]


def history(user: User) -> QuerySet[Consent]:
    """All answers of the person, the newest first, with the words that were shown."""
    return Consent.objects.filter(user=user).select_related("organisation").order_by("-at", "-pk")


def give(user: User, purpose: str) -> Consent:
    """The person agrees to today's wording, in the language of the page. Raises UnknownPurposeError."""
    return _answer(user, purpose, given=True)


def withdraw(user: User, purpose: str, organisation: Organisation | None = None) -> Consent:
    """The person no longer agrees: with one organiser, or with all. Raises UnknownPurposeError."""
    return _answer(user, purpose, given=False, organisation=organisation)


@transaction.atomic
def _answer(user: User, purpose: str, *, given: bool, organisation: Organisation | None = None) -> Consent:
    asked = purpose_named(purpose)
    consent = Consent.objects.create(
        user=user,
        purpose=asked.key,
        given=given,
        version=asked.version,
        language=get_language() or "en",
        wording=str(asked.wording),
        organisation=organisation,
    )
    after = {"purpose": asked.key, "version": asked.version, "language": consent.language}
    after |= {"organisation": organisation.slug} if organisation else {}
    record("consent.given" if given else "consent.withdrawn", consent, after=after, user=user)
    return consent


def _counts(consent: Consent, purpose: Purpose) -> bool:
    return consent.given and consent.version >= purpose.valid_from
