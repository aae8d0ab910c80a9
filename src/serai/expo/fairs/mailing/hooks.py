"""What this room tells the registries: desk, cloning."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from serai.expo.fairs.desk.domain import Todo, card, check
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.models import Mail, MailTemplate, Segment

card(
    "segments",
    "people",
    title=_("Segments"),
    text=_("Those who take part, by what they are and what they lack, with counts."),
    page="segments",
    order=40,
)
card(
    "mail",
    "people",
    title=_("Mail"),
    text=_("Templates in each language, drafts to look at, and the outbox with what became of each mail."),
    page="outbox",
    order=50,
)
card(
    "letters",
    "people",
    title=_("Letters"),
    text=_("What Serai writes by itself at each step: read it, and put your own words in its place."),
    page="letters",
    order=55,
)


@check
def failed_mail(edition: Edition) -> Iterator[Todo]:
    """Mails that could not be sent."""
    if count := Mail.objects.filter(edition=edition, state=Mail.State.FAILED).count():
        yield Todo(
            ngettext_lazy("Look at %d mail that failed", "Look at %d mails that failed", count) % count,
            _("The reason stands beside each; send them again once it is gone."),
            "outbox",
            count,
        )


copied(MailTemplate, "mail")
copied(Segment, "mail")
