"""What an organiser reaches while acting for a person: the pages named here, and nothing else.

Leads, contacts, sources, messages, quotations, outcomes, contracts, the team, the account and the interface are the
person's own affair. A page that is new is closed until it is named here, unless its whole room is open.
"""

OPEN_ROOMS = frozenset(
    {
        "base.files",
        "offers.chains",
        "offers.market",
        "programme.sessions",
        "results.report",
        "site.directory",
        "site.offline",
        "site.retention",
        "site.search",
        "site.web",
        "venue.halls",
    }
)
"""Rooms whose pages show what everybody reads, or what a firm fills in for the fair."""

OPEN_PAGES = frozenset(
    {
        "root",
        "sign-out",
        "account_logout",
        "stop-acting",
        "agenda",
        "my-wishes",
        "wish",
        "market",
        "market-need",
        "market-offer",
        "firm-media",
        "registration-answers",
        "desk-list",
        "desk",
        "desk-availability",
        "desk-booth",
        "desk-profile",
        "desk-record",
        "desk-record-group",
        "desk-record-row",
        "desk-task",
        "desk-task-file",
        "buyer-desk",
        "state-need",
        "need-edit",
    }
)
"""Names of addresses in rooms that are closed otherwise."""


def is_open(module: str, name: str) -> bool:
    """Whether the page ``name``, whose view stands in this module, is open to who acts for a person."""
    _serai, _expo, wing, room, *_rest = (*module.split("."), "", "", "", "")
    return name in OPEN_PAGES or f"{wing}.{room}" in OPEN_ROOMS
