"""The desk of an exhibitor and its market: tasks, questions at registration, leads, the contract of a booth,
packages, quotations, and declared sources.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Certification
from serai.expo.insight.exposure.domain.sources import Said, Source, declare
from serai.expo.meetings.leads.models import Lead
from serai.expo.offers.chains.models import Node
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.models import Agreement, Interest, Need, Offer
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.participants.packages.models import Package
from serai.expo.participants.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.people.account.models import User
from serai.expo.site.demonstration.domain.content import read
from serai.expo.site.demonstration.domain.entrants import Entrant
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


def packages(edition: Edition) -> list[Package]:
    """A small and a large package. Unsaved."""
    rows = read("market.toml")["packages"]
    return [Package(edition=edition, currency="USD", order=order, **row) for order, row in enumerate(rows)]


def deal(
    exhibitors: Sequence[Entrant],
    buyers: Sequence[Entrant],
    packages: Sequence[Package],
    certifications: Iterable[Certification],
) -> None:
    """Give each exhibitor a package and its first offer the firm's certificates; fill in an offer and two needs."""
    basic, partner = packages
    small, leading = (
        [entrant.participation.pk for entrant in exhibitors if bool(entrant.leads) is leads] for leads in (False, True)
    )
    Participation.objects.filter(pk__in=small, kind=Participation.Kind.EXHIBITOR).update(package=basic)
    Participation.objects.filter(pk__in=leading).update(
        package=partner, seats=partner.seats, meetings_maximum=partner.meetings_maximum
    )
    first = {entrant.firm.pk: entrant.offers[0].pk for entrant in exhibitors if entrant.offers}
    certified = Offer.certifications.through
    certified._base_manager.bulk_create(
        certified(offer_id=first[row.firm_id], certification_id=row.pk)
        for row in certifications
        if row.firm_id in first
    )
    texts, last_day = read("market.toml"), exhibitors[0].participation.edition.ends_on
    _fill(exhibitors[0].offers[0], texts["offer"] | {"valid_until": last_day + timedelta(days=180)})
    need, unnamed = buyers[0].needs[0], next(entrant for entrant in buyers[1:] if entrant.needs).needs[0]
    _fill(need, texts["need"] | {"delivery_until": last_day + timedelta(days=90)})
    _fill(unnamed, {"anonymous": True, "valid_until": last_day + timedelta(days=180)})
    _interest(unnamed, exhibitors[0].participation, texts["interests"]["unnamed"])
    for entrant, quotation in zip(exhibitors[1:4], texts["quotations"], strict=False):
        interest = _interest(need, entrant.participation, texts["interests"]["quoted"])
        Quotation.objects.create(
            edition=need.edition,
            interest=interest,
            version=1,
            per=Decimal(1_000),
            unit="H87",
            quantity=Decimal(20_000),
            valid_until=last_day + timedelta(days=60),
            said_at=interest.said_at,
            **quotation,
        )


def _fill(item: Offer | Need, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    item.save()


def _interest(need: Need, asker: Participation, texts: dict[str, str]) -> Interest:
    return Interest.objects.create(
        edition=need.edition, need=need, asker=asker, agreement=Agreement.SUPPLY, said_at=asker.entered_at, **texts
    )


def declare_sources(desks: Mapping[str, Participation], users: Mapping[str, User]) -> None:
    """Declare the sources of each desk, by the name of its user in the demonstration."""
    nodes = {f"{node.chain.slug}/{node.code}": node for node in Node.objects.select_related("chain")}
    for name, rows in read("sources.toml").items():
        for row in rows:
            sources = tuple(Source(country, firm, Decimal(share)) for country, firm, share in row["sources"])
            said = Said(sources, Decimal(row["stock_weeks"]))
            declare(desks[name], nodes[row["node"]], said, user=users[name])
