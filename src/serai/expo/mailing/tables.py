"""The outbox as a table."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.models import Edition
from serai.expo.exports.registry import Filter, Rows, Wanted, table
from serai.expo.mailing.models import Mail


@table(
    "mails",
    title=_("Mail"),
    columns=("email", "segment", "purpose", "language", "subject", "state", "reason", "attempts", "made_at", "sent_at"),
    filters=(Filter("state", _("State"), Mail.State.choices),),
    personal=True,
)
def mails(edition: Edition, wanted: Wanted) -> Rows:
    found = Mail.objects.filter(edition=edition).select_related("user", "mailing")
    found = found.filter(state=wanted["state"]) if "state" in wanted else found
    for one in found.iterator(500):
        yield (
            *(one.user.email, one.mailing.segment if one.mailing else "", one.purpose, one.language, one.subject),
            *(one.state, one.reason, one.attempts, one.made_at, one.sent_at),
        )
