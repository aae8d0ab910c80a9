"""Hosted buyers: terms in versions, accepted with the date, and targets that are the buyer's own to set.

The organiser suggests how many meetings; no meeting is compulsory, and what a buyer sets for itself holds.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.buyers.domain.hosted_buyers import MeetingCounts, count_meetings
from serai.expo.participants.buyers.models import HostedTerms, TermsAccepted
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.people.account.models import User

CEILING = 40
"""How many meetings one may set for itself who has accepted no terms."""


class TermsRefusedError(ValueError):
    """Why terms or targets cannot be kept, in the reader's language."""


@made_once
def publish_terms(edition: Edition, text: Mapping[str, str], *, suggested: int, maximum: int, by: User) -> HostedTerms:
    """A new version of the terms; who accepted an earlier one accepted that. Raises TermsRefusedError."""
    texts = {language: words.strip() for language, words in text.items() if words.strip()}
    if not texts:
        raise TermsRefusedError(_("Write the terms in one language at least."))
    if not suggested <= maximum:
        raise TermsRefusedError(_("Suggest no more meetings than a buyer may have."))
    last = current_terms(edition)
    made = HostedTerms.objects.create(
        edition=edition,
        version=last.version + 1 if last else 1,
        text=texts,
        meetings_suggested=suggested,
        meetings_maximum=maximum,
    )
    record("hosted_terms.published", made, after=state(made), user=by, edition=edition)
    return made


def current_terms(edition: Edition) -> HostedTerms | None:
    """The newest version."""
    return HostedTerms.objects.filter(edition=edition).first()


def accepted_by(participation: Participation) -> TermsAccepted | None:
    """The newest version that the buyer accepted."""
    accepted = TermsAccepted.objects.filter(participation=participation).select_related("terms", "user")
    return accepted.order_by("-terms__version").first()


@transaction.atomic
def accept_terms(by: Acting, version: int) -> TermsAccepted:
    """Accept the version that was read. Raises TermsRefusedError where there is a newer one, or the firm no buyer."""
    terms = current_terms(by.edition)
    if by.participation.kind not in (Participation.Kind.BUYER, Participation.Kind.DELEGATION):
        raise TermsRefusedError(_("These terms are for buyers."))
    if terms is None or terms.version != version:
        raise TermsRefusedError(_("There is a newer version of the terms. Read it and accept that one."))
    accepted, made = TermsAccepted.objects.get_or_create(
        participation=by.participation, terms=terms, defaults={"edition": by.edition, "user": by.user}
    )
    if made:
        trace("hosted_terms.accepted", accepted, by)
        maximum = max(terms.meetings_maximum, _told(by.participation))
        _set(by, min(terms.meetings_suggested, maximum), maximum)
    return accepted


@transaction.atomic
def set_targets(by: Acting, minimum: int, maximum: int) -> None:
    """How many meetings the participant wants at least and at most: its own to lower, to none at all.

    Raises TermsRefusedError for more than it was granted, and for fewer than it has with a time.
    """
    if not 0 <= minimum <= maximum:
        raise TermsRefusedError(_("Give a least number that is not above the most."))
    most = ceiling(by.participation)
    if maximum > most:
        raise TermsRefusedError(_("You may have up to %d meetings; ask the organiser for more.") % most)
    told = _told(by.participation)
    if maximum < told:
        raise TermsRefusedError(_("You have %d meetings with a time already. Cancel some first.") % told)
    _set(by, minimum, maximum)


def ceiling(participation: Participation) -> int:
    """The most meetings that the participant may set for itself."""
    accepted = accepted_by(participation)
    return max(accepted.terms.meetings_maximum if accepted else CEILING, participation.meetings_maximum)


def _told(participation: Participation) -> int:
    """How many meetings with a time the participant has."""
    counts = count_meetings(Participation.objects.filter(pk=participation.pk))
    return counts.get(participation.pk, MeetingCounts()).told


def _set(by: Acting, minimum: int, maximum: int) -> None:
    own = Participation.objects.get(pk=by.participation.pk)
    before = state(own)
    own.meetings_minimum, own.meetings_maximum = minimum, maximum
    own.save(update_fields=["meetings_minimum", "meetings_maximum"])
    by.participation.meetings_minimum, by.participation.meetings_maximum = minimum, maximum
    trace("participation.targets_set", own, by, before=before)
