"""Delivery of signed events to public addresses; nothing is sent into a private network."""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from serai.expo.base.connections import CutOff

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
