"""Halls, booths and the programme."""

from collections import defaultdict
from itertools import combinations, pairwise

import pytest

from serai.expo.fairs.edition.models import Section
from serai.expo.programme.sessions.models import Appearance, Forum, Session, Speaker
from serai.expo.site.demonstration.domain.content import only, read
from serai.expo.site.demonstration.domain.floor import ORDER, halls, stands
from serai.expo.site.demonstration.domain.programme import programme


@pytest.fixture(scope="module")
def built(fair):
    sections = {trade.chain: Section(slug=trade.chain, title={"en": trade.chain}) for trade in _trades(fair)}
    known = halls(fair.edition, sections)
    in_section = defaultdict(list)
    for entrant in fair.exhibitors:
        in_section[entrant.trade.chain].append(entrant)
    standing = {hall.code: list(stands(hall, in_section[hall.section.slug] if hall.section else [])) for hall in known}
    return known, standing


def _trades(fair):
    return [entrant.trade for entrant in fair.exhibitors]


def _booths(standing):
    return list({id(stand.booth): stand.booth for stand in standing}.values())


def test_the_halls_have_100000_square_metres_and_every_section_has_one(built):
    known, _ = built
    assert sum(hall.width_m * hall.depth_m for hall in known) == 100_000
    assert len({hall.section.slug for hall in known if hall.section}) == 6


def test_no_booth_overlaps_another_or_leaves_its_hall(built):
    known, standing = built
    for hall in known:
        booths = _booths(standing[hall.code])
        for booth in booths:
            assert 0 <= booth.x_m < booth.x_m + booth.width_m <= hall.width_m
            assert 0 <= booth.y_m < booth.y_m + booth.depth_m <= hall.depth_m
        for one, other in combinations(booths, 2):
            apart_x = one.x_m + one.width_m <= other.x_m + 0.011 or other.x_m + other.width_m <= one.x_m + 0.011
            apart_y = one.y_m + one.depth_m <= other.y_m or other.y_m + other.depth_m <= one.y_m
            assert apart_x or apart_y, (one.code, other.code)


def test_a_booth_has_the_area_of_its_exhibitor(built):
    _, standing = built
    for stand in (stand for row in standing.values() for stand in row):
        if stand.participation.area_m2:
            assert stand.booth.width_m * stand.booth.depth_m == pytest.approx(stand.participation.area_m2, rel=0.002)


def test_everyone_stands_somewhere_and_co_exhibitors_with_their_lead(fair, built):
    _, standing = built
    booth_of = {id(stand.participation): stand.booth for row in standing.values() for stand in row}
    assert len(booth_of) == 515
    for entrant in fair.exhibitors:
        if entrant.participation.lead:
            assert booth_of[id(entrant.participation)] is booth_of[id(entrant.participation.lead)]


def test_every_row_runs_from_upstream_to_downstream(fair, built):
    _, standing = built
    trade_of = {id(entrant.participation): entrant.trade for entrant in fair.exhibitors}
    rows = defaultdict(list)
    for stand in (stand for row in standing.values() for stand in row):
        if stand.participation.area_m2:
            rows[stand.booth.hall.code, stand.booth.y_m].append(stand)
    for row in rows.values():
        row.sort(key=lambda stand: stand.booth.x_m)
        for west, east in pairwise(trade_of[id(stand.participation)] for stand in row):
            assert (ORDER.index(west.position), west.layer) <= (ORDER.index(east.position), east.layer)


@pytest.fixture(scope="module")
def planned(fair):
    return programme(fair.edition, {})


def test_the_programme_has_the_published_forums(planned):
    forums = only(Forum, planned)
    kinds = [forum.kind for forum in forums]
    assert kinds.count("ceremony") == kinds.count("main_forum") == 1
    assert kinds.count("themed_forum") == 6
    assert kinds.count("side_event") >= 20
    assert len({forum.slug for forum in forums}) == len(forums)


def test_no_room_is_booked_twice_and_all_is_within_the_five_days(fair, planned):
    sessions = only(Session, planned)
    for one, other in combinations(sessions, 2):
        if one.room == other.room:
            assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
    for session in sessions:
        assert session.starts_at < session.ends_at
        assert fair.edition.starts_on <= session.starts_at.date() <= fair.edition.ends_on


def test_the_ceremony_opens_the_fair(planned):
    sessions = only(Session, planned)
    assert min(sessions, key=lambda session: session.starts_at).forum.kind == "ceremony"


def test_every_forum_of_a_chain_names_one_of_the_chains(fair):
    chains = {trade.chain for trade in _trades(fair)}
    assert {row["chain"] for row in read("programme.toml")["forum"] if "chain" in row} <= chains


def test_nobody_speaks_in_two_rooms_at_once(planned):
    held = defaultdict(list)
    for appearance in only(Appearance, planned):
        held[appearance.speaker.sort_name].append(appearance.session)
    assert len(held) == len(only(Speaker, planned))
    for sessions in held.values():
        for one, other in combinations(sessions, 2):
            assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
