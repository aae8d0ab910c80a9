"""What happens to expressions of interest in what is on the market no more: they end, and who asked is told so."""

from django.utils import timezone
from django.utils.translation import override

from serai.expo.audit.domain import record, state
from serai.expo.mailing.letters import send_letter
from serai.expo.market.models import Interest, MarketItem, Need
from serai.expo.people.models import Role, User
from serai.expo.text import in_language


def owners_of_firm(firm: int) -> list[User]:
    """The people who own a firm, by its primary key."""
    of_firm = Role.objects.filter(firm_id=firm, kind=Role.Kind.OWNER)
    return [role.user for role in of_firm.select_related("user").order_by("pk")]


def end_interests(item: MarketItem, *, user: User | None) -> None:
    """Decline what waits for an answer, without naming anybody, and tell those who asked. Call inside of the scope."""
    of_item = {"need": item} if isinstance(item, Need) else {"offer": item}
    waiting = Interest.objects.select_for_update().filter(state=Interest.State.OPEN, **of_item)
    for one in waiting.select_related("asker", "edition"):
        before = state(one)
        one.state, one.answered_at = Interest.State.DECLINED, timezone.now()
        one.save(update_fields=["state", "answered_at"])
        record("interest.ended", one, before=before, after=state(one), user=user, edition=one.edition)
        for owner in owners_of_firm(one.asker.firm_id):
            with override(owner.language):
                title = in_language(item.title).text
                send_letter(one.edition, owner, "interest-ended", {"title": title})
