"""The search text of a participation: all terms by which the exhibitor directory finds it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Prefetch, QuerySet

from serai.expo.base.signals import Hook
from serai.expo.fairs.edition.domain.slots import texts
from serai.expo.fairs.edition.models import Participation, Section
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import PUBLISHED, MarketItem, Need, Offer
from serai.match.search import terms

SEARCHED = tuple(field for field in FIRM.values() if field.searched)
_BATCH = 2_000

booth_codes = Hook[[Collection[int]], Mapping[int, Sequence[str]]]("codes of the booths of participants")
"""Answers with the codes by participation; both are primary keys."""


def search_tokens(
    firm: Firm, items: Iterable[MarketItem], *, section: Section | None = None, booths: Iterable[str] = ()
) -> str:
    """The terms of a participant's names, texts, items, section and booth codes, each once, between spaces.

    Names come first, because a search ranks the first terms highest; names are not stemmed.
    """
    items = list(items)
    lines = [getattr(firm, field.name) for field in SEARCHED if field.kind == "line"]
    short = [getattr(firm, field.name) for field in SEARCHED if field.kind == "texts" and not field.long]
    names = (*lines, firm.identifier, *texts(*short), *booths)
    spoken = [getattr(firm, field.name) for field in SEARCHED if field.long]
    spoken += [text for item in items for text in (item.title, item.summary, item.text)]
    spoken += [section.title] if section else []
    groups = [terms(name) for name in names]
    groups += [terms(text, language) for by_language in spoken for language, text in by_language.items()]
    groups += [terms(code) for item in items for code in item.hs]
    unique = dict.fromkeys(term for group in groups for term in group)
    return f" {' '.join(unique)} " if unique else ""


def refresh_tokens(participations: QuerySet[Participation]) -> int:
    """Write the search text of these participations again. Returns their number."""
    loaded = list(
        participations.select_related("firm", "section").prefetch_related(
            Prefetch("offers", Offer._base_manager.filter(PUBLISHED)),
            Prefetch("needs", Need._base_manager.filter(PUBLISHED)),
        )
    )
    booths: dict[int, list[str]] = defaultdict(list)
    for answer in booth_codes.call([participation.pk for participation in loaded]):
        for key, codes in answer.items():
            booths[key] += codes
    for participation in loaded:
        participation.tokens = search_tokens(
            participation.firm,
            [*participation.offers.all(), *participation.needs.all()],
            section=participation.section,
            booths=booths[participation.pk],
        )
    Participation._base_manager.bulk_update(loaded, ["tokens"], batch_size=_BATCH)
    for model in (Offer, Need):  # theirs are made when somebody looks for words on the market
        model._base_manager.filter(participation__in=loaded).exclude(tokens="").update(tokens="")
    return len(loaded)
