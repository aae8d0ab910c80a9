"""What this room adds to the organiser's desk, and who reads the files of firms and people."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.files.rules import reading
from serai.expo.fairs.desk.domain import card, queue
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.firms.identity.domain import duplicates
from serai.expo.firms.record.domain.visibility import reads_file
from serai.expo.firms.verification import domain

reading.register(reads_file)
letter(
    "people-joined",
    title=_("Somebody else acts for a firm"),
    when=_("To the owners of a firm, when a claim is granted or two firms are joined and people act for it since."),
    places={
        "firm": (_("the reader's firm"), "Huanghe Cells"),
        "people": (_("who acts for it now, one a line"), "- Lin Xiaolan (lin@example.org)"),
    },
    needed=("people",),
    words=lambda: (
        gettext("These people act for %s now") % "{firm}",
        "{people}\n\n" + gettext("If you do not know them, take them out of your team and tell the organiser."),
    ),
)
queue("claims", title=_("Claims of firms"), text=_("People say that they speak for a firm."), page="claim-list")(
    lambda edition: domain.waiting_claims(edition).count()
)
queue(
    "verification",
    title=_("Requests for verification"),
    text=_("Firms handed in evidence of who they are."),
    page="verification-list",
)(lambda edition: domain.waiting(edition).count())
queue("duplicates", title=_("Possible duplicates"), text=_("Two records that may be one firm."), page="duplicate-list")(
    lambda edition: duplicates.pairs_of(edition).count()
)
card(
    "duplicate-list",
    "people",
    title=_("Possible duplicates"),
    text=_("Look for firms that are known twice, merge them, take a merge back."),
    order=60,
)
card(
    "claim-list",
    "people",
    title=_("Claims of firms"),
    text=_("Who speaks for which firm, and codes for firms."),
    order=61,
)
card(
    "verification-list",
    "people",
    title=_("Verification"),
    text=_("Look at evidence and grant a level from 1 to 3."),
    order=62,
)
