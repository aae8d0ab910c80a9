"""What this room tells the registries: tables, keeping times."""

from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.erasure import mask_rows_of
from serai.expo.base.export_tables import Filter, Rows, Wanted, languages, table
from serai.expo.base.retention import kept
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.proposals.domain.reviews import ProposalFilter, listed
from serai.expo.programme.sessions.models import Proposal, ProposalReview, ProposedSpeaker

AT_A_TIME = 500


@table(
    "proposals",
    title=_("Proposals of sessions"),
    columns=(
        *("proposal", "title_en", "title_zh", "summary", "forum", "minutes", "languages", "proposed_by", "firm"),
        *("speakers", "mails", "notes", "state", "score", "reviews", "answer", "session", "proposed_at"),
    ),
    filters=(Filter("state", _("State"), Proposal.State.choices),),
    personal=True,
)
def proposals(edition: Edition, wanted: Wanted) -> Rows:
    found = listed(Proposal.objects.filter(edition=edition), ProposalFilter(state=wanted.get("state", "")))
    for one in found.order_by("pk").iterator(AT_A_TIME):
        speakers = one.speakers.all()
        yield (
            *(one.pk, *languages(one.title, "en", "zh-hans"), one.summary, one.forum.slug if one.forum else ""),
            *(one.minutes, one.languages, one.proposed_by.email),
            one.participation.firm.identifier if one.participation else "",
            [in_language(speaker.name, "en").text for speaker in speakers],
            [speaker.mail for speaker in speakers if speaker.mail],
            *(one.notes, one.state, "" if one.mean is None else round(one.mean, 2), one.reviewed),
            *(one.answer, one.session_id, one.created_at),
        )


@kept(
    "proposals",
    title=_("Proposals of sessions"),
    text=_("Who proposed what for the programme, with the reviews. Sessions that it became stay."),
    days=180,
)
def forget_proposals(edition: Edition) -> int:
    mask_rows_of(edition, Proposal, ProposedSpeaker, ProposalReview)
    return Proposal.objects.filter(edition=edition).delete()[1].get("expo.Proposal", 0)
