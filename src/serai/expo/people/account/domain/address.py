"""From where a request comes, for limits: the same for the pages of signing in and for calls of the interface."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

IPV6_PREFIX = 64
"""What one visitor has at least: a limit of single addresses of IPv6 would limit nobody."""


def place_of(request: HttpRequest) -> str:
    """The address of who asks, before as many proxies as SERAI_PROXIES says; of IPv6 its network."""
    told: str = get_adapter().get_client_ip(request)
    try:
        address = ip_address(told)
    except ValueError:
        return told  # a socket of the machine has none
    return str(ip_network((address, IPV6_PREFIX), strict=False)) if isinstance(address, IPv6Address) else told
