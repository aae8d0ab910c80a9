"""What the search of the directory looks in."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from serai.expo.fairs.edition.domain.slots import texts
from serai.expo.fairs.edition.models import Participation, Section
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import PUBLISHED, MarketItem, Need, Offer
from serai.expo.venue.halls.models import Booth
from serai.match.search import terms

SEARCHED = tuple(field for field in FIRM.values() if field.searched)
_BATCH = 2_000


def search_tokens(
    firm: Firm, items: Iterable[MarketItem], *, section: Section | None = None, booths: Iterable[Booth] = ()
) -> str:
    """The terms of a participant's names, texts, items, section and booths, each once, between spaces.

    Names come first, for a search puts what stands at the head above what is only mentioned; names have no stems.
    """
    items = list(items)
    lines = [getattr(firm, field.name) for field in SEARCHED if field.kind == "line"]
    short = [getattr(firm, field.name) for field in SEARCHED if field.kind == "texts" and not field.long]
    names = (*lines, firm.identifier, *texts(*short), *(booth.code for booth in booths))
    spoken = [getattr(firm, field.name) for field in SEARCHED if field.long]
    spoken += [text for item in items for text in (item.title, item.summary, item.text)]
    spoken += [section.title] if section else []
    said = [terms(name) for name in names]
    said += [terms(text, language) for each in spoken for language, text in each.items()]
    said += [terms(code) for item in items for code in item.hs]
    found = dict.fromkeys(term for each in said for term in each)
    return f" {' '.join(found)} " if found else ""


def refresh_tokens(participations: QuerySet[Participation]) -> int:
    """Write the search text of these participants anew. Returns how many there are."""
    loaded = list(
        participations.select_related("firm", "section").prefetch_related(
            Prefetch("offers", Offer._base_manager.filter(PUBLISHED)),
            Prefetch("needs", Need._base_manager.filter(PUBLISHED)),
            Prefetch("booths", Booth._base_manager.all()),
        )
    )
    for one in loaded:
        items = [*one.offers.all(), *one.needs.all()]
        one.tokens = search_tokens(one.firm, items, section=one.section, booths=one.booths.all())
    Participation._base_manager.bulk_update(loaded, ["tokens"], batch_size=_BATCH)
    for model in (Offer, Need):  # theirs are made when somebody looks for words on the market
        model._base_manager.filter(participation__in=loaded).exclude(tokens="").update(tokens="")
    return len(loaded)
