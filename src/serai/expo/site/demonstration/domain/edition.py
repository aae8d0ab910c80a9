"""Creation and deletion of the demonstration edition."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import chain
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition, Participation, Section, SizeRule
from serai.expo.fairs.groups.domain import US_AND_EUROPE
from serai.expo.firms.record.models import Certification, Firm
from serai.expo.insight.supply.domain.exposures import prepare
from serai.expo.meetings.matchmaking.domain.suggestions import suggest
from serai.expo.meetings.meeting.models import Wish
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.chains.models import Chain, Node
from serai.expo.offers.search.domain.index import index_later, search_tokens
from serai.expo.people.account.domain import consents
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.programme.sessions.models import Session, Speaker
from serai.expo.site.demonstration.domain import (
    buyer_desk,
    exhibitor_desk,
    floor,
    meetings,
    organiser_desk,
    pictures,
    programme,
)
from serai.expo.site.demonstration.domain.buyers import buyers
from serai.expo.site.demonstration.domain.content import only, read
from serai.expo.site.demonstration.domain.entrants import Desk, Entrant, dossiers, positions
from serai.expo.site.demonstration.domain.exhibitor_desk import declare_sources
from serai.expo.site.demonstration.domain.exhibitors import exhibitors
from serai.expo.site.demonstration.domain.meetings import wishes
from serai.expo.site.demonstration.domain.texts import host_brands
from serai.expo.venue.halls.models import Hall, Stand
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
    """The demonstration edition exists already, or another edition has its slug."""


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
    tell = progress or silent
    random = Random(seed)  # noqa: S311  the same fair each time, no secret

    tell("Loading the chains", 0.0)
    chains = {chain.slug: chain for chain in load_builtin_chains()}
    edition = _edition(phase)
    with scope(edition=edition):
        sections = _sections(edition, chains)
        tell("Inventing the exhibitors", 0.05)
        desk = Desk(edition, random, set(Firm.objects.values_list("identifier", flat=True)))
        brands = host_brands(random)
        exhibiting = exhibitors(desk, brands)
        for entrant in exhibiting:
            entrant.participation.section = sections[entrant.trade.chain]
        tell("Inventing the buyers", 0.15)
        buying = buyers(desk, brands)
        everyone = [*exhibiting, *buying]
        of_firms = dossiers(seed, exhibiting, buying)
        tell("Setting up the halls", 0.3)
        halls, stands = _floor(edition, sections, exhibiting)
        tell("Writing firms, offers and needs", 0.35)
        _write_entrants(everyone, stands)
        pictures.write_pictures(seed, exhibiting)
        users = _users(edition.organisation, password, {"exhibitor": exhibiting[0], "buyer": buying[0]})
        nodes = {(node.chain.slug, node.code): node for node in Node.objects.select_related("chain")}
        _write(of_firms)
        _write(positions(seed, exhibiting, nodes, edition.organisation))
        _write([*organiser_desk.phases(edition, timezone.now()), SizeRule(edition=edition, **EUROPEAN_SIZES)])
        booths = {id(stand.booth): stand.booth for stand in stands}.values()
        _write([*halls, *floor.entrances(halls), *floor.tables(halls), *booths, *stands])
        planned = programme.programme(edition, chains)
        _write(planned)
        _write(programme.releases(edition, only(Session, planned)))
        _write_desks(edition, seed, phase, exhibiting, buying, only(Speaker, planned)[:2], users)
        packages = exhibitor_desk.packages(edition)
        _write(packages)
        exhibitor_desk.deal(exhibiting, buying, packages, only(Certification, of_firms))
        tell("Writing the wishes", 0.6)
        wished = wishes(edition, random, exhibiting, buying)
        _write(wished)
        if phase == "after":
            _write_aftermath(edition, random, everyone, stands, wished)
        _write_stories(edition, phase, exhibiting, buying, users)
    place_edition(edition, lambda what, share: tell(what, 0.65 + 0.35 * share))
    if phase == "after":
        suggest(edition, on=edition.ends_on)  # beside what came of the fair stands what chance would have given
    with scope(edition=edition):
        organiser_desk.publish_report(edition, next(iter(chains)), user=users["organisation"])
    index_later(edition)
    prepare(edition)
    record("demo.created", edition, after=state(edition) | {"seed": seed, "phase": phase}, edition=edition)
    tell("Done", 1.0)
    return edition


def first_day(phase: Phase, today: date) -> date:
    """The first day of a fair that is made today: a Tuesday two to eight days ahead, or a past Monday."""
    if phase == "before":
        soonest = today + timedelta(days=2)
        return soonest + timedelta(days=(1 - soonest.weekday()) % 7)
    latest = today - timedelta(days=8)
    return latest - timedelta(days=latest.weekday())


def _edition(phase: Phase) -> Edition:
    content = read("edition.toml")
    about: dict[str, Any] = dict(content["edition"])
    days = about.pop("days")
    starts_on = first_day(phase, datetime.now(ZoneInfo(about["time_zone"])).date())
    organisation, _ = Organisation.objects.get_or_create(
        slug=content["organisation"]["slug"],
        defaults={name: content["organisation"][name] for name in ("name", "country")},
    )
    return Edition.objects.create(
        organisation=organisation,
        slug=SLUG,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days - 1),
        area_m2=100_000,
        state=Edition.State.CLOSED if phase == "after" else Edition.State.PUBLISHED,
        fictional=True,
        country_groups=["LDC", "BRI", US_AND_EUROPE],
        **about,
    )


def _sections(edition: Edition, chains: dict[str, Chain]) -> dict[str, Section]:
    sections = {
        chain.slug: Section(edition=edition, slug=chain.slug, title=chain.title, chain=chain, order=number)
        for number, chain in enumerate(chains.values(), start=1)
    }
    _write(sections.values())
    return sections


def _floor(edition: Edition, sections: dict[str, Section], exhibiting: list[Entrant]) -> tuple[list[Hall], list[Stand]]:
    in_section = defaultdict(list)
    for entrant in exhibiting:
        in_section[entrant.participation.section].append(entrant)
    halls = floor.halls(edition, sections)
    return halls, [stand for hall in halls for stand in floor.stands(hall, in_section[hall.section])]


def _write(rows: Iterable[Model]) -> None:
    """Save rows of several models, model by model in the order in which the models come."""
    by_model: dict[type[Model], list[Model]] = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row)
    for model, of_model in by_model.items():
        model._default_manager.bulk_create(of_model, batch_size=_BATCH)


def _write_entrants(entrants: list[Entrant], stands: list[Stand]) -> None:
    booths_of = defaultdict(list)
    for stand in stands:
        booths_of[id(stand.participation)].append(stand.booth.code)
    _write(entrant.firm for entrant in entrants)
    for entrant in entrants:
        participation = entrant.participation
        participation.tokens = search_tokens(
            entrant.firm,
            [*entrant.offers, *entrant.needs],
            section=participation.section,
            booths=booths_of[id(participation)],
        )
    # A participation must be written before those that name it as their lead.
    _write(entrant.participation for entrant in entrants if not entrant.participation.lead)
    _write(entrant.participation for entrant in entrants if entrant.participation.lead)
    _write(chain.from_iterable(entrant.offers for entrant in entrants))
    _write(chain.from_iterable(entrant.needs for entrant in entrants))


def _write_desks(
    edition: Edition,
    seed: int,
    phase: Phase,
    exhibiting: list[Entrant],
    buying: list[Entrant],
    speakers: list[Speaker],
    users: dict[str, User],
) -> None:
    """Write the desks of exhibitors and organisers."""
    firms = [entrant.participation for entrant in exhibiting[:3]]
    guests = [entrant.participation for entrant in buying[:4]]
    _write(exhibitor_desk.desk_tasks(edition, firms[0]))
    _write(programme.badges(edition, firms[:2], guests[:3], speakers))
    _write(exhibitor_desk.questions(edition, firms, guests[:3]))
    over, staff = phase == "after", users["organisation"]
    _write(organiser_desk.cases(edition, seed, exhibiting, over=over, staff=staff))
    _write(organiser_desk.mailing(edition))
    if over:
        _write(exhibitor_desk.leads(firms[0], guests))


def _write_stories(
    edition: Edition, phase: Phase, exhibiting: list[Entrant], buying: list[Entrant], users: dict[str, User]
) -> None:
    """Write what the demonstration's exhibitor, buyer and organiser have done with each other."""
    exhibitor, buyer, organiser = exhibiting[0].participation, buying[0].participation, users["organisation"]
    programme.link_speakers(edition, exhibitor, users["exhibitor"])
    buyer_desk.hosted(edition, buying, users["buyer"])
    own = {"exhibitor": exhibitor, "buyer": buyer}
    programme.propose(edition, users, own, [organiser, users["reviewer"]])
    declare_sources(own, users)
    programme.launch(edition, timezone.localdate(), organiser=organiser)
    organiser_desk.screens(edition)
    if phase == "before":
        buyer_desk.arrange(edition, exhibiting, buying, users["buyer"])
        organiser_desk.registrations(exhibiting)
        organiser_desk.cancelled(exhibiting[-4], organiser)
        exhibitor_desk.contract(edition, exhibitor, organiser)
        buyer_desk.badge_and_seat(edition, buyer, users["buyer"], by=organiser)


def _write_aftermath(
    edition: Edition, random: Random, entrants: list[Entrant], stands: list[Stand], wished: list[Wish]
) -> None:
    by_participation = {entrant.participation.pk: entrant for entrant in entrants}
    places = {stand.participation_id: stand.booth.code for stand in stands}
    held = meetings.meetings(edition, random, wished, by_participation, places)
    _write(held)
    _write(meetings.outcomes(edition, random, held, by_participation))


def _users(organisation: Organisation, password: str, entrants: dict[str, Entrant]) -> dict[str, User]:
    users = {}
    for row in read("edition.toml")["users"]:
        user, _ = User.objects.get_or_create(email=row["email"], defaults={"name": row["name"]})
        user.set_password(password)
        user.position = row.get("position", "")
        user.save()
        users[row["of"]] = user
        for purpose in row.get("agrees", ()):
            consents.give(user, purpose)
        if row["of"] in entrants:
            Role.objects.create(user=user, firm=entrants[row["of"]].firm, kind=Role.Kind.OWNER)
        else:
            kind = row["role"]
            Role.objects.get_or_create(user=user, organisation=organisation, defaults={"kind": kind})
    return users


@transaction.atomic
def delete_demo() -> None:
    """Delete the demonstration edition, its users, its organisation, and its firms that are in no other edition."""
    edition = Edition.objects.filter(slug=SLUG, fictional=True).first()
    if edition is None:
        return
    with scopes_disabled():
        firms = list(Participation.objects.filter(edition=edition).values_list("firm_id", flat=True))
        Outcome.objects.filter(edition=edition).delete()
        edition.delete()
        gone = Firm.objects.filter(pk__in=firms, participations__isnull=True)
        pictures.delete_files(gone)
        User.objects.filter(email__in=[row["email"] for row in read("edition.toml")["users"]]).delete()
        gone.delete()
    if not edition.organisation.editions.exists():
        edition.organisation.delete()
    record("demo.deleted", edition, before=state(edition))
