"""What the owners of a firm are told about its offers, its needs, and interest in them."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import Place, letter

ITEM: dict[str, Place] = {"title": (gettext_lazy("the title of the offer or need"), gettext_lazy("Separator film"))}
REASON: dict[str, Place] = {"reason": (gettext_lazy("the reason that you gave"), gettext_lazy("Which grade?"))}
UNTIL: dict[str, Place] = {"until": (gettext_lazy("the last day on which it is shown"), "2026-11-30")}
WORDS: dict[str, Place] = {"words": (gettext_lazy("what the other side wrote"), gettext_lazy("We look for a partner."))}

letter(
    "item-returned",
    title=gettext_lazy("An offer or need is returned"),
    when=gettext_lazy("To the owners of the firm, when the review asks for a change."),
    places=ITEM | REASON,
    needed=("reason",),
    words=lambda: (_("Please change: %s") % "{title}", "{title}\n\n{reason}"),
)
letter(
    "item-runs-out",
    title=gettext_lazy("An offer or need soon runs out"),
    when=gettext_lazy("To the owners of the firm, some days before."),
    places=ITEM | UNTIL,
    needed=("title",),
    words=lambda: (
        _("Soon to run out: %s") % "{title}",
        "{title}\n\n" + _("It is shown until %s. Renew it at your desk with one click.") % "{until}",
    ),
)
letter(
    "interest-ended",
    title=gettext_lazy("What one was interested in is taken down"),
    when=gettext_lazy("To the owners of a firm whose expression of interest was not answered."),
    places=ITEM,
    needed=("title",),
    words=lambda: (
        _("On the market no more: %s") % "{title}",
        "{title}\n\n" + _("It was taken off the market before your expression of interest was answered."),
    ),
)


def _about(key: str, title: Promise, subject: Callable[[], str]) -> None:
    letter(
        key,
        title=title,
        when=gettext_lazy("To the owners of the firm. It names nobody, since one side may stay unnamed."),
        places=ITEM | WORDS,
        needed=("title",),
        words=lambda: (
            subject(),
            "{title}\n\n{words}\n\n" + _("Read it among your expressions of interest."),
        ),
    )


_about("interest-said", gettext_lazy("Somebody is interested"), lambda: _("Interest in: %s") % "{title}")
_about("interest-accepted", gettext_lazy("Interest is accepted"), lambda: _("Accepted: %s") % "{title}")
_about("interest-declined", gettext_lazy("Interest is declined"), lambda: _("Declined: %s") % "{title}")
_about("quotation-said", gettext_lazy("A quotation is made"), lambda: _("A quotation: %s") % "{title}")
_about(
    "quotation-withdrawn",
    gettext_lazy("A quotation is withdrawn"),
    lambda: _("A quotation was withdrawn: %s") % "{title}",
)
