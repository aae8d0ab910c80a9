"""Each operation of the interface is tried by a program of each kind of caller, with a body that its owner may send."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Node, Placement
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.site.api.pages.interface import interface

pytestmark = [pytest.mark.any_database, pytest.mark.slow]

ALL = frozenset({"owner", "member", "organiser", "other organiser", "stranger", "nobody"})
WITH_KEY = ALL - {"nobody"}
ORGANISER = frozenset({"organiser"})
FIRM = frozenset({"owner", "member"})
OWNER = frozenset({"owner"})
BOTH = OWNER | ORGANISER


@dataclass(frozen=True)
class Right:
    """Who is welcome, body and query of the call, and what ``{number}`` and ``{identifier}`` are if not as usual."""

    who: frozenset[str]
    body: Any = None
    number: str = ""
    identifier: str = "identifier"
    query: str = ""
    conflicts: bool = False  # those not welcome may be told that it is so already


ITEM = {"title": {"en": "Separator film", "zh-hans": "隔膜"}, "hs": ["392020"], "family": "goods"}

RIGHTS: dict[str, Right] = {
    "editions": Right(ALL),
    "edition": Right(ALL),
    "sections": Right(ALL),
    "phases": Right(ALL),
    "firms": Right(ALL),
    "firm": Right(ALL),
    "my_firms": Right(WITH_KEY),
    "my_firm": Right(FIRM),
    "change_firm": Right(OWNER, {"founded": 2009}),
    "change_record": Right(BOTH, {"founded": 2009}),
    "firm_readers": Right(FIRM | ORGANISER),
    "firm_identifiers": Right(ALL),
    "add_identifier": Right(BOTH, {"scheme": "UNGM", "value": "678"}),
    "change_identifier": Right(BOTH, {"source": "ungm.org"}),
    "remove_identifier": Right(BOTH),
    "firm_names": Right(ALL),
    "add_name": Right(BOTH, {"name": "Omat", "kind": "brand"}),
    "change_name": Right(BOTH, {"language": "en"}),
    "remove_name": Right(BOTH),
    "firm_plants": Right(ALL),
    "add_plant": Right(BOTH, {"country": "KE", "place": {"en": "Thika"}}),
    "change_plant": Right(BOTH, {"since": 2009}),
    "remove_plant": Right(BOTH),
    "firm_flows": Right(ALL),
    "add_flow": Right(BOTH, {"direction": "input", "scheme": "hs", "code": "390210"}),
    "change_flow": Right(BOTH, {"share": "50-100"}),
    "remove_flow": Right(BOTH),
    "firm_certificates": Right(ALL),
    "add_certificate": Right(BOTH, {"scheme": "ISO 14001:2015"}),
    "certificate_file": Right(FIRM | ORGANISER, number="certificate with a file"),
    "change_certificate": Right(BOTH, {"number": "Q-7"}),
    "remove_certificate": Right(BOTH),
    "seats": Right(OWNER),
    "team": Right(OWNER),
    "change_role": Right(OWNER, {"kind": "scanner"}),
    "remove_from_team": Right(OWNER),
    "invitations": Right(OWNER),
    "invite_to_team": Right(OWNER, {"mail": "fourth@example.org"}),
    "cancel_invitation": Right(OWNER),
    "availability": Right(BOTH),
    "set_availability": Right(BOTH, {"people": []}),
    "tasks": Right(ORGANISER),
    "set_task": Right(ORGANISER, {"code": "freight", "title": {"en": "Send it"}, "due_on": "2026-11-01"}),
    "change_task": Right(ORGANISER, {"wants_file": True}),
    "remove_task": Right(ORGANISER),
    "firm_tasks": Right(FIRM | ORGANISER),
    "do_task": Right(BOTH, {"note": "Read"}),
    "task_file": Right(FIRM | ORGANISER, number="task with a file"),
    "undo_task": Right(BOTH),
    "packages": Right(ORGANISER),
    "make_package": Right(ORGANISER, {"code": "silver", "title": {"en": "Silver"}}),
    "change_package": Right(ORGANISER, {"badges": 3}),
    "remove_package": Right(ORGANISER),
    "give_package": Right(ORGANISER, {"firms": ["{identifier}"]}),
    "firm_package": Right(FIRM | ORGANISER),
    "interests_received": Right(FIRM),
    "interests_sent": Right(FIRM),
    "express_interest_in_offer": Right(
        FIRM, {"firm": "{identifier}", "cooperation": "Supply", "about": "We make film"}, number="offer of partner"
    ),
    "express_interest_in_need": Right(
        FIRM, {"firm": "{identifier}", "cooperation": "Supply", "about": "We make film"}, number="need of partner"
    ),
    "accept_interest": Right(FIRM, {"words": "Gladly"}),
    "decline_interest": Right(FIRM, {}),
    "withdraw_interest": Right(FIRM, number="interest sent"),
    "quotations": Right(FIRM),
    "quote": Right(
        FIRM, {"price": 12.5, "currency": "CNY", "unit": "KGM", "valid_until": "{today}"}, number="interest sent"
    ),
    "withdraw_quotation": Right(FIRM, number="interest sent"),
    "quotation_file": Right(FIRM),
    "compare_quotations": Right(FIRM),
    "booth_terms": Right(ORGANISER),
    "publish_booth_terms": Right(ORGANISER, {"text": {"en": "Leave it."}, "party": "Fair Ltd", "language": "en"}),
    "booths_without_contract": Right(ORGANISER),
    "offer_contracts": Right(ORGANISER),
    "contracts": Right(WITH_KEY),
    "offer_contract": Right(ORGANISER, {"stand": "{stand}"}),
    "contract": Right(BOTH),
    "sign_contract": Right(
        BOTH, {"file": {"name": "a.pdf", "content": "JVBERi0xLjcK"}, "signed_by": "Li Wei", "signed_on": "{today}"}
    ),
    "withdraw_contract": Right(ORGANISER),
    "contract_file": Right(BOTH, number="signed contract"),
    "all_contact_persons": Right(ORGANISER),
    "contact_persons": Right(FIRM | ORGANISER, number="own participation"),
    "add_contact_person": Right(BOTH, {"name": "Ada", "phone": "+49 30 123456"}, number="own participation"),
    "change_contact_person": Right(BOTH, {"position": "Sales"}),
    "forget_contact_person": Right(BOTH),
    "desk_invitations": Right(ORGANISER),
    "desk_invitations_reach": Right(ORGANISER, {}),
    "invite_to_desks": Right(ORGANISER, {"kind": "member"}),
    "remind_invited": Right(ORGANISER),
    "send_desk_invitation_again": Right(ORGANISER),
    "tell_bounce": Right(ORGANISER, {"mail": "ada@example.org"}),
    "plan_reminders": Right(ORGANISER, {"days": [7]}),
    "visit": Right(BOTH, number="a buyer"),
    "plan_visit": Right(BOTH, {"budget": 5000, "currency": "EUR"}, number="a buyer"),
    "participations": Right(ORGANISER),
    "my_participations": Right(WITH_KEY),
    "apply": Right(OWNER, {"firm": "{newcomer}"}),
    "withdraw_application": Right(OWNER),
    "answer_invitation": Right(OWNER, {"accepts": True}, number="invitation"),
    "decide_application": Right(ORGANISER, {"state": "confirmed"}),
    "decisions": Right(BOTH),
    "participation": Right(ORGANISER),
    "change_participation": Right(ORGANISER, {"seats": 7}, number="own participation"),
    "endings": Right(BOTH, number="own participation"),
    "cancel_participation": Right(ORGANISER, {"reason": {"en": "Not paid"}}, number="own participation"),
    "restore_participation": Right(ORGANISER, {"state": "applied"}, number="cancelled participation"),
    "leave_fair": Right(OWNER, {"sure": True}, number="own participation"),
    "part_co_exhibitor": Right(BOTH, number="led participation"),
    "offers": Right(ALL),
    "offer": Right(ALL),
    "enter_offer": Right(BOTH, ITEM),
    "change_offer": Right(BOTH, {"hs": ["392020"]}),
    "remove_offer": Right(BOTH),
    "submit_offer": Right(BOTH, number="draft offer"),
    "renew_offer": Right(BOTH),
    "withdraw_offer": Right(BOTH),
    "review_offer": Right(ORGANISER, {"publish": True}, number="submitted offer"),
    "needs": Right(ALL),
    "need": Right(ALL),
    "enter_need": Right(BOTH, ITEM),
    "change_need": Right(BOTH, {"quantity": 12}),
    "remove_need": Right(BOTH),
    "submit_need": Right(BOTH, number="draft need"),
    "renew_need": Right(BOTH),
    "withdraw_need": Right(BOTH),
    "review_need": Right(ORGANISER, {"publish": False, "reason": "Which grade?"}, number="submitted need"),
    "chains": Right(ALL),
    "chain": Right(ALL),
    "placements": Right(ALL),
    "own_chains": Right(ORGANISER),
    "copy_chain": Right(ORGANISER, {"chain": "clean-energy"}),
    "own_chain": Right(ORGANISER),
    "write_own_chain": Right(ORGANISER, {"content": "{own chain}"}),
    "own_chain_versions": Right(ORGANISER),
    "own_chain_differences": Right(ORGANISER),
    "return_own_chain": Right(ORGANISER, {"number": 1}),
    "halls": Right(ALL),
    "booths": Right(ALL),
    "booth": Right(ALL),
    "give_booth": Right(ORGANISER, {"firm": "{third}", "share": True}),
    "leave_booth": Right(ORGANISER, {"firm": "{identifier}"}),
    "tables": Right(ALL),
    "programme": Right(ALL),
    "session": Right(ALL),
    "take_seat": Right(WITH_KEY),
    "give_seat_up": Right(WITH_KEY),
    "speakers": Right(ALL),
    "speaker": Right(ALL),
    "rooms": Right(ALL),
    "initiatives": Right(ALL),
    "initiative": Right(ALL),
    "publish_initiative": Right(ORGANISER, number="draft initiative"),
    "take_initiative_back": Right(ORGANISER, {"reason": "An error in the text"}),
    "signatories": Right(ORGANISER),
    "confirm_signature": Right(ORGANISER, {"proof": "Called its office"}),
    "releases": Right(ALL),
    "release": Right(ORGANISER, {"note": {"en": "The first"}}),
    "conflicts": Right(ORGANISER),
    "my_agenda": Right(WITH_KEY),
    "figures": Right(ALL),
    "figure": Right(ALL),
    "my_wishes": Right(FIRM),
    "wish": Right(FIRM, {"strength": "would", "firm": "{identifier}"}, identifier="partner"),
    "take_wish_back": Right(FIRM, identifier="third"),
    "my_requests": Right(FIRM),
    "my_request": Right(FIRM),
    "free_times": Right(FIRM, identifier="partner"),
    "ask": Right(FIRM, {"to": "{fourth}", "firm": "{identifier}"}),
    "accept_request": Right(FIRM),
    "decline_request": Right(FIRM, {"reason": "no_time"}),
    "counter_request": Right(FIRM, {"message": "Rather later"}),
    "withdraw_request": Right(FIRM, number="sent request"),
    "meetings": Right(WITH_KEY),
    "meeting": Right(FIRM | ORGANISER),
    "scan_meeting": Right(FIRM, {"code": "{code of partner}"}),
    "confirm_meeting": Right(FIRM),
    "miss_meeting": Right(FIRM),
    "cancel_meeting": Right(FIRM, {"words": "We are ill"}, number="later meeting"),
    "note_meeting": Right(FIRM, {"note": "Good", "next_step": "Send a sample"}),
    "send_colleague": Right(FIRM, {"mail": ""}),
    "my_exchanges": Right(FIRM),
    "my_exchange": Right(FIRM),
    "exchangeable_meetings": Right(FIRM, number="later meeting"),
    "ask_exchange": Right(FIRM, {"other": "{other meeting}"}, number="later meeting"),
    "agree_exchange": Right(FIRM),
    "decline_exchange": Right(FIRM),
    "withdraw_exchange": Right(FIRM, number="sent exchange"),
    "exchange_by_right": Right(ORGANISER, {"other": "{other meeting}"}, number="later meeting"),
    "matches": Right(ALL),
    "timetables": Right(ORGANISER),
    "draft_timetable": Right(ORGANISER, {"seconds": 0.2}),
    "timetable_differences": Right(ORGANISER),
    "publish_timetable": Right(ORGANISER),
    "outcomes": Right(WITH_KEY),
    "outcome": Right(FIRM | ORGANISER),
    "claim_outcome": Right(FIRM, {"kind": "quote", "firm": "{identifier}", "others": ["{partner}"]}),
    "amend_outcome": Right(FIRM, {"title": "A tonne of film"}, number="own outcome"),
    "confirm_outcome": Right(FIRM),
    "dispute_outcome": Right(FIRM, {"words": "It was half a tonne"}),
    "withdraw_outcome": Right(FIRM, number="own outcome"),
    "add_party": Right(FIRM, {"firm": "{third}"}, number="own outcome"),
    "add_evidence": Right(FIRM, {"name": "order.pdf", "content": "JVBERi0xLjcK"}),
    "evidence_file": Right(FIRM | ORGANISER),
    "judge_evidence": Right(ORGANISER, {"accepted": True}),
    "answer_follow_up": Right(FIRM, {"answer": "on_track"}),
    "registrations": Right(WITH_KEY),
    "register_buyer": Right(OWNER, {"firm": "{newcomer}", "purpose": "own_use"}),
    "tell_more": Right(OWNER, {"about": "We make cells"}, number="asked registration"),
    "vet_buyer": Right(ORGANISER, {"state": "confirmed"}),
    "hosted_buyers": Right(ORGANISER),
    "my_terms": Right(FIRM),
    "accept_terms": Right(OWNER, {"version": 1, "firm": "{buyer}"}),
    "set_targets": Right(OWNER, {"minimum": 2, "maximum": 8, "firm": "{buyer}"}),
    "need_sources": Right(OWNER, number="buyer need"),
    "delegations": Right(WITH_KEY),
    "delegation": Right(FIRM | ORGANISER),
    "found_delegation": Right(WITH_KEY - OWNER, {"name": "Of Mombasa"}, conflicts=True),
    "add_member": Right(BOTH, {"name": "Li Wei", "firm": "{partner}"}),
    "remove_member": Right(BOTH),
    "let_act": Right(FIRM, {"let": True}),
    "delegation_agenda": Right(BOTH),
    "assistance": Right(WITH_KEY),
    "ask_for_assistance": Right(OWNER, {"firm": "{aided}", "kind": "visa"}),
    "open_case": Right(ORGANISER, {"firm": "{aided}", "kind": "freight"}),
    "change_case": Right(ORGANISER, {"state": "in_work"}),
    "assistance_budget": Right(ORGANISER),
    "assistance_results": Right(ORGANISER),
    "assistance_entitled": Right(ORGANISER),
    "segments": Right(ORGANISER),
    "segment": Right(ORGANISER),
    "make_segment": Right(ORGANISER, {"name": "Late", "filters": {"conditions": ["late_tasks"]}}),
    "change_segment": Right(ORGANISER, {"name": "All"}),
    "remove_segment": Right(ORGANISER),
    "mail_templates": Right(ORGANISER),
    "make_template": Right(ORGANISER, {"key": "news", "subject": {"en": "News"}, "body": {"en": "Dear {name}"}}),
    "change_template": Right(ORGANISER, {"key": "late", "subject": {"en": "Late"}, "body": {"en": "Dear {name}"}}),
    "preview_template": Right(ORGANISER),
    "mailings": Right(ORGANISER),
    "mailing": Right(ORGANISER),
    "mails": Right(ORGANISER),
    "draft_mailing": Right(ORGANISER, {"segment": "{segments}", "template": "{templates}"}),
    "release_mailing": Right(ORGANISER),
    "retry_mailing": Right(ORGANISER),
    "discard_mailing": Right(ORGANISER),
    "imports": Right(ORGANISER),
    "preview_import": Right(ORGANISER, {"name": "firms.csv", "content": "bmFtZSxjb3VudHJ5CkFjbWUgTHRkLENOCg=="}),
    "import": Right(ORGANISER),
    "import_rows": Right(ORGANISER),
    "map_import": Right(ORGANISER, {"columns": {"A": "name", "B": "country"}}),
    "choose_for_import": Right(ORGANISER, {"choices": []}),
    "apply_import": Right(ORGANISER),
    "undo_import": Right(ORGANISER, number="applied import"),
    "discard_import": Right(ORGANISER),
    "jobs": Right(ORGANISER),
    "job": Right(ORGANISER),
    "job_file": Right(ORGANISER),
    "cancel_job": Right(ORGANISER, number="waiting job"),
    "exports": Right(ORGANISER),
    "take_export": Right(ORGANISER, {"format": "csv"}),
    "take_everything": Right(ORGANISER),
    "search": Right(ALL),
    "groups": Right(ALL),
    "group": Right(ALL),
    "indicators": Right(ALL),
    "indicator": Right(ALL),
    "shocks": Right(ALL),
    "grades": Right(ALL),
    "words": Right(ALL),
    "world_chains": Right(ALL),
    "world_chain": Right(ALL),
    "world_stops": Right(ALL, query="?country=CN"),
    "world_scorecards": Right(ALL),
    "world_scorecard": Right(ALL, number="code of a country"),
    "chain_supply": Right(ALL),
    "difference": Right(ALL),
    "reports": Right(ALL),
    "report": Right(ALL),
    "webhooks": Right(ORGANISER),
    "add_webhook": Right(ORGANISER, {"url": "https://hooks.example/", "events": ["meeting.*"]}),
    "switch_webhook": Right(ORGANISER, {"active": False}),
    "remove_webhook": Right(ORGANISER),
    "ping_webhook": Right(ORGANISER),
    "deliveries": Right(ORGANISER),
    "send_again": Right(ORGANISER),
    "me": Right(WITH_KEY),
    "my_leads": Right(WITH_KEY),
    "my_lead": Right(OWNER),
    "keep_lead": Right(OWNER, {"person": "Li Wei"}),
    "change_lead": Right(OWNER, {"rating": 4}),
    "remove_lead": Right(OWNER),
    "my_contacts": Right(FIRM),
    "keep_contact": Right(FIRM, {"badge": "{code of a badge}", "firm": "{identifier}"}),
    "badges": Right(BOTH),
    "make_badge": Right(BOTH, {"name": "Li Wei"}),
    "change_badge": Right(BOTH, {"name": "Li Wei"}),
    "make_badge_anew": Right(BOTH),
    "remove_badge": Right(BOTH),
    "own_fields": Right(ORGANISER),
    "change_own_field": Right(ORGANISER, {"audience": "public"}, number="own field"),
    "own_values": Right(ORGANISER, number="own participation"),
    "change_own_values": Right(ORGANISER, {"values": {}}, number="own participation"),
    "questions": Right(WITH_KEY),
    "answers": Right(BOTH),
    "answer_questions": Right(BOTH, {"answers": []}),
    "all_badges": Right(WITH_KEY),
    "decide_badge": Right(ORGANISER, {"granted": False, "reason": "No press card"}),
    "scorecards": Right(ALL),
    "scorecard": Right(ALL, number="code of a country"),
    "run_scenario": Right(BOTH | FIRM, {"on": "chain", "chain": "clean-energy", "parameters": {"countries": ["CHN"]}}),
    "lab_run": Right(ALL),
}

WELCOME = {200, 201, 202, 204}
SCOPES = ("read", "write", "organise")


def operations() -> dict[str, tuple[str, str, list[str]]]:
    """Name of each operation -> method, path and scopes."""
    paths = interface.get_openapi_schema(path_prefix="")["paths"]
    return {
        said["operationId"]: (method, path, said["x-scopes"])
        for path, methods in paths.items()
        for method, said in methods.items()
    }


def test_every_operation_is_declared() -> None:
    assert set(operations()) == set(RIGHTS), (
        "Say in RIGHTS of tests/expo/api/test_rights.py who may call each operation of the interface, with what."
    )


@pytest.fixture
def people(
    organiser: User, owner: User, other_organiser: User, stranger: User, firm: Firm, new_user: Callable[..., User]
) -> dict[str, User]:
    return {
        "owner": owner,
        "member": new_user("colleague", firm=firm),
        "organiser": organiser,
        "other organiser": other_organiser,
        "stranger": stranger,
    }


@pytest.fixture
def callers(people: dict[str, User], program_of: Callable[..., Any]) -> dict[str, Any]:
    return {who: program_of(user, *SCOPES) for who, user in people.items()} | {"nobody": program_of()}


def address(name: str, path: str, there: dict[str, Any]) -> str:
    """The path of an operation with what there is in the fair."""
    right = RIGHTS[name]
    before = re.search(r"/([a-z-]+)/\{(?:number|code)\}", path)
    known = there.get(right.number or (before[1] if before else ""), 0)
    values = (
        {"key": "firms" if "/exports/" in path else "WTO", "symbol": "S1", "kind": "country", "chain": "clean-energy"}
        | there
        | {"number": known, "code": known}
    )
    of_firm = f"?firm={there['identifier']}&q=film" if "/my/" in path or name == "search" else ""
    return path.format(**values | {"identifier": there[right.identifier]}) + (right.query or of_firm)


def body(name: str, there: dict[str, Any]) -> Any:
    """The body of an operation, with ``{words}`` in it replaced by what there is."""
    given = RIGHTS[name].body
    if given is None:
        return None
    said = json.dumps(given)
    for word, value in there.items():
        said = said.replace(f'"{{{word}}}"', json.dumps(value))
    return json.loads(said)


def tried(call: Any, name: str, method: str, path: str, there: dict[str, Any]) -> Any:
    """Call the operation and let all be as before."""
    with transaction.atomic():
        answer = call(address(name, path, there), method, body(name, there))
        if answer.streaming:
            answer.getvalue()  # to the end, where its file is closed
        transaction.set_rollback(True)
    return answer


def test_an_operation_answers_those_it_is_for_and_nobody_else(
    callers: dict[str, Any], there: dict[str, Any], subtests: pytest.Subtests
) -> None:
    for name, (method, path, scopes) in operations().items():
        with subtests.test(operation=name), override_settings(API_GENEROSITY=1000):
            answers = {who: tried(call, name, method, path, there) for who, call in callers.items()}
            welcome = {who for who, answer in answers.items() if answer.status_code in WELCOME}
            told = {who: (one.status_code, getattr(one, "content", b"")[:300]) for who, one in answers.items()}
            assert welcome == RIGHTS[name].who, told
            for who in set(callers) - welcome:
                refused = {403, 404, 409} if RIGHTS[name].conflicts else {403, 404}
                if who == "nobody":  # where no scope is asked for, what is shown to all is looked for first
                    refused = {401} if scopes else {401, *refused}
                assert answers[who].status_code in refused
                assert answers[who]["Content-Type"] == "application/problem+json"
                assert answers[who].json()["detail"].endswith(".")


COMPUTES = {"run_scenario"}
"""What computes and changes nothing of the fair: whoever looks at it may have it computed."""


def test_a_viewer_changes_nothing(
    organiser: User, there: dict[str, Any], program_of: Callable[..., Any], subtests: pytest.Subtests
) -> None:
    Role.objects.filter(user=organiser).update(kind=Role.Kind.VIEWER)
    call = program_of(organiser, *SCOPES)
    for name, (method, path, _scopes) in operations().items():
        right = RIGHTS[name]
        if method.upper() == "GET" or name in COMPUTES or "stranger" in right.who or "organiser" not in right.who:
            continue
        with subtests.test(operation=name), override_settings(API_GENEROSITY=1000):
            answer = tried(call, name, method, path, there)
            assert answer.status_code in {403, 404}, answer.content


def test_a_key_without_the_scope_of_an_operation_is_refused_whoever_its_owner_is(
    there: dict[str, Any],
    owner: User,
    organisation: Organisation,
    program_of: Callable[..., Any],
    subtests: pytest.Subtests,
) -> None:
    Role.objects.create(user=owner, organisation=organisation, kind=Role.Kind.OWNER)
    calls = {lacking: program_of(owner, *(one for one in SCOPES if one != lacking)) for lacking in SCOPES}
    for name, (method, path, scopes) in operations().items():
        with subtests.test(operation=name), override_settings(API_GENEROSITY=1000):
            for lacking in scopes:
                answer = tried(calls[lacking], name, method, path, there)
                assert answer.status_code == 403
                assert lacking in answer.json()["detail"]


def test_a_draft_is_for_a_key_of_its_organiser_that_may_organise_only(
    edition: Edition, callers: dict[str, Any], organiser: User, there: dict[str, Any], program_of: Callable[..., Any]
) -> None:
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.DRAFT)
    few = {who: callers[who] for who in ("stranger", "nobody")}
    others = few | {"organiser who reads": program_of(organiser, "read")}
    with override_settings(API_GENEROSITY=1000):
        for name, (method, path, _scopes) in operations().items():
            if "{slug}" not in path:
                continue
            answers = {who: tried(call, name, method, path, there).status_code for who, call in others.items()}
            assert not WELCOME.intersection(answers.values()), (name, answers)
        for who, call in (others | {"organiser": callers["organiser"]}).items():
            listed = {row["slug"] for row in call("/editions").json()["items"]}
            assert listed == ({edition.slug} if who == "organiser" else set())


def test_a_buyers_need_and_what_is_not_published_stay_unseen(
    edition: Edition,
    desk: Participation,
    take_part: Callable[..., Participation],
    need: Callable[..., Any],
    callers: dict[str, Any],
) -> None:
    buyer = take_part(edition, kind="buyer")
    seen = need(desk, "Seen by all").pk
    hidden = need(buyer, "Of a buyer").pk
    draft = need(desk, "A draft", review="draft").pk
    unnamed = need(desk, "Unnamed", anonymous=True).pk
    run_out = need(desk, "Run out", valid_until=timezone.localdate() - timedelta(days=1)).pk

    def found(who: str, query: str = "") -> dict[int, Any]:
        answer = callers[who](f"/editions/{edition.slug}/needs?{query}")
        return {row["number"]: row["firm"] for row in answer.json()["items"]}

    for who in ("nobody", "stranger", "other organiser"):
        assert set(found(who)) == {seen, unnamed}
        # What would tell whose an item without a name is finds it not.
        assert set(found(who, f"firm={desk.firm.identifier}")) == {seen}
        assert set(found(who, f"country={desk.firm.country}")) == {seen}
        for number in (hidden, draft, run_out):
            assert callers[who](f"/editions/{edition.slug}/needs/{number}").status_code == 404
    assert set(found("owner")) == {seen, unnamed, draft, run_out} == set(found("member"))
    assert set(found("organiser")) == {seen, unnamed, draft, run_out, hidden}
    assert found("nobody")[unnamed] is None
    assert found("owner")[unnamed] == found("organiser")[unnamed] == desk.firm.identifier


def test_an_item_without_a_name_is_on_no_chain_for_others(
    edition: Edition, desk: Participation, offer: Callable[..., Any], callers: dict[str, Any]
) -> None:
    load_builtin_chains()
    node = Node.objects.filter(chain__slug="clean-energy").first()
    assert node is not None
    with scope(edition=edition):
        for anonymous in (False, True):
            item = offer(desk, f"Film {anonymous}", anonymous=anonymous)
            Placement.objects.create(
                edition=edition, participation=desk, offer=item, side="offer", node=node, confidence=0.9, evidence=[]
            )

    def placed(who: str) -> int:
        return len(callers[who](f"/editions/{edition.slug}/placements").json()["items"])

    assert {who: placed(who) for who in callers} == {
        "owner": 2,
        "member": 2,
        "organiser": 2,
        "other organiser": 1,
        "stranger": 1,
        "nobody": 1,
    }
