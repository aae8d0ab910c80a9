"""What a row of an import says that the firm offers and needs."""

from collections.abc import Sequence

from serai.expo.editions.models import Participation
from serai.expo.firms.names import fold
from serai.expo.imports.rows import Parsed, Texts
from serai.expo.imports.work import RowPlan, Work
from serai.expo.market.models import MarketItem, Need, Offer
from serai.world.classifications import harmonized_system


def offer_and_need(work: Work, row: Parsed, row_plan: RowPlan) -> None:
    """Take the offers and needs of the row; codes alone are offers, or needs of a buyer."""
    participation = row_plan.participation
    assert participation
    contents = work.stored.contents[id(participation)]
    codes: Sequence[str] = row.values.get("hs", ())
    offers, needs = row.offers, row.needs
    if codes and not (offers or needs):
        goods = tuple({"en": _title(code)} for code in codes)
        offers, needs = ((), goods) if participation.kind == Participation.Kind.BUYER else (goods, ())
    _add_items(work, row_plan, Offer, contents.offers, offers, codes)
    _add_items(work, row_plan, Need, contents.needs, needs, () if offers else codes)


def _add_items[Item: MarketItem](
    work: Work, row_plan: RowPlan, model: type[Item], there: list[Item], titles: Sequence[Texts], codes: Sequence[str]
) -> None:
    """Add the items that are not there yet. The codes are one an item where there are as many, else all of each."""
    known = {(language, fold(text)): item for item in there for language, text in item.title.items()}
    for index, title in enumerate(titles):
        keys = [(language, fold(text)) for language, text in title.items()]
        item = next((known[key] for key in keys if key in known), None)
        if item is None:
            number = max((one.number for one in there), default=0) + 1
            participation = row_plan.participation
            made = model(edition=work.edition, participation=participation, number=number)
            item = work.draft.make(made, row_plan.number)
            there.append(item)
        own = codes[index : index + 1] if len(codes) == len(titles) else codes
        hs = [*item.hs, *(code for code in own if code not in item.hs)]
        work.draft.change(item, row_plan.number, title={**title, **item.title}, hs=hs)
        known |= dict.fromkeys(keys, item)


def _title(code: str) -> str:
    """The title of an HS code: that of its heading, or of its chapter."""
    known = harmonized_system.chapter(code) if len(code) == 2 else harmonized_system.heading(code[:4])
    return known.title
