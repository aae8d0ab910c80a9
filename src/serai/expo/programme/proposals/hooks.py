"""What this room tells the registries: letters, desk, tables, keeping times."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.audit.domain.erasure import mask_rows_of
from serai.expo.base.export_tables import Filter, Rows, Wanted, languages, table
from serai.expo.base.retention import kept
from serai.expo.base.text import in_language
from serai.expo.fairs.desk.domain import queue
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.programme.proposals.domain import ProposalFilter, count_waiting, listed
from serai.expo.programme.proposals.models import Proposal, ProposalReview, ProposedSpeaker

PROPOSAL: dict[str, Place] = {
    "title": (gettext_lazy("the title of the session"), gettext_lazy("Batteries after lithium")),
    "proposals": (gettext_lazy("the address of the reader's proposals"), "https://fair.example/programme/proposals/"),
}
ANSWER: dict[str, Place] = {
    "answer": (gettext_lazy("the answer, where one was written"), gettext_lazy("We look forward to it."))
}


def _of_proposal(
    key: str,
    title: Promise,
    when: Promise,
    places: dict[str, Place],
    subject: Callable[[], str],
    body: Callable[[], str],
) -> None:
    text = "{title}\n\n{answer}" if "answer" in places else "{title}"
    letter(
        key,
        title=title,
        when=when,
        places=places,
        needed=("title",),
        words=lambda: (subject(), f"{body()}\n\n{text}\n\n" + _("Your proposals: %s") % "{proposals}"),
    )


_of_proposal(
    "proposal-received",
    gettext_lazy("A proposal of a session has come"),
    gettext_lazy("To who has proposed it, at once."),
    PROPOSAL,
    lambda: _("Proposed: %s") % "{title}",
    lambda: _("The organiser has your proposal and will answer:"),
)
_of_proposal(
    "proposal-accepted",
    gettext_lazy("A proposal of a session is accepted"),
    gettext_lazy("To who has proposed it."),
    PROPOSAL | ANSWER,
    lambda: _("Accepted: %s") % "{title}",
    lambda: _("Your proposal becomes a session of the programme. Its time and room stand among your proposals:"),
)
_of_proposal(
    "proposal-declined",
    gettext_lazy("A proposal of a session is declined"),
    gettext_lazy("To who has proposed it, with the reason."),
    PROPOSAL | ANSWER,
    lambda: _("Declined: %s") % "{title}",
    lambda: _("Your proposal does not become a session of the programme:"),
)


@queue(
    "proposals",
    title=gettext_lazy("Proposals of sessions"),
    text=gettext_lazy("What people have proposed for the programme waits for your answer."),
)
def _waiting(edition: Edition) -> int:
    return count_waiting(edition)


AT_A_TIME = 500


@table(
    "proposals",
    title=gettext_lazy("Proposals of sessions"),
    columns=(
        *("proposal", "title_en", "title_zh", "summary", "forum", "minutes", "languages", "proposed_by", "firm"),
        *("speakers", "mails", "notes", "state", "score", "reviews", "answer", "session", "proposed_at"),
    ),
    filters=(Filter("state", gettext_lazy("State"), Proposal.State.choices),),
    personal=True,
)
def proposals(edition: Edition, wanted: Wanted) -> Rows:
    rows = listed(Proposal.objects.filter(edition=edition), ProposalFilter(state=wanted.get("state", "")))
    for row in rows.order_by("pk").iterator(AT_A_TIME):
        speakers = row.speakers.all()
        yield (
            *(row.pk, *languages(row.title, "en", "zh-hans"), row.summary, row.forum.slug if row.forum else ""),
            *(row.minutes, row.languages, row.proposed_by.email),
            row.participation.firm.identifier if row.participation else "",
            [in_language(speaker.name, "en").text for speaker in speakers],
            [speaker.mail for speaker in speakers if speaker.mail],
            *(row.notes, row.state, "" if row.mean is None else round(row.mean, 2), row.reviewed),
            *(row.answer, row.session_id, row.created_at),
        )


@kept(
    "proposals",
    title=gettext_lazy("Proposals of sessions"),
    text=gettext_lazy("Who proposed what for the programme, with the reviews. Sessions that it became stay."),
    days=180,
)
def forget_proposals(edition: Edition) -> int:
    mask_rows_of(edition, Proposal, ProposedSpeaker, ProposalReview)
    return Proposal.objects.filter(edition=edition).delete()[1].get("expo.Proposal", 0)
