"""The tasks of the demonstration's exhibitors, the staff of two of them, and the leads of one."""

from datetime import timedelta

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.leads.models import Asked, Lead
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.programme.badges.models import Badge
from serai.expo.site.demonstration.domain.content import read


def desk_tasks(edition: Edition) -> list[DeskTask]:
    """What exhibitors have to do, so many days before the fair. Not yet written."""
    return [
        DeskTask(
            edition=edition,
            code=row["code"],
            title=row["title"],
            text=row["text"],
            page=row.get("page", ""),
            kinds=row.get("kinds", []),
            wants_file=row.get("wants_file", False),
            due_on=edition.starts_on - timedelta(days=row["days_before"]),
        )
        for row in read("desk_tasks.toml")["tasks"]
    ]


def ticked(tasks: list[DeskTask], participation: Participation) -> list[DeskTaskDone]:
    """That the exhibitor has read the manual. Not yet written."""
    return [
        DeskTaskDone(edition=one.edition, task=one, participation=participation, done_at=participation.entered_at)
        for one in tasks
        if one.code == "manual"
    ]


STAFF = (
    ("林晓岚", "zh-hans", "Lin Xiaolan", "市场总监"),
    ("سلمى الهاشمي", "ar", "Salma Al Hashimi", "مديرة التصدير"),
    ("Inés Ferreira Prado", "es", "", "Ingeniera de aplicaciones"),
)


def badges(edition: Edition, *participations: Participation) -> list[Badge]:
    """Three invented people at each of these booths. Not yet written."""
    return [
        Badge(
            edition=edition,
            participation=one,
            kind=one.kind,
            name=name,
            language=language,
            name_latin=latin,
            position=position,
            made_at=one.entered_at,
        )
        for one in participations
        for name, language, latin, position in STAFF
    ]


MET = (
    ("Ngozi Eze", "Head of sourcing", 5, Asked.PRICE, "Send prices for a first container"),
    ("陈嘉禾", "采购经理", 4, Asked.SAMPLE, "Send samples of two grades"),
    ("Rania Haddad", "Category manager", 3, Asked.DATA, "Send the certificates"),
    ("Tomás Quiroga", "Jefe de compras", 2, Asked.CATALOGUE, ""),
)


def leads(participation: Participation, others: list[Participation]) -> list[Lead]:
    """Whom the exhibitor met, each at a buyer of the fair. Not yet written."""
    edition = participation.edition
    return [
        Lead(
            edition=edition,
            participation=participation,
            other=other,
            person=person,
            position=position,
            firm_name=in_language(other.firm.name, "en").text,
            rating=rating,
            asked=[asked],
            next_step=step,
            next_on=edition.ends_on + timedelta(days=7) if step else None,
            met_at=participation.entered_at,
        )
        for (person, position, rating, asked, step), other in zip(MET, others, strict=False)
    ]
