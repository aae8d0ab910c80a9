"""The participation of a row: kind, section, lead, booths, offers and needs, and what no field takes, kept as the
organiser's own fields.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import Truncator

from serai.expo.base.collation import fold
from serai.expo.base.text import in_language
from serai.expo.base.workbooks.domain.grid import letters
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import MarketItem, Need, Offer
from serai.expo.participants.own_fields.domain import column_keys, fits, guess_kind, read_value, tokens_of
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.participants.packages.domain import HANDED_ON
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, IsFirst, Make, Remark
from serai.expo.site.imports.domain.inventory import Stored, keys_of
from serai.expo.site.imports.domain.rows import Parsed, Texts, first_values, language_of
from serai.expo.site.imports.domain.subject import OWN, Sent
from serai.expo.venue.halls.models import Booth, Hall, Stand
from serai.world.classifications.titles import titles as titles_of_code

LONGEST_TITLE = 120
"""Characters of the title of a need that has a description only."""


def participation_record(
    row: Parsed, firm: Firm, draft: Draft, stored: Stored, kind_of_list: str
) -> Drafting[Participation]:
    """The firm's participation, new if there is none of its kind, with the section and package that the row names."""
    kind = _kind(row, firm, draft, kind_of_list)
    participation = next((own for own in draft.owned(firm, Participation) if own.kind == kind), None)
    if participation is None:
        participation = Participation(edition=stored.edition, firm=firm, kind=kind)
        yield Make(participation)
    if participation.state == Participation.State.CANCELLED:
        yield Remark("name", "cancelled")  # only a person who knows the reason may undo it
    is_first = draft.first_of(row.number, participation)
    values = first_values(row, ("pavilion", "area_m2", "support"), is_first)
    if name := row.values.get("section"):
        if (section := stored.sections.get(fold(name))) is None:
            yield Remark("section", "unknown_section", {"known": _titles(stored.sections.values(), "slug")})
        elif is_first("section", section):
            values["section"] = section
    if (name := row.values.get("package")) and is_first("package", name):
        if (package := stored.packages.get(fold(name))) is None:
            yield Remark("package", "unknown_package", {"known": _titles(stored.packages.values(), "code")})
        elif participation.package_id != package.pk:
            values |= {"package": package} | {limit: getattr(package, limit) for limit in HANDED_ON}
    yield Change(participation, values)
    return participation


def _kind(row: Parsed, firm: Firm, draft: Draft, kind_of_list: str) -> str:
    """The kind that the row states, or the list, else the present kind of the exhibitor, else exhibitor."""
    if kind := row.values.get("kind") or kind_of_list:
        return str(kind)
    kinds = {participation.kind for participation in draft.owned(firm, Participation)}
    default = Participation.Kind.CO_EXHIBITOR if "lead" in row.values else Participation.Kind.EXHIBITOR
    return next((kind.value for kind in EXHIBITING if kind in kinds), default.value)


def _titles(named: Iterable[Any], code: str) -> str:
    """The titles of sections or packages, each once."""
    titles = {row.pk: str(in_language(row.title)) or getattr(row, code) for row in named}
    return ", ".join(titles.values()) or "—"


# The exhibitor at whose stand a firm is


def leads_by_name(draft: Draft) -> Mapping[str, Participation]:
    """Participations at whose stand another firm may be, by identifier and key of each name of the firm."""
    leads: dict[str, Participation] = {}
    kinds = (Participation.Kind.EXHIBITOR, Participation.Kind.SERVICE)
    for participation in draft.participations():
        if participation.kind in kinds and participation.state != Participation.State.CANCELLED:
            for key in keys_of(participation.firm):
                leads.setdefault(key, participation)
    return leads


def lead_record(
    row: Parsed, participation: Participation, leads: Mapping[str, Participation], is_first: IsFirst
) -> Drafting[None]:
    """The exhibitor at whose stand the firm is."""
    name = row.values.get("lead")
    if not name or not is_first("lead", name):
        return
    lead = leads.get(name.upper()) or leads.get(name_key(name))
    if lead is None:
        yield Remark("lead", "unknown_lead")
    elif lead.firm is participation.firm:
        yield Remark("lead", "itself_as_lead")
    else:
        yield Change(participation, {"lead": lead})


# Halls and booths


@dataclass(frozen=True)
class HallNames:
    """Codes and folded names of the halls, stored and in the file."""

    codes: Mapping[str, set[str]]
    """Codes by name."""
    names: Mapping[str, set[str]]
    """Names by code."""


def hall_names(halls: Iterable[Hall], rows: Iterable[Parsed]) -> HallNames:
    """The names of the stored halls, and those that rows with one hall give."""
    codes, names = defaultdict(set), defaultdict(set)
    pairs = [(hall.code, title) for hall in halls for title in hall.title.values()]
    for row in rows:
        of_row = set(row.values.get("hall", ()))
        if (title := row.values.get("hall_name")) and len(of_row) == 1:
            pairs.append((of_row.pop(), title))
    for code, title in pairs:
        codes[fold(title)].add(code)
        names[code].add(fold(title))
    return HallNames(codes, names)


def stand_record(row: Parsed, participation: Participation, draft: Draft, names: HallNames) -> Drafting[None]:
    """The booths of the firm, and halls and booths that are new; no booth for a cancelled participation."""
    booths: Sequence[str] = row.values.get("booth", ())
    halls: Sequence[str] = row.values.get("hall", ())
    name: str = row.values.get("hall_name", "")
    if participation.state == Participation.State.CANCELLED or not (booths or halls or name):
        return
    if len(set(halls)) > 1:
        name = ""  # the row does not tell which of the halls has this name
        if len(halls) != len(booths):
            yield Remark("booth", "halls_and_booths_differ", {"halls": len(halls), "booths": len(booths)})
            return
    else:
        halls = [_hall_code(halls[0] if halls else "", name, draft.halls, names)] * max(len(booths), 1)
    if not all(halls):
        yield Remark("booth", "booth_without_hall")
        return
    for index, code in enumerate(halls):
        yield from _hall(row, code, name, participation.edition, draft)
        if booths:
            yield from _stand(participation, draft.halls[code], booths[index], draft)


def _hall_code(code: str, name: str, halls: Mapping[str, Hall], names: HallNames) -> str:
    """The code under which the hall is kept; empty where it is not certain.

    Some lists give one code to several halls, or several codes to one hall, since the code is that of a plan or a
    building: then the name tells the halls apart. Without code and name it is the only hall, or hall 1 if there is
    none.
    """
    if name:
        codes = names.codes.get(fold(name), set())
        certain = codes if not code else codes & {code} if len(names.names.get(code, ())) == 1 else set()
        return next(iter(certain)) if len(codes) == len(certain) == 1 else name
    if code or not halls:
        return code or "1"
    return next(iter(halls)) if len(halls) == 1 else ""


def _hall(row: Parsed, code: str, name: str, edition: Edition, draft: Draft) -> Drafting[None]:
    if code not in draft.halls:
        yield Make(Hall(edition=edition, code=code, order=len(draft.halls) + 1))
    hall = draft.halls[code]
    if name and not hall.title:
        yield Change(hall, {"title": {language_of(name, row.values.get("language", ""), row.country): name}})


def _stand(participation: Participation, hall: Hall, code: str, draft: Draft) -> Drafting[None]:
    edition = participation.edition
    if (hall.code, code) not in draft.booths:
        yield Make(Booth(edition=edition, hall=hall, code=code))
    booth = draft.booths[hall.code, code]
    if all(stand.booth != booth for stand in draft.owned(participation, Stand)):
        yield Make(Stand(edition=edition, booth=booth, participation=participation))


# Offers and needs


def item_record(row: Parsed, participation: Participation, draft: Draft) -> Drafting[None]:
    """The offers and needs of the row; codes alone are offers, or needs of a buyer."""
    codes: Sequence[str] = row.values.get("hs", ())
    offers, needs = row.offers, row.needs
    if codes and not (offers or needs):
        goods = tuple(dict(titles_of_code("hs", code)) for code in codes)
        offers, needs = ((), goods) if participation.kind == Participation.Kind.BUYER else (goods, ())
    yield from _items(Offer, participation, draft, offers, codes)
    more = row.values.get("needs_text", "")
    text = {language_of(more, row.values.get("language", ""), row.country): more} if more else {}
    if text and not needs and participation.kind == Participation.Kind.BUYER:
        needs = ({language: Truncator(" ".join(more.split())).chars(LONGEST_TITLE) for language in text},)
    yield from _items(Need, participation, draft, needs, () if offers else codes, text)


def _items(
    model: type[MarketItem],
    participation: Participation,
    draft: Draft,
    titles: Sequence[Texts],
    codes: Sequence[str],
    text: Texts | None = None,
) -> Drafting[None]:
    """Items with these titles and their codes; a text is kept with those that have none."""
    own = draft.owned(participation, model)
    by_title = {(language, fold(text)): item for item in own for language, text in item.title.items()}
    codes_of = _codes_of(titles, codes)
    for index, title in enumerate(titles):
        keys = [(language, fold(text)) for language, text in title.items()]
        item = next((by_title[key] for key in keys if key in by_title), None)
        if item is None:
            number = max((other.number for other in draft.owned(participation, model)), default=0) + 1
            item = model(edition=participation.edition, participation=participation, number=number)
            yield Make(item)
        hs = [*item.hs, *(code for code in codes_of[index] if code not in item.hs)]
        yield Change(
            item, {"title": {**title, **item.title}, "hs": hs} | ({"text": text} if text and not item.text else {})
        )
        by_title |= dict.fromkeys(keys, item)


def _codes_of(titles: Sequence[Texts], codes: Sequence[str]) -> list[list[str]]:
    """The codes of each item: one each where there are as many, else each code is that of the item it fits best."""
    if len(codes) == len(titles):
        return [[code] for code in codes]
    codes_of: list[list[str]] = [[] for _title in titles]
    if len(titles) <= 1 or not codes:
        return [list(codes) for _title in titles]
    # These load the encoder: only where codes are to be parted.
    from serai.match.codes.phrases import CodeKind
    from serai.match.codes.suggestion import evidences

    headings, evidence = evidences(["\n".join(title.values()) for title in titles], kinds=[CodeKind.HS])[CodeKind.HS]
    for code in codes:
        within = [number for number, heading in enumerate(headings) if heading.startswith(code[:4])]
        codes_of[int(evidence[:, within].sum(axis=1).argmax())].append(code)
    return codes_of


MOST_LISTED = 5
"""So many own fields are columns of the list of participants by themselves."""


@dataclass(frozen=True)
class OwnColumns:
    """The own columns of a list: the field of each, stored or new, and the records of stored participations."""

    fields: Mapping[int, OwnField]
    """By column."""
    cells: Mapping[int, Sequence[str]]
    """By row number."""
    records: dict[int, OwnRecord] = field(default_factory=dict)
    """By ``id`` of the participation: new ones have no primary key yet."""


def own_columns(sent: Sent, participations: Sequence[Participation]) -> OwnColumns:
    """The own columns of a list that have a cell, in two queries."""
    wanted = [column for column, name in sent.mapped.items() if name == OWN]
    cells = dict(sent.rows)
    of_column = {column: [_cell(row, column) for row in cells.values()] for column in wanted}
    filled = [column for column in wanted if any(of_column[column])]
    if not filled:
        return OwnColumns({}, cells)
    stored = {row.column: row for row in OwnField.objects.filter(edition=sent.edition)}
    keys = column_keys(sent.header)
    last = max((int(row.key.removeprefix("f")) for row in stored.values()), default=0)
    listed = sum(row.listed for row in stored.values())
    fields: dict[int, OwnField] = {}
    for column in filled:
        own = stored.get(keys[column])
        if own is None:
            last, listed = last + 1, listed + 1
            kind = guess_kind([cell for cell in of_column[column] if cell])
            own = _new(sent, column, keys[column], f"f{last}", kind, listed=listed <= MOST_LISTED)
        fields[column] = own
    numbers = {row.pk: id(row) for row in participations if row.pk}
    records = {
        numbers[record.participation_id]: record
        for record in OwnRecord.objects.filter(edition=sent.edition)
        if record.participation_id in numbers
    }
    return OwnColumns(fields, cells, records)


def _new(sent: Sent, column: int, name: str, key: str, kind: OwnField.Kind, *, listed: bool) -> OwnField:
    title = sent.header[column][:300] or f"Column {letters(column)}"
    edition: Edition = sent.edition
    return OwnField(
        edition=edition, key=key, column=name, title={language_of(title, "", ""): title}, kind=kind, listed=listed
    )


def own_record(number: int, participation: Participation, own: OwnColumns, draft: Draft) -> Drafting[None]:
    """What a row says in the own columns. A blank cell changes nothing."""
    is_first = draft.first_of(number, participation)
    values: dict[str, Any] = {}
    for column, own_field in own.fields.items():
        if not (cell := _cell(own.cells[number], column)):
            continue
        if own_field._state.adding and own_field not in draft.own_fields:
            yield Make(own_field)
        value = read_value(own_field.kind, cell)
        if not fits(own_field.kind, value):
            yield Remark(f"{OWN}:{column}", f"own_no_{own_field.kind}")
        if is_first(f"{OWN}:{column}", value):
            values[own_field.key] = value
    if not values:
        return
    record = own.records.get(id(participation))
    if record is None:
        record = OwnRecord(edition=participation.edition, participation=participation)
        record.values, record.tokens = values, tokens_of(values)
        own.records[id(participation)] = record
        yield Make(record)
        return
    together = {**record.values, **values}
    if together != record.values:
        yield Change(record, {"values": together, "tokens": tokens_of(together)})


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""
