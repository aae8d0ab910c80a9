"""The answer that is a document of an outcome. Who may read it is asked before."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from serai.expo.meetings.outcomes.domain.evidence import ENDINGS, content_of
from serai.expo.meetings.outcomes.models import OutcomeEvidence


def handed_out(kept: OutcomeEvidence) -> HttpResponse:
    """The content, which is downloaded and never shown in a page. Raises Http404 where it is not there any more."""
    try:
        content = content_of(kept)
    except FileNotFoundError:
        raise Http404(_("This document is not here any more.")) from None
    answer = HttpResponse(content, kept.file.media_type)
    name = f"evidence-{kept.pk}.{ENDINGS[kept.file.media_type]}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
