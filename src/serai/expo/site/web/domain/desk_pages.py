"""The pages of a reader's desk by group: an organiser's by its role, a participant's by what it is and may do."""

from django.urls import resolve, reverse

from serai.expo.base.text import Text
from serai.expo.fairs.desk.domain import cards
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules.roles import ROLES
from serai.expo.participants.desk.domain import Entry, duties_of, entries
from serai.expo.participants.impersonation.domain import is_open
from serai.expo.people.account.models import User

type Pages = list[tuple[Text, list[tuple[Text, str, str]]]]
"""Groups of pages: the title of each page, the name of its address, and its address."""


def organisers_pages(edition: Edition, role: str) -> Pages:
    """The pages that a role of an organiser opens."""
    return [
        (title, [(card.title, card.page, reverse(card.page, args=[edition.slug])) for card in members])
        for title, members in cards(ROLES[role])
    ]


def participants_pages(user: User, own: Participation) -> Pages:
    """The pages that the user opens at the desk of a participant, whose edition and firm are loaded."""
    pages = [
        (title, [(entry.title, entry.key, _chosen(entry, own)) for entry in members if _opens(entry, own, user)])
        for title, members in entries(own, duties_of(user, own))
    ]
    return [(title, members) for title, members in pages if members]


def _opens(entry: Entry, own: Participation, user: User) -> bool:
    """Whether the page opens: what is a person's own affair is closed to who acts for it."""
    return user.helping_organisation is None or is_open(resolve(entry.address(own)).func.__module__, entry.key)


def _chosen(entry: Entry, own: Participation) -> str:
    """The address of an entry. A page that several firms share is told for which one it is opened."""
    address = entry.address(own)
    return address if entry.of_firm else f"{address}?as={own.firm.identifier}"
