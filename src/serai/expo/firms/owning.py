"""Who owns a firm's record."""

from serai.expo.people.models import Role, User


def active_owners(firm: int) -> list[User]:
    """The people with an open account who own the record of the firm with this key."""
    owning = Role.objects.filter(firm=firm, kind=Role.Kind.OWNER, user__is_active=True)
    return [role.user for role in owning.select_related("user").order_by("pk")]
