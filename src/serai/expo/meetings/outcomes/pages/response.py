"""A document of an outcome as an answer. The caller checks who may read it."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from serai.expo.meetings.outcomes.domain.evidence import content_of
from serai.expo.meetings.outcomes.models import OutcomeEvidence

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def handed_out(evidence: OutcomeEvidence) -> HttpResponse:
    """The content as a download, never shown in a page. Raises Http404 if the file is lost."""
    try:
        content = content_of(evidence)
    except FileNotFoundError:
        raise Http404(_("This document is not here any more.")) from None
    answer = HttpResponse(content, evidence.file.media_type)
    name = f"evidence-{evidence.pk}.{ENDINGS[evidence.file.media_type]}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
