"""What the parties of an outcome are asked after some months."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import letter

letter(
    "follow-up",
    title=gettext_lazy("What has become of an outcome"),
    when=gettext_lazy("To the people of both sides, three, six and twelve months after."),
    places={"kind": (gettext_lazy("the kind of outcome"), gettext_lazy("Contract"))},
    needed=("kind",),
    words=lambda: (
        _("What has become of it: %s") % "{kind}",
        _("Say on your page of outcomes whether it is on track, delayed, fulfilled or came to nothing."),
    ),
)
