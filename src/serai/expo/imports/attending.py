"""What a row of an import says of the firm at the fair: as what it takes part, with whom, and where it stands."""

from collections.abc import Sequence
from typing import Any

from serai.expo.editions.models import Participation
from serai.expo.firms.models import Firm
from serai.expo.firms.names import fold, name_key
from serai.expo.halls.models import Booth, Hall, Stand
from serai.expo.imports.rows import Parsed, language_of
from serai.expo.imports.work import RowPlan, Work, first_heard, hear, note
from serai.expo.packages.granting import HANDED_ON
from serai.expo.text import in_language

EXHIBITING = (Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR, Participation.Kind.SERVICE)


def take_part(work: Work, row: Parsed, row_plan: RowPlan) -> None:
    """Let the firm take part in the fair, in the section and with the package that the row names."""
    firm = row_plan.firm
    assert firm
    kind = _kind(work, firm, row)
    participation = work.stored.taking_part.get((id(firm), kind))
    if participation is None:
        participation = Participation(edition=work.edition, firm=firm, kind=kind)
        work.stored.enter(work.draft.make(participation, row.number))
    row_plan.participation = participation
    if participation.state == Participation.State.CANCELLED:
        note(work, row_plan, "name", "cancelled")  # that is undone by hand alone, by who knows why it was
    heard = first_heard(work, row, row_plan, participation, ("pavilion", "area_m2", "support"))
    if said := row.values.get("section"):
        if (section := work.stored.sections.get(fold(said))) is None:
            known = {one.pk: str(in_language(one.title)) or one.slug for one in work.stored.sections.values()}
            note(work, row_plan, "section", "unknown_section", known=", ".join(known.values()) or "—")
        elif hear(work, row_plan, participation, "section", section):
            heard["section"] = section
    if (said := row.values.get("package")) and hear(work, row_plan, participation, "package", said):
        heard |= _package(work, row_plan, participation, said)
    work.draft.change(participation, row.number, **heard)


def _package(work: Work, row_plan: RowPlan, participation: Participation, said: str) -> dict[str, Any]:
    """The package that is named, with what follows from it where it is another than before."""
    package = work.stored.packages.get(fold(said))
    if package is None:
        known = dict.fromkeys(str(in_language(one.title)) or one.code for one in work.stored.packages.values())
        note(work, row_plan, "package", "unknown_package", known=", ".join(known) or "—")
        return {}
    if participation.package_id == package.pk:
        return {}
    return {"package": package} | {name: getattr(package, name) for name in HANDED_ON}


def _kind(work: Work, firm: Firm, row: Parsed) -> str:
    """As what the firm takes part: as the row says, else as it exhibits already, else as an exhibitor."""
    if said := row.values.get("kind"):
        return str(said)
    already = [kind.value for kind in EXHIBITING if (id(firm), kind) in work.stored.taking_part]
    default = Participation.Kind.CO_EXHIBITOR if "lead" in row.values else Participation.Kind.EXHIBITOR
    return already[0] if already else default.value


def join_lead(work: Work, row: Parsed, row_plan: RowPlan) -> None:
    """Let the firm stand with the one that the row names as its leader."""
    said, participation = row.values.get("lead"), row_plan.participation
    if not said or not hear(work, row_plan, participation, "lead", said):
        return
    assert participation
    lead = work.leads.get(said.upper()) or work.leads.get(name_key(said))
    if lead is None:
        note(work, row_plan, "lead", "unknown_lead")
    elif lead.firm is participation.firm:
        note(work, row_plan, "lead", "itself_as_lead")
    else:
        work.draft.change(participation, row.number, lead=lead)


def stand(work: Work, row: Parsed, row_plan: RowPlan) -> None:
    """Give the firm its booths, and make the halls and booths that are new; none to who was cancelled."""
    if row_plan.participation and row_plan.participation.state == Participation.State.CANCELLED:
        return
    booths: Sequence[str] = row.values.get("booth", ())
    halls: Sequence[str] = row.values.get("hall", ())
    name: str = row.values.get("hall_name", "")
    if not (booths or halls or name):
        return
    if len(set(halls)) > 1:
        name = ""  # it is not said of which of them it is the name
        if len(halls) != len(booths):
            note(work, row_plan, "booth", "halls_and_booths_differ", halls=len(halls), booths=len(booths))
            return
    else:
        halls = [_hall_code(work, halls[0] if halls else "", name)] * max(len(booths), 1)
    if not all(halls):
        note(work, row_plan, "booth", "booth_without_hall")
        return
    for index, code in enumerate(halls):
        hall = _hall(work, row, code, name)
        if booths:
            _take_booth(work, row_plan, hall, booths[index])


def _hall_code(work: Work, code: str, name: str) -> str:
    """The code under which the hall is kept; empty where it is not certain.

    Lists give one code to several halls, or several to one, when it is that of a plan or a building: then the name
    tells them apart. A fair whose list has neither has the one hall that is there, or hall 1.
    """
    if name:
        codes = work.codes_of_hall.get(fold(name), set())
        of_one = codes if not code else codes & {code} if len(work.names_of_hall.get(code, ())) == 1 else set()
        return next(iter(of_one)) if len(codes) == len(of_one) == 1 else name
    if code or not work.stored.halls:
        return code or "1"
    return next(iter(work.stored.halls)) if len(work.stored.halls) == 1 else ""


def _hall(work: Work, row: Parsed, code: str, name: str) -> Hall:
    hall = work.stored.halls.get(code)
    if hall is None:
        order = len(work.stored.halls) + 1
        hall = work.draft.make(Hall(edition=work.edition, code=code, order=order), row.number)
        work.stored.halls[code] = hall
    if name and not hall.title:
        language = language_of(name, row.values.get("language", ""), row.country)
        work.draft.change(hall, row.number, title={language: name})
    return hall


def _take_booth(work: Work, row_plan: RowPlan, hall: Hall, code: str) -> None:
    participation = row_plan.participation
    assert participation
    booth = work.stored.booths.get((hall.code, code))
    if booth is None:
        booth = work.draft.make(Booth(edition=work.edition, hall=hall, code=code), row_plan.number)
        work.stored.booths[hall.code, code] = booth
    contents = work.stored.contents[id(participation)]
    if booth not in contents.booths:
        stand = Stand(edition=work.edition, booth=booth, participation=participation)
        work.draft.make(stand, row_plan.number)
        contents.booths.append(booth)
