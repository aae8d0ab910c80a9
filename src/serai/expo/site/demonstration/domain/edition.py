"""Making the demonstration edition, and taking it away again."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition import models as editions
from serai.expo.fairs.edition.models import Edition, Participation, Section, SizeRule
from serai.expo.fairs.mailing.models import MailTemplate, Segment
from serai.expo.firms.record.models import Certification, Firm, FirmIdentifier, Flow, Plant
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeParty
from serai.expo.meetings.requests.models import Meeting, Wish
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.chains.models import Chain, ChainPosition, Node
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.search.domain.index import index_later
from serai.expo.offers.search.domain.search_text import search_tokens
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.participants.packages.models import Package
from serai.expo.participants.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.people.account.domain import consents
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.sessions.models import Appearance, Forum, Release, Room, Session, Speaker
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.site.demonstration.domain import (
    buyer_desk,
    hosted_buyers,
    market,
    organiser_desk,
    outcomes,
    proposals,
    registration,
)
from serai.expo.site.demonstration.domain import report as reporting
from serai.expo.site.demonstration.domain.buyers import buyers
from serai.expo.site.demonstration.domain.content import read
from serai.expo.site.demonstration.domain.desk_tasks import badges, desk_tasks, leads, ticked
from serai.expo.site.demonstration.domain.dossiers import dossiers, positions
from serai.expo.site.demonstration.domain.entrants import Desk, Entrant
from serai.expo.site.demonstration.domain.exhibitors import exhibitors
from serai.expo.site.demonstration.domain.floor import halls, stands, tables
from serai.expo.site.demonstration.domain.guests import guests, speak_for, tell
from serai.expo.site.demonstration.domain.names import host_brands
from serai.expo.site.demonstration.domain.programme import programme, releases
from serai.expo.site.demonstration.domain.wishes import wishes
from serai.expo.venue.halls.models import Booth, Hall, Stand, TableArea
from serai.world.progress import Progress, silent

type Phase = Literal["before", "after"]

SLUG = "demo"
SEED = 2023
_BATCH = 500
EUROPEAN_SIZES = {
    "micro_employees": 10,
    "small_employees": 50,
    "medium_employees": 250,
    "micro_turnover": 2,
    "small_turnover": 10,
    "medium_turnover": 50,
}
"""The fair's rule of size classes: that of the European Commission (2003/361/EC)."""


class DemoExistsError(Exception):
    """The demonstration edition is there already, or its name is another edition's."""


def demo_exists() -> bool:
    """Whether there is a demonstration edition."""
    return Edition.objects.filter(slug=SLUG, fictional=True).exists()


@transaction.atomic
def create_demo(
    *, password: str, seed: int = SEED, phase: Phase = "before", progress: Progress | None = None
) -> Edition:
    """Make the demonstration edition with its organisation, four users, firms, halls, programme and wishes.

    The same seed makes the same fair on the same day, identifiers and all. In the phase "before" the fair is to come
    within days; "after" moves it into the past and adds meetings held and outcomes. The users organiser@, reviewer@,
    exhibitor@ and buyer@demo.example sign in with ``password``. Raises DemoExistsError.
    """
    if Edition.objects.filter(slug=SLUG).exists():
        raise DemoExistsError(f"There is an edition called '{SLUG}' already; delete it first or keep it.")
    report = progress or silent
    random = Random(seed)  # noqa: S311 - a fair that is the same each time, no secret

    report("Loading the chains", 0.0)
    chains = {chain.slug: chain for chain in load_builtin_chains()}
    edition = _edition(phase)
    with scope(edition=edition):
        sections = _sections(edition, chains)
        report("Inventing the exhibitors", 0.05)
        desk = Desk(edition, random, set(Firm.objects.values_list("identifier", flat=True)))
        brands = host_brands(random)
        exhibiting = exhibitors(desk, brands)
        for entrant in exhibiting:
            entrant.participation.section = sections[entrant.trade.chain]
        report("Inventing the buyers", 0.15)
        buying = buyers(desk, brands)
        belonging = dossiers(seed, exhibiting, buying)
        report("Setting up the halls", 0.3)
        built, standing = _floor(edition, sections, exhibiting)
        report("Writing firms, offers and needs", 0.35)
        _write_entrants([*exhibiting, *buying], standing)
        _write(FirmIdentifier, belonging.identifiers)
        _write(Plant, belonging.plants)
        _write(Certification, belonging.certifications)
        _write(Flow, belonging.flows)
        nodes = {(node.chain.slug, node.code): node for node in Node.objects.select_related("chain")}
        _write(ChainPosition, positions(seed, exhibiting, nodes, edition.organisation))
        _write(editions.Phase, organiser_desk.phases(edition, timezone.now()))
        _write(SizeRule, [SizeRule(edition=edition, **EUROPEAN_SIZES)])
        _write(Hall, built)
        _write(TableArea, tables(built))
        _write(Booth, list({id(stand.booth): stand.booth for stand in standing}.values()))
        _write(Stand, standing)
        planned = programme(edition, chains)
        _write(Room, list(planned.rooms))
        _write(Forum, list(planned.forums))
        _write(Session, list(planned.sessions))
        _write(Speaker, list(planned.speakers))
        _write(Appearance, list(planned.appearances))
        _write(Release, releases(edition, planned.sessions))
        tasks = _write(DeskTask, desk_tasks(edition))
        _write(DeskTaskDone, ticked(tasks, exhibiting[0].participation))
        _write(Badge, badges(edition, exhibiting[0].participation, exhibiting[1].participation))
        _write(Badge, guests(edition, [one.participation for one in buying[:3]], planned.speakers[:2]))
        asked = _write(RegistrationQuestion, registration.questions(edition))
        _write(
            RegistrationAnswer,
            registration.answers(
                asked, [one.participation for one in exhibiting[:3]], [one.participation for one in buying[:3]]
            ),
        )
        _write(AssistanceCase, organiser_desk.cases(edition, seed, exhibiting, over=phase == "after"))
        market.deal(exhibiting, buying, _write(Package, market.packages(edition)), belonging.certifications)
        _write(Segment, organiser_desk.segments(edition))
        _write(MailTemplate, organiser_desk.letters(edition))
        report("Writing the wishes", 0.6)
        wished = _write(Wish, wishes(edition, random, exhibiting, buying))
        if phase == "after":
            _write_aftermath(edition, random, [*exhibiting, *buying], standing, wished)
            _write(Lead, leads(exhibiting[0].participation, [one.participation for one in buying[:4]]))
        users = _users(edition.organisation, password, {"exhibitor": exhibiting[0], "buyer": buying[0]})
        speak_for(edition, exhibiting[0].participation, users["exhibitor"])
        hosted_buyers.hosted(edition, buying, users["buyer"])
        own = {"exhibitor": exhibiting[0].participation, "buyer": buying[0].participation}
        proposals.propose(edition, users, own, [users["organisation"], users["reviewer"]])
        if phase == "before":
            buyer_desk.arrange(edition, exhibiting, buying, users["buyer"])
            buyer_desk.vetting(edition, exhibiting)
            buyer_desk.taken_out(edition, exhibiting, users["organisation"])
            buyer_desk.contract(edition, exhibiting[0].participation, users["organisation"])
            tell(edition, buying[0].participation, users["buyer"], by=users["organisation"])
        seen_to = AssistanceCase.objects.filter(edition=edition).exclude(state=AssistanceCase.State.ASKED)
        seen_to.update(responsible=User.objects.filter(roles__organisation=edition.organisation).order_by("pk").first())
    place_edition(edition, lambda what, share: report(what, 0.65 + 0.35 * share))
    with scope(edition=edition):
        reporting.publish_report(edition, next(iter(chains)), user=users["organisation"])
    index_later(edition)
    record("demo.created", edition, after=state(edition) | {"seed": seed, "phase": phase}, edition=edition)
    report("Done", 1.0)
    return edition


def first_day(phase: Phase, today: date) -> date:
    """When the fair begins that is made today: on a Tuesday two to eight days ahead, or on a Monday of weeks ago."""
    if phase == "before":
        soonest = today + timedelta(days=2)
        return soonest + timedelta(days=(1 - soonest.weekday()) % 7)
    latest = today - timedelta(days=8)
    return latest - timedelta(days=latest.weekday())


def _edition(phase: Phase) -> Edition:
    known = read("edition.toml")
    about: dict[str, Any] = dict(known["edition"])
    days = about.pop("days")
    starts_on = first_day(phase, datetime.now(ZoneInfo(about["time_zone"])).date())
    organisation, _ = Organisation.objects.get_or_create(
        slug=known["organisation"]["slug"],
        defaults={name: known["organisation"][name] for name in ("name", "country")},
    )
    return Edition.objects.create(
        organisation=organisation,
        slug=SLUG,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days - 1),
        area_m2=100_000,
        state=Edition.State.CLOSED if phase == "after" else Edition.State.PUBLISHED,
        fictional=True,
        **about,
    )


def _sections(edition: Edition, chains: dict[str, Chain]) -> dict[str, Section]:
    made = [
        Section(edition=edition, slug=chain.slug, title=chain.title, chain=chain, order=number)
        for number, chain in enumerate(chains.values(), start=1)
    ]
    return {section.slug: section for section in _write(Section, made)}


def _floor(edition: Edition, sections: dict[str, Section], exhibiting: list[Entrant]) -> tuple[list[Hall], list[Stand]]:
    in_section = defaultdict(list)
    for entrant in exhibiting:
        in_section[entrant.participation.section].append(entrant)
    built = halls(edition, sections)
    return built, [stand for hall in built for stand in stands(hall, in_section[hall.section])]


def _write[Row: Model](model: type[Row], rows: list[Row]) -> list[Row]:
    return model._default_manager.bulk_create(rows, batch_size=_BATCH)


def _write_entrants(entrants: list[Entrant], standing: list[Stand]) -> None:
    booths_of = defaultdict(list)
    for stand in standing:
        booths_of[id(stand.participation)].append(stand.booth)
    _write(Firm, [entrant.firm for entrant in entrants])
    for entrant in entrants:
        participation = entrant.participation
        participation.tokens = search_tokens(
            entrant.firm,
            [*entrant.offers, *entrant.needs],
            section=participation.section,
            booths=booths_of[id(participation)],
        )
    # A participation must be written before those that name it as their lead.
    led = [entrant.participation for entrant in entrants if entrant.participation.lead]
    _write(Participation, [entrant.participation for entrant in entrants if not entrant.participation.lead])
    _write(Participation, led)
    _write(Offer, [offer for entrant in entrants for offer in entrant.offers])
    _write(Need, [need for entrant in entrants for need in entrant.needs])


def _write_aftermath(
    edition: Edition, random: Random, entrants: list[Entrant], standing: list[Stand], wished: list[Wish]
) -> None:
    entrant_of = {entrant.participation.pk: entrant for entrant in entrants}
    places = {stand.participation_id: stand.booth.code for stand in standing}
    held = outcomes.meetings(edition, random, wished, entrant_of, places)
    _write(Meeting, [one.meeting for one in held])
    made, parties = outcomes.outcomes(edition, random, held)
    _write(Outcome, made)
    _write(OutcomeParty, parties)
    _write(FollowUp, outcomes.follow_ups(made))


def _users(organisation: Organisation, password: str, entrants: dict[str, Entrant]) -> dict[str, User]:
    made = {}
    for row in read("edition.toml")["users"]:
        user, _ = User.objects.get_or_create(email=row["email"], defaults={"name": row["name"]})
        user.set_password(password)
        user.position = row.get("position", "")
        user.save()
        made[row["of"]] = user
        for purpose in row.get("agrees", ()):
            consents.give(user, purpose)
        if row["of"] == "organisation":
            Role.objects.get_or_create(user=user, organisation=organisation, defaults={"kind": Role.Kind.OWNER})
        elif row["of"] == "reviewer":
            Role.objects.get_or_create(user=user, organisation=organisation, defaults={"kind": Role.Kind.MEMBER})
        else:
            Role.objects.create(user=user, firm=entrants[row["of"]].firm, kind=Role.Kind.OWNER)
    return made


@transaction.atomic
def delete_demo() -> None:
    """Delete the demonstration edition, its users, its organisation, and its firms that are in no other edition.

    Does nothing where there is none.
    """
    edition = Edition.objects.filter(slug=SLUG, fictional=True).first()
    if edition is None:
        return
    with scopes_disabled():
        firms = list(Participation.objects.filter(edition=edition).values_list("firm_id", flat=True))
        Outcome.objects.filter(edition=edition).delete()
        edition.delete()
        gone = Firm.objects.filter(pk__in=firms, participations__isnull=True)
        User.objects.filter(email__in=[row["email"] for row in read("edition.toml")["users"]]).delete()
        gone.delete()
    if not edition.organisation.editions.exists():
        edition.organisation.delete()
    record("demo.deleted", edition, before=state(edition))
