"""Webhooks: events for other systems, sent again until they arrive.

An event is an entry of the audit trail; its name is the action, as in ``meeting.confirmed``. The message names the
object and the changed fields, without personal data; the receiver reads the rest from the API with its own key.
"""

import json
import secrets
import time
from collections.abc import Iterable
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.sealed_secrets import seal, unseal
from serai.expo.base.tasks.domain.claims import claim
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.models import Delivery, Webhook
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.people.account.models import Role, User
from serai.expo.site.api.domain.delivery import AddressRefusedError, check_url, send, signature

PURPOSE = "webhook"
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
LEASE = timedelta(minutes=2)
"""Longer than one attempt can take, finding the address included."""
MOST = 20
MOST_FAILURES = 30
"""After so many failed attempts in a row an address is switched off."""
QUIET = ("webhook.", "api_key.", "consent.", "user.", "impersonation.", "staff_session.", "import.")


class WebhookRefusedError(ValueError):
    """An address is refused; the message is a sentence for the reader."""


@transaction.atomic
def add_webhook(edition: Edition, url: str, events: Iterable[str], *, by: User) -> tuple[Webhook, str]:
    """Add an address and return it with its secret, which is shown once.

    ``events`` are names of events with ``*`` for any part, as in ``meeting.*``. Raises WebhookRefusedError.
    """
    wanted = sorted({event.strip() for event in events if event.strip()})
    try:
        check_url(url)
    except AddressRefusedError as refusal:
        raise WebhookRefusedError(str(refusal)) from None
    if not wanted or any(len(event) > 64 for event in wanted):
        raise WebhookRefusedError(_("Name the events, as in meeting.* or sign_up.made, one a line."))
    if Webhook.objects.filter(edition=edition).count() >= MOST:
        raise WebhookRefusedError(_("There are %d addresses already. Remove one first.") % MOST)
    secret = secrets.token_urlsafe(32)
    webhook = Webhook.objects.create(
        edition=edition, url=url, events=wanted[:50], secret=seal(secret, PURPOSE), made_by=by
    )
    record("webhook.added", webhook, after=state(webhook), user=by, edition=edition)
    return webhook, secret


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: User) -> None:
    """Delete the address and its log."""
    record("webhook.removed", webhook, before=state(webhook), user=by, edition=webhook.edition)
    webhook.delete()


@transaction.atomic
def switch(webhook: Webhook, *, on: bool, by: User | None) -> Webhook:
    """Switch an address on or off. Events are not kept while it is off; messages that waited before are sent once it
    is on again."""
    held = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if held.active == on:
        return held
    before = state(held)
    held.active, held.failures = on, 0
    held.switched_off_at = None if on else timezone.now()
    held.save()
    action = "webhook.switched_on" if on else "webhook.switched_off"
    record(action, held, before=before, after=state(held), user=by, edition=held.edition)
    return held


@transaction.atomic
def send_again(delivery: Delivery, *, by: User) -> Delivery:
    """Send a message again under the same number, in whatever state it is.

    Raises WebhookRefusedError if its address is switched off.
    """
    held = Delivery.objects.select_for_update().select_related("webhook", "edition").get(pk=delivery.pk)
    if not held.webhook.active:
        raise WebhookRefusedError(_("This address is switched off. Switch it on first."))
    before = state(held)
    held.state, held.attempts, held.next_at = Delivery.State.WAITING, 0, timezone.now()
    held.save()
    record("webhook.sent_again", held, before=before, after=state(held), user=by, edition=held.edition)
    return held


def _note(webhook: Webhook, *, arrived: bool) -> None:
    """Count failures in a row; after too many, switch the address off and notify its owner."""
    if arrived:
        if webhook.failures:
            Webhook.objects.filter(pk=webhook.pk).update(failures=0)
        return
    Webhook.objects.filter(pk=webhook.pk).update(failures=F("failures") + 1)
    now = Webhook.objects.select_related("made_by", "edition__organisation").get(pk=webhook.pk)
    if now.failures >= MOST_FAILURES and now.active:
        switch(now, on=False, by=None)
        values = {"address": now.url, "count": MOST_FAILURES}
        send_letters(now.edition, _owners(now), "address-switched-off", lambda _owner: values)


def _owners(webhook: Webhook) -> list[User]:
    """The person who added the address, else the owners of the organisation."""
    if webhook.made_by is not None and webhook.made_by.is_active:
        return [webhook.made_by]
    roles = Role.objects.filter(organisation=webhook.edition.organisation, kind=Role.Kind.OWNER)
    return [role.user for role in roles.select_related("user")]


def tell(entry: AuditEntry, **_more: Any) -> None:
    """Queue an event for every address that subscribes to it; called for each entry of the audit trail."""
    if entry.edition_id is None or entry.action.startswith(QUIET):
        return
    with scopes_disabled():
        wanting = [
            webhook
            for webhook in Webhook.objects.filter(edition_id=entry.edition_id, active=True)
            if any(fnmatchcase(entry.action, event) for event in webhook.events)
        ]
        for webhook in wanting:
            _put_in_line(webhook, entry.action, _body(entry))


def _body(entry: AuditEntry) -> dict[str, Any]:
    changed = sorted({*(entry.before or {}), *(entry.after or {})})
    return {
        "id": f"event-{entry.pk}",
        "event": entry.action,
        "at": entry.at.isoformat(),
        "object": {"type": entry.object_type, "id": entry.object_id},
        "changed": changed,
    }


def _put_in_line(webhook: Webhook, event: str, body: dict[str, Any]) -> Delivery:
    edition = Edition.objects.only("slug").get(pk=webhook.edition_id)
    return Delivery.objects.create(
        edition_id=webhook.edition_id,
        webhook=webhook,
        event=event,
        body=json.dumps(body | {"edition": edition.slug}),
        next_at=timezone.now(),
    )


def ping(webhook: Webhook) -> Delivery:
    """Send a trial event to the address."""
    return _put_in_line(webhook, "ping", {"id": f"ping-{secrets.token_hex(4)}", "event": "ping"})


def deliver_next(**options: Any) -> bool:
    """Send the message that is due first, with ``options`` of ``send``. Returns whether there was one.

    An address is leased for one message at a time, so that a slow receiver holds one slot of the worker only. Who
    was served longest ago comes first.
    """
    with scopes_disabled():
        now = timezone.now()
        due = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=now)
        free = Webhook.objects.filter(Exists(due.filter(webhook=OuterRef("pk"))), active=True, busy_until__lte=now)
        webhook = claim(free.order_by("busy_until", "pk"), lambda _webhook: {"busy_until": timezone.now() + LEASE})
        if webhook is None:
            return False
        first = due.filter(webhook=webhook).order_by("next_at", "pk").values_list("pk", flat=True).first()
        try:
            attempt(first or 0, **options)
        finally:
            Webhook.objects.filter(pk=webhook.pk).update(busy_until=timezone.now())
    return True


def attempt(number: int, **options: Any) -> Delivery | None:
    """One attempt, with ``options`` of ``send``. Returns the delivery, None if it does not wait."""
    with scopes_disabled():
        delivery = (
            Delivery.objects.select_related("webhook", "edition")
            .filter(pk=number, state=Delivery.State.WAITING, webhook__active=True)
            .first()
        )
    if delivery is None:
        return None
    body, at = delivery.body.encode(), int(time.time())
    headers = {
        "Serai-Event": delivery.event,
        "Serai-Delivery": str(delivery.pk),
        "Serai-Signature": signature(unseal(delivery.webhook.secret, PURPOSE), body, at),
    }
    sent = send(delivery.webhook.url, body, headers, **options)
    with scope(edition=delivery.edition):
        delivery.attempts += 1
        delivery.answer, delivery.fault, delivery.next_at = sent.status, sent.fault[:300], None
        if sent.arrived:
            delivery.state, delivery.delivered_at = Delivery.State.DELIVERED, timezone.now()
        elif delivery.attempts > len(WAITS):
            delivery.state = Delivery.State.GIVEN_UP
        else:
            delivery.next_at = timezone.now() + WAITS[delivery.attempts - 1]
        delivery.save()
        _note(delivery.webhook, arrived=sent.arrived)
    return delivery
