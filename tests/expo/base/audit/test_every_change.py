"""Every change of a record has an entry in the trail: each function that writes rows is found in the code itself.

A function that writes must write an entry too, or call one of its own room that does, or be called by such ones only.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import serai.expo

ROOT = Path(serai.expo.__file__).parent
WRITING = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete", "update"}
RECORDING = {"record", "record_all", "record_change", "entry", "trace"}
COMMON = {
    "save",
    "create",
    "update",
    "delete",
    "all",
    "add",
    "keep",
    "change",
    "remove",
    "set",
    "make",
    "read",
    "state",
}
"""Names that say too little: a call of one counts as a call of a function in the same file only."""

NOT_IN_THE_TRAIL = {
    "people/staff/pages.py __call__": "a request of staff is a log of its own, as long as it is kept",
    "fairs/interface/domain/keys.py key_of": "when a key was last used is no change of the key",
    "participants/exhibitors/api/record.py declare": "its calls are handed to the record of the firm, which writes the entries",
    "site/api/domain.py _put_in_line": "what is told to others is told of an entry; its attempts are its own log",
    "base/audit/domain/entries.py record_all": "it writes the entries themselves",
    "base/audit/domain/seals.py seal": "it seals the trail and changes nothing that the trail tells of",
    "base/tasks/domain/queue.py claim": "a task has its states and its tries, which are its own log",
    "base/tasks/domain/queue.py try_again": "as above",
    "people/account/domain/privacy.py mask_words": "the erasing of the person is in the trail",
    "meetings/meeting/hooks.py forget_names_in_history": "the erasing of the person is in the trail",
    "offers/chains/domain/placements.py save_chain": "the chains that come with Serai, loaded",
    "offers/chains/domain/placements.py _replace": "computed anew from offers and needs",
    "offers/chains/domain/placements.py write": "as above",
    "firms/record/domain/record_pages.py choose_readers": "visibility.show_to writes who reads the field; its files follow",
    "offers/chains/domain/own_chains.py newest": "a version itself says who changed the chain, when and how",
    "insight/exposure/hooks.py _forget": "the erasing of the person is in the trail",
    "insight/exposure/hooks.py _forget_sources": "what retention deletes is in the trail",
    "insight/lab/domain/runs.py _begin": "a run has its states, which are its own log, and changes nothing of the fair",
    "insight/lab/domain/runs.py _end": "as above",
    "insight/supply/domain/source_values.py compute_values": "computed anew from the rows",
    "insight/supply/domain/source_values.py write": "as above",
    "insight/supply/domain/stored_results.py ask": "the queue of the worker",
    "insight/supply/domain/stored_results.py compute": "computed anew from the rows",
    "offers/search/domain/index.py refresh_tokens": "made anew from the rows",
    "participants/contact_persons/domain.py forget": "the erasing of the person is in the trail",
    "participants/invitations/hooks.py forget_letters": "as above",
    "participants/invitations/domain/invitations.py follow_mail": "a mail has its states, and the invitation is in it",
    "programme/initiatives/domain/signatures.py _forget": "the erasing of the person, or what retention forgets, is in it",
    "programme/sessions/hooks.py _move_forums": "that a chain takes the place of another is in the trail",
    "site/imports/domain/erasure.py _save": "the erasing of the person is in the trail",
    "firms/identity/domain/references.py": "a merge and a parting are in it with all their steps",
    "firms/identity/domain/splits.py _move": "as above",
    "venue/booths/pages.py save": "the form hands on to the domain, which writes the entry",
    "site/imports/domain/batches.py preview": "a preview changes nothing of the fair; applying and undoing it are in it",
    "site/imports/domain/batches.py _save_rows": "as above",
    "site/imports/domain/batches.py _create_rows": "as above",
    "site/imports/domain/batches.py _remove": "as above",
    "site/imports/domain/custody.py set_state": "as above",
    "fairs/jobs/domain.py _end": "who asked for the job, and what it changed, are in it",
    "fairs/jobs/hooks.py forget_jobs": "what has been kept for its time; what the jobs changed is in it",
    "fairs/mailing/domain/outbox.py": "a mail has its states, and its mailing is in it",
    "offers/interests/domain.py forget_quotations": "retention.domain.forget writes how much was forgotten",
    "offers/market/domain/visibility.py with_words": "made anew from the rows",
    "meetings/matchmaking/domain/choice.py compute_curve": "computed",
    "meetings/matchmaking/hooks.py _forget": "computed; the cancelling that ends them is in it",
    "meetings/matchmaking/domain/suggestions.py suggest": "computed",
    "site/retention/domain.py forget_visits": "logs that have been kept for their time",
    "people/account/models.py create_user": "whoever makes the account writes the entry",
    "people/account/pages/sign_in.py pre_social_login": "a mail address that the organisation vouches for, at each sign-in",
    "programme/proposals/hooks.py": "retention.domain.forget writes how much was forgotten",
    "participants/questions/hooks.py": "retention.domain.forget writes how much was forgotten",
    "site/retention/hooks.py": "retention.domain.forget writes how much was forgotten",
}
"""Functions (or whole files) that write rows without an entry, and why."""

type Function = tuple[str, str]  # file below ROOT, name


def functions() -> Iterator[tuple[Function, set[str], set[str]]]:
    """Every function with what it writes and the names that it calls."""
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT)
        if {"migrations", "demonstration"} & set(place.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                calls = [one for part in node.body for one in ast.walk(part) if isinstance(one, ast.Call)]
                writes = {ast.unparse(one.func) for one in calls if is_write(one)}
                yield (place.as_posix(), node.name), writes, {name_of(one) for one in calls}


def name_of(call: ast.Call) -> str:
    found = call.func
    return found.id if isinstance(found, ast.Name) else found.attr if isinstance(found, ast.Attribute) else ""


def is_write(call: ast.Call) -> bool:
    """Whether a call writes rows, and is no method of a dictionary, a workbook or a form of the same name."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITING:
        return False
    of = ast.unparse(call.func.value)
    if call.func.attr == "update":
        return "objects" in of or "filter" in of or "_manager" in of
    if call.func.attr == "save":
        given = {one.arg for one in call.keywords}
        return of not in {"book", "drawn"} and "commit" not in given
    return of != "cache"


def room(function: Function) -> str:
    return function[0].split("/")[0]


def unwritten() -> list[Function]:
    writes: dict[Function, set[str]] = defaultdict(set)
    calls: dict[Function, set[str]] = defaultdict(set)
    for function, written, called in functions():
        writes[function] |= written
        calls[function] |= called
    recording = {function for function, called in calls.items() if called & RECORDING}
    while True:
        named = defaultdict(set)
        for function in recording:
            named[function[1]].add(function)
        more = {
            function
            for function, called in calls.items()
            if function not in recording
            and any(
                other[0] == function[0] or (room(other) == room(function) and name not in COMMON)
                for name in called
                for other in named.get(name, ())
            )
        }
        if not more:
            break
        recording |= more
    callers = defaultdict(set)
    for function, called in calls.items():
        for name in called:
            callers[name].add(function)

    def is_told(function: Function, seen: tuple[Function, ...] = ()) -> bool:
        if function in recording:
            return True
        above = [one for one in callers[function[1]] if room(one) == room(function) and one != function]
        return bool(above) and function not in seen and all(is_told(one, (*seen, function)) for one in above)

    return [function for function, written in writes.items() if written and not is_told(function)]


def test_every_function_that_writes_rows_writes_an_entry_or_says_why_not() -> None:
    found = {" ".join(function) for function in unwritten()}
    excused = {one for one in found if one in NOT_IN_THE_TRAIL or one.split()[0] in NOT_IN_THE_TRAIL}
    assert found - excused == set(), "Write an entry (audit.domain.record), or say why not in NOT_IN_THE_TRAIL."
    there = {place for (file, name), written, _calls in functions() if written for place in (file, f"{file} {name}")}
    assert set(NOT_IN_THE_TRAIL) <= there, "An excuse of a function that is not there or does not write."


def test_the_search_finds_what_writes() -> None:
    found = {function: written for function, written, _calls in functions()}
    assert "kept.save" in found["meetings/meeting/domain/wishes.py", "wish"]
    assert found["results/exports/domain/formats.py", "as_workbook"] == set()
