"""Proposals of sessions as a table, with their scores and who would speak."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.models import Edition
from serai.expo.exports.registry import Filter, Rows, Wanted, languages, table
from serai.expo.programme.models import Proposal
from serai.expo.programme.reviewing import ProposalFilter, listed
from serai.expo.text import in_language

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
