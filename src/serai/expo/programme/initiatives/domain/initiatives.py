"""Initiatives: what a reader may see, and how an organiser writes, publishes and takes back one."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import record, record_change, save_and_record, state
from serai.expo.base.text import language_name
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.initiatives.models import Initiative, Signature

State = Initiative.State
SIGNED_STATES = (Signature.State.SIGNED, Signature.State.CONFIRMED, Signature.State.WITHDRAWN)
"""States of signatures that were given once."""


class InitiativeRefusedError(ValueError):
    """Why something cannot be done with an initiative, in the reader's language."""


@dataclass(frozen=True)
class InitiativeFilter:
    """What narrows the list of initiatives."""

    kind: str = filters.code("initiative, statement, declaration or action_plan", choices=Initiative.Kind.values)
    state: str = filters.code("draft, published or taken_back; the public reads published ones", choices=State.values)


def published(edition: Edition) -> QuerySet[Initiative]:
    """What the public reads."""
    return Initiative.objects.filter(edition=edition, state=State.PUBLISHED)


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Initiative]:
    """All initiatives for an organiser, published ones for others."""
    if user.has_perm("expo.read_programme", edition):
        return Initiative.objects.filter(edition=edition)
    return published(edition)


def narrowed(rows: QuerySet[Initiative], wanted: InitiativeFilter) -> QuerySet[Initiative]:
    """The initiatives that the filter asks for."""
    given = {name: value for name, value in (("kind", wanted.kind), ("state", wanted.state)) if value}
    return rows.filter(**given)


@transaction.atomic
def save_initiative(initiative: Initiative, *, by: User) -> None:
    """Save a new initiative, or the changes of one.

    A text that somebody has signed stays as it is in each language; a translation may be added. Raises
    InitiativeRefusedError.
    """
    held = None
    if initiative.pk:
        held = Initiative.objects.select_for_update().get(pk=initiative.pk)
        _keep_signed_words(held, initiative)
    if initiative.launched_on is None and initiative.session is not None:
        initiative.launched_on = timezone.localdate(initiative.session.starts_at)
    before = state(held) if held else None
    save_and_record(initiative, before, added="initiative.added", changed="initiative.changed", user=by)


def _keep_signed_words(held: Initiative, given: Initiative) -> None:
    if not held.signatures.filter(state__in=SIGNED_STATES).exists():
        return
    texts: list[tuple[Mapping[str, str], Mapping[str, str]]] = [(held.title, given.title), (held.text, given.text)]
    for before, after in texts:
        for language, words in before.items():
            if words and _plain(after.get(language, "")) != _plain(words):
                raise InitiativeRefusedError(
                    _("It was signed with this text (%(language)s), which therefore stays. You can add a translation.")
                    % {"language": language_name(language)}
                )


def _plain(words: str) -> str:
    """The words without the line ends that a browser changes."""
    return "\n".join(words.splitlines()).strip()


@transaction.atomic
def publish(initiative: Initiative, *, by: User) -> None:
    """Show an initiative to the public. Raises InitiativeRefusedError if it has no title or no text."""
    held = Initiative.objects.select_for_update().get(pk=initiative.pk)
    if held.state == State.PUBLISHED:
        raise InitiativeRefusedError(_("It is published."))
    if not any(held.title.values()) or not any(held.text.values()):
        raise InitiativeRefusedError(_("Give it a title and a text before you publish it."))
    values = {"state": State.PUBLISHED, "published_at": timezone.now(), "taken_back_at": None, "reason": ""}
    record_change("initiative.published", held, user=by, **values)


@transaction.atomic
def take_back(initiative: Initiative, reason: str, *, by: User) -> None:
    """Hide a published initiative from the public, with the reason for the trail. Raises InitiativeRefusedError."""
    held = Initiative.objects.select_for_update().get(pk=initiative.pk)
    if held.state != State.PUBLISHED:
        raise InitiativeRefusedError(_("It is not published."))
    if not reason.strip():
        raise InitiativeRefusedError(_("Say why it is taken back."))
    values = {"state": State.TAKEN_BACK, "taken_back_at": timezone.now(), "reason": reason.strip()[:500]}
    record_change("initiative.taken_back", held, user=by, **values)


@transaction.atomic
def remove(initiative: Initiative, *, by: User) -> None:
    """Delete a draft that nobody was asked to sign. Raises InitiativeRefusedError for any other."""
    held = Initiative.objects.select_for_update().get(pk=initiative.pk)
    if held.state != State.DRAFT or held.signatures.exclude(state=Signature.State.NAMED).exists():
        raise InitiativeRefusedError(_("Only a draft that nobody was asked to sign can be removed."))
    record("initiative.removed", held, before=state(held), user=by, edition=held.edition)
    held.commitments.all().delete()
    held.delete()
