"""Webhooks: events for other systems, signed, sent to public addresses only, and sent again until they arrive.

An event is an entry of the audit trail; its name is the action, as in ``meeting.confirmed``. The message names
the object and the changed fields, without personal data; the receiver reads the rest from the API with its own
key.
"""

import hashlib
import hmac
import http.client
import ipaddress
import json
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.connections import CutOff
from serai.expo.base.tasks.domain.queue import claim
from serai.expo.base.tokens import seal, unseal
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.models import Delivery, Webhook
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.people.account.models import Role, User

SECONDS = 10
"""For connecting, and then for sending and the whole answer."""

type Resolve = Callable[[str, int], Sequence[str]]


class AddressRefusedError(ValueError):
    """Nothing may be sent to an address; the message is a sentence for the reader."""


@dataclass(frozen=True)
class Sent:
    """The result of sending: the HTTP status of the answer, or why there was none."""

    status: int | None
    fault: str = ""

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def resolve(host: str, port: int) -> Sequence[str]:
    """The network addresses of a host. Raises OSError if it has none."""
    return [str(address[4][0]) for address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def may_be_reached(address: str) -> bool:
    """Whether events may be sent to a network address: it is public or in WEBHOOK_NETWORKS of the settings."""
    return is_public(address) or is_allowed(address)


def is_allowed(address: str) -> bool:
    """Whether the address is in one of WEBHOOK_NETWORKS of the settings."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    networks = (ipaddress.ip_network(text) for text in settings.WEBHOOK_NETWORKS)
    return any(ip in network for network in networks if network.version == ip.version)


def is_public(address: str) -> bool:
    """Whether an address is public: not private, loopback, link-local, shared or reserved."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        # An IPv4 address inside an IPv6 address reaches the same machine.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def check_url(url: str, *, plain: bool = False) -> tuple[str, int, str, bool]:
    """Host, port, path and whether it is HTTPS. Raises AddressRefusedError if nothing may be sent there."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefusedError(_("This is no address of the web.")) from None
    secure = parts.scheme == "https"
    plain = plain or is_allowed(parts.hostname or "")
    if not (secure or (plain and parts.scheme == "http")):
        raise AddressRefusedError(_("Events are sent to addresses that begin with https:// only."))
    if not parts.hostname or parts.username or parts.password:
        raise AddressRefusedError(_("This address needs a host, and no user or password."))
    try:
        literal = may_be_reached(parts.hostname)
    except ValueError:
        literal = True  # a host name, which is resolved at each delivery
    if not literal:
        raise AddressRefusedError(_("The host is in a private network; nothing is sent there."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.hostname, port or (443 if secure else 80), path, secure


def signature(secret: str, body: bytes, at: int) -> str:
    """The value of ``Serai-Signature``: the time, and HMAC-SHA256 over the time, a point and the body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def send(
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    resolve: Resolve = resolve,
    may_reach: Callable[[str], bool] = may_be_reached,
    plain: bool = False,
) -> Sent:
    """POST ``body`` to the first address of the host, all of which must be public; redirects are not followed.

    The name is resolved once and the connection uses that address, so that it cannot change in between.
    """
    try:
        host, port, path, secure = check_url(url, plain=plain)
        addresses = resolve(host, port)
        if not addresses:
            return Sent(None, _("The host has no address."))
        if not all(may_reach(address) for address in addresses):
            return Sent(None, _("The host is in a private network; nothing is sent there."))
        return _post(_Pinned(host, port, addresses[0], secure), path, body, headers)
    except AddressRefusedError as refusal:
        return Sent(None, str(refusal))
    except (OSError, http.client.HTTPException, ValueError) as fault:
        return Sent(None, f"{type(fault).__name__}: {fault}"[:300])


def _post(connection: "_Pinned", path: str, body: bytes, headers: dict[str, str]) -> Sent:
    """Send, and read the answer as far as it is of use; both within SECONDS, however slowly it comes."""
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", "User-Agent": "Serai"} | headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        if connection.cut_off is not None and connection.cut_off.has_cut:
            return Sent(None, _("It took longer than %d seconds to answer.") % SECONDS)
        raise
    finally:
        connection.close()
    return Sent(status, "" if 200 <= status < 300 else _("The answer was %d.") % status)


class _Pinned(http.client.HTTPConnection):
    """A connection to a fixed network address, with the name of its host for TLS, that lasts for SECONDS at most."""

    def __init__(self, host: str, port: int, address: str, secure: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.address = address
        self.secure = secure
        self.cut_off: CutOff | None = None
        if secure:
            self.default_port = 443

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), SECONDS)
        self.cut_off = CutOff(self.sock, SECONDS)
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def close(self) -> None:
        if self.cut_off is not None:
            self.cut_off.release()
        super().close()


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
