"""Which pages a device keeps for a hall without a network, and by what name it knows whose they are.

Pages of the list are kept as they were last read. From some of them the device fetches the others: a few, by the links
that are marked with ``data-keep``.
"""

from django.utils.crypto import salted_hmac

KEPT = frozenset(
    {
        "edition",
        "agenda",
        "my-meetings",
        "meeting",
        "programme",
        "session",
        "hall-list",
        "hall",
        "my-badges",
        "my-badge",
        "desk-badges",
        "desk-badge",
    }
)
"""Names of the pages that a person needs in a hall."""

FETCHED_FROM = frozenset({"agenda", "my-meetings", "desk-list", "desk", "buyer-desk"})
"""Pages that fetch the others for keeping when they are opened."""

FETCHED = ("agenda", "my-meetings", "edition", "programme", "hall-list", "my-badges")
"""What is fetched first; links in it that are marked lead to the rest."""

NOBODY = "-"


def whose(number: int) -> str:
    """A pseudonym of a person, by which a browser knows whose pages and leads it stores."""
    return salted_hmac("serai.leads.whose", str(number), algorithm="sha256").hexdigest()[:24]
