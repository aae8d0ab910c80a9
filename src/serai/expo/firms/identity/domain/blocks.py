"""Blocks: what two records of one firm have in common, so that not every record is compared with every other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from serai.expo.firms.identity.domain.likeness import Record, core
from serai.expo.firms.identity.domain.name_words import heard, words_of
from serai.expo.firms.record.domain.romanisation import romanised

LARGEST_BLOCK = 60
"""A word that more firms of a country have says nothing of who they are."""

_HEAD = 4
_OWN_HEAD = 6

type Block = tuple[str, str]


def in_blocks[Key](records: Mapping[Key, Record]) -> dict[Block, list[Key]]:
    """The records of each block."""
    members: dict[Block, list[Key]] = defaultdict(list)
    for key, record in records.items():
        for block in blocks_of(record):
            members[block].append(key)
    return members


def blocks_of(record: Record) -> set[Block]:
    """What may lead to another record of the same firm: a number, a site, a word, a head or the sound of a name."""
    return set(_blocks(record))


def _blocks(record: Record) -> Iterator[Block]:
    yield from record.numbers
    if record.host:
        yield "site", record.host
    for name in record.names:
        words = words_of(name)
        yield from ((record.country, word) for word in romanised(name).split() if len(word) > 1)
        yield from ((record.country, f"own:{word}") for word in words.own if len(word) > 1)
        yield record.country, f"head:{core(name)[:_HEAD]}"
        yield record.country, f"own head:{words.joined[:_OWN_HEAD]}"
        yield record.country, f"heard:{heard(words)}"
