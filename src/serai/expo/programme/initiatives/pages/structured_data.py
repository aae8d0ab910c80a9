"""An initiative as JSON-LD in the words of schema.org."""

from django.http import HttpRequest

from serai.expo.base.structured_data import CONTEXT, JSONObject, absolute_address, text_of, without_empty
from serai.expo.programme.initiatives.domain.presentation import Shown


def initiative_data(shown: Shown, request: HttpRequest) -> JSONObject:
    """A published initiative as a DigitalDocument that the institutions which signed have made."""
    initiative = shown.initiative
    slug = initiative.edition.slug
    return without_empty(
        CONTEXT
        | {
            "@type": "DigitalDocument",
            "url": absolute_address(request, "initiative", slug, str(initiative.pk)),
            "name": text_of(initiative.title),
            "genre": initiative.get_kind_display(),
            "abstract": text_of(initiative.summary),
            "text": text_of(initiative.text),
            "dateCreated": initiative.launched_on.isoformat() if initiative.launched_on else "",
            "datePublished": initiative.published_at.date().isoformat() if initiative.published_at else "",
            "author": [
                {"@type": "Organization", "name": text_of(row.signature.institution)} for row in shown.signatories
            ],
            "isPartOf": {"@type": "Event", "url": absolute_address(request, "edition", slug)},
        }
    )
