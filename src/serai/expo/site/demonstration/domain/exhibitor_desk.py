"""The desk of an exhibitor: tasks, questions at registration with answers, leads, and the contract of its booth."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.leads.models import Lead
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.participants.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.people.account.models import User
from serai.expo.site.demonstration.domain.content import read
from serai.expo.venue.contracts.domain.contracts import confirmed_stands, offer, publish_terms


def desk_tasks(edition: Edition, exhibitor: Participation) -> list[DeskTask | DeskTaskDone]:
    """Tasks with their days, and that the exhibitor has read the manual. Unsaved."""
    tasks = [
        DeskTask(
            edition=edition,
            due_on=edition.starts_on - timedelta(days=row["days_before"]),
            **{name: value for name, value in row.items() if name != "days_before"},
        )
        for row in read("desk_tasks.toml")["tasks"]
    ]
    manual = next(task for task in tasks if task.code == "manual")
    done_at = exhibitor.entered_at
    return [*tasks, DeskTaskDone(edition=edition, task=manual, participation=exhibitor, done_at=done_at)]


def questions(
    edition: Edition, exhibitors: Sequence[Participation], buyers: Sequence[Participation]
) -> list[RegistrationQuestion | RegistrationAnswer]:
    """A question for exhibitors, one for buyers, one for delegations and the press; answers of some firms. Unsaved."""
    asked = [
        RegistrationQuestion(
            edition=edition,
            kinds=row["kinds"],
            form=row["form"],
            title=row["title"],
            help=row.get("help", {}),
            choices=[{"key": str(key), "title": title} for key, title in enumerate(row.get("choices", []), start=1)],
            order=order,
        )
        for order, row in enumerate(read("questions.toml")["questions"])
    ]
    answers = [
        RegistrationAnswer(
            edition=edition, participation=firm, question=question, value=value, answered_at=firm.entered_at
        )
        for question, firms, values in (
            (asked[0], exhibitors, (True, False, True)),
            (asked[1], buyers, (["1", "3"], ["2"], ["1"])),
        )
        for firm, value in zip(firms, values, strict=False)
    ]
    return [*asked, *answers]


def leads(exhibitor: Participation, buyers: Iterable[Participation]) -> list[Lead]:
    """Leads of the exhibitor, each at one of these buyers. Unsaved."""
    edition = exhibitor.edition
    return [
        Lead(
            edition=edition,
            participation=exhibitor,
            other=buyer,
            firm_name=in_language(buyer.firm.name, "en").text,
            next_on=edition.ends_on + timedelta(days=7) if person["next_step"] else None,
            met_at=exhibitor.entered_at,
            **person,
        )
        for person, buyer in zip(read("people.toml")["leads"], buyers, strict=False)
    ]


def contract(edition: Edition, exhibitor: Participation, by: User) -> None:
    """Offer the exhibitor the contract of its booth, which waits for its signature."""
    texts = read("contracts.toml")
    publish_terms(edition, texts["text"], party=texts["party"], language="zh-hans", currency="USD", by=by)
    stand = confirmed_stands(edition).filter(participation=exhibitor).first()
    if stand is not None:
        offer(stand, by=by)
