"""The proof of an entry of the trail: what shows that it stands as it was written.

Its keyed hashes (HMAC-SHA-256) are made with a key that is not in the database, so who changes or adds a row in the
database cannot make a fitting proof. Once the values of an entry are masked, another keyed hash tells that Serai itself
masked them; the salt goes, so that what stood there can't be guessed and compared.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from django.conf import settings

type State = Mapping[str, Any] | None

FACTS = ("at", "request_id", "action", "object_type", "object_id")
PERSONS = ("user_id", "impersonator_id", "staff_session_id", "edition_id")
FIELDS = (*FACTS, *PERSONS, "before", "after", "proof")
"""What of an entry is proved, with its proof."""

_MASKED = "*"


class Standing(Enum):
    """How an entry stands."""

    WHOLE = "as it was written"
    MASKED = "its values masked by Serai"
    CHANGED = "changed"


@dataclass(frozen=True)
class Proof:
    """The parts of a proof. A text of at most 240 characters, its parts parted by dots."""

    opening: str  # a salt; once masked, an asterisk and the keyed hash of the values that stand there now
    contents: str  # keyed hash of the salt and both states as they were written
    mark: str  # keyed hash of all that never changes
    persons: str  # primary keys of user, impersonator, staff session and edition, which are deleted at times

    def __str__(self) -> str:
        return ".".join((self.opening, self.contents, self.mark, self.persons))


def parted(text: str) -> Proof | None:
    """The parts of a proof; None for a text that is none."""
    parts = text.split(".")
    return Proof(*parts) if len(parts) == 4 else None


def prove(entry: Any) -> str:
    """The proof of an entry that is written now."""
    key, salt = keys()[0], secrets.token_urlsafe(16)
    contents = _contents(key, salt, entry.before, entry.after)
    persons = ",".join(str(getattr(entry, name) or "") for name in PERSONS)
    facts = [getattr(entry, name) for name in FACTS]
    return str(Proof(salt, contents, _mark(key, facts, persons, contents), persons))


def mask_states(entry: Any, before: State, after: State) -> None:
    """Give an entry these masked states, with the proof that Serai masked them. One that was changed stays unproved."""
    proof = parted(entry.proof)
    facts = [getattr(entry, name) for name in FACTS]
    if proof and standing(facts, entry.before, entry.after, proof) is not Standing.CHANGED:
        entry.proof = str(replace(proof, opening=_masked(keys()[0], proof.mark, before, after)))
    entry.before, entry.after = before, after


def standing(facts: Sequence[Any], before: State, after: State, proof: Proof) -> Standing:
    """How an entry stands, by its FACTS, both states and its proof."""
    for key in keys():
        if not hmac.compare_digest(_mark(key, facts, proof.persons, proof.contents), proof.mark):
            continue
        if proof.opening.startswith(_MASKED):
            masked = any(_masked(other, proof.mark, before, after) == proof.opening for other in keys())
            return Standing.MASKED if masked else Standing.CHANGED
        whole = hmac.compare_digest(_contents(key, proof.opening, before, after), proof.contents)
        return Standing.WHOLE if whole else Standing.CHANGED
    return Standing.CHANGED


def keyed_hash(key: bytes, *parts: str) -> str:
    """HMAC-SHA-256 of texts in 43 characters. Texts are told apart by a line break, which none of them contains."""
    return urlsafe_b64encode(hmac.digest(key, "\n".join(parts).encode(), "sha256")).decode().rstrip("=")


def keys() -> tuple[bytes, ...]:
    """The key of the trail, and those of secret keys that the instance had before (SECRET_KEYS_BEFORE)."""
    return _keys(settings.SECRET_KEY, tuple(settings.SECRET_KEYS_BEFORE))


@lru_cache(maxsize=4)
def _keys(*given: str | tuple[str, ...]) -> tuple[bytes, ...]:
    now, before = given
    return tuple(hashlib.sha256(f"audit trail:{secret}".encode()).digest() for secret in (now, *before))


def _contents(key: bytes, salt: str, before: State, after: State) -> str:
    return keyed_hash(key, "contents", salt, _canonical(before), _canonical(after))


def _masked(key: bytes, mark: str, before: State, after: State) -> str:
    return _MASKED + keyed_hash(key, "masked", mark, _canonical(before), _canonical(after))


def _mark(key: bytes, facts: Sequence[Any], persons: str, contents: str) -> str:
    at, *names = facts
    written = at.astimezone(UTC).isoformat() if isinstance(at, datetime) else str(at)
    return keyed_hash(key, "entry", written, json.dumps(names), persons, contents)


def _canonical(state: State) -> str:
    """A state as JSON, the same before it is written and after it is read from either database.

    PostgreSQL returns 1e22 as a whole number and -0.0 as 0.0.
    """
    if state is None:
        return "null"
    text = json.dumps(state, sort_keys=True, separators=(",", ":"))
    if not any(isinstance(value, float | list | dict | tuple) for value in state.values()):
        return text
    return json.dumps(json.loads(text, parse_float=_number), sort_keys=True, separators=(",", ":"))


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number
