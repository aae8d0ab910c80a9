"""The address of a visitor, for limits of sign-in pages and of calls of the interface."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

IPV6_PREFIX = 64
"""A visitor has at least a network of this size, so a limit per single IPv6 address would limit nobody."""


def place_of(request: HttpRequest) -> str:
    """The visitor's address before as many proxies as SERAI_PROXIES says; for IPv6 its network."""
    client: str = get_adapter().get_client_ip(request)
    try:
        address = ip_address(client)
    except ValueError:
        return client  # a socket of the machine has no address
    return str(ip_network((address, IPV6_PREFIX), strict=False)) if isinstance(address, IPv6Address) else client
