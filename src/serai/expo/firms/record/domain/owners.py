"""Who owns a firm's record, and who acts for firms: the people who are written to."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from serai.expo.base.among import among
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import Role, User


def active_owners(firm: int) -> list[User]:
    """The people with an open account who own the record of the firm with this key."""
    owning = Role.objects.filter(firm=firm, kind=Role.Kind.OWNER, user__is_active=True)
    return [role.user for role in owning.select_related("user").order_by("pk")]


def tell_who_joined(firm: Firm, joined: Collection[User], edition: Edition | None) -> None:
    """Write to the owners of a firm, who were not asked, that these people act for it now: somebody else let them in.

    Nothing is written outside of a fair, which has no outbox.
    """
    owners = [owner for owner in active_owners(firm.pk) if owner not in joined]
    if joined and edition is not None:
        names = "\n".join(f"- {person.name} ({person.email})" for person in joined)
        values = {"firm": shown_name(firm), "people": names}
        send_letters(edition, owners, "people-joined", lambda _owner: values)


def people_of_firm(firm: int) -> QuerySet[User]:
    """The people with an open account who have any role in the firm with this key."""
    return User.objects.filter(roles__firm=firm, is_active=True).order_by("pk")


def people_of_firms(firms: Iterable[int]) -> dict[User, list[int]]:
    """The people of any of these firms, in the order of their keys, each with the keys of those of them it acts for."""
    firms_of_person: dict[User, list[int]] = defaultdict(list)
    roles = Role.objects.filter(among("firm", firms), user__is_active=True).select_related("user")
    for role in roles.order_by("user", "pk"):
        firms_of_person[role.user].append(role.firm_id or 0)
    return firms_of_person
