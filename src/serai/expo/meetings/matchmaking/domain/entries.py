"""What the search keeps of offers, needs and firms, as matching uses it: their meaning, their codes, and who is near.

So no page works out what a text means, except one that has just changed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.expo.base.rows import among
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.search.domain.copies import Copy, copy_of
from serai.expo.offers.search.domain.search import LOOSE
from serai.expo.offers.search.domain.stores import matching
from serai.expo.offers.search.models import SearchEntry
from serai.match.codes.likeness import code_shares, unpacked
from serai.match.hubness import SAMPLE
from serai.match.language import detect_language
from serai.match.meanings import meanings
from serai.match.placing import Item, Side
from serai.match.search import plan, rarest
from serai.match.vectors import Encoder, encoder

type Vectors = NDArray[np.float32]

KINDS: Mapping[Side, tuple[str, ...]] = {
    Side.OFFER: (SearchEntry.Kind.OFFER, SearchEntry.Kind.FIRM),
    Side.NEED: (SearchEntry.Kind.NEED,),
}
"""The kinds of entries of each side; what a firm says of itself tells what it can make."""

NEAR = 100
"""Entries by meaning, and as many by words, among which the partners for one item are looked for."""

LONGEST_QUERY = 400
"""Characters of an item by whose words entries are looked for."""


def key_of(kind: str, participation: int, item: int) -> str:
    """How the matcher knows what an entry stands for: ``offer-12``, ``need-7``, ``firm-3``."""
    return f"{kind}-{item or participation}"


def meant(copy: Copy, items: Sequence[Item], participations: Collection[int]) -> tuple[Vectors, sparse.csr_array]:
    """(n, d) vectors of items of these participations and (n, n_codes) shares of their likely codes.

    They are those that the search keeps, or made where one is missing.
    """
    by = encoder_of(copy)
    kept = _kept(participations, by.name)
    there = [number for number, item in enumerate(items) if item.key in kept]
    missing = [number for number, item in enumerate(items) if item.key not in kept]
    texts = [items[number].text for number in missing]
    languages = [detect_language(text) for text in texts]
    vectors = np.zeros((len(items), by.dimension), dtype=np.float32)
    vectors[there] = _vectors([kept[items[number].key][0] for number in there], by)
    if missing:
        vectors[missing] = meanings(texts, languages, by)
    parts = [unpacked([kept[items[number].key][1] for number in there]), code_shares(texts, languages)]
    codes = sparse.csr_array(sparse.vstack(parts, format="csr"))
    return vectors, codes[np.argsort([*there, *missing], kind="stable")]


def crowd(copy: Copy, edition: Edition) -> Mapping[Side, Vectors]:
    """Offers and needs spread evenly over the fair, against which it is measured how crowded a place is."""
    samples = copy.samples
    for side, kinds in KINDS.items():
        if side not in samples:
            samples[side] = _sample(edition, kinds, encoder_of(copy))
    return {side: samples[side] for side in KINDS}


def near(edition: Edition, items: Sequence[Item], participation: int) -> set[str]:
    """The keys of what is nearest to these items of a participation on the other side, by meaning and by words."""
    copy, nearest = copy_of(edition), set[int]()
    for item, vector in zip(items, meant(copy, items, [participation])[0], strict=True):
        kinds = KINDS[Side.NEED if item.side is Side.OFFER else Side.OFFER]
        asked = plan(item.text[:LONGEST_QUERY], copy.vocabulary)
        telling = rarest(asked, copy.vocabulary, LOOSE)
        nearest |= {row[0] for row in matching(edition.pk, telling, kinds, NEAR, every=False)}
        if copy.compares:
            nearest |= set(copy.meanings.nearest(vector.reshape(1, -1), kinds, NEAR))
    rows = SearchEntry.objects.filter(among("pk", nearest)).values_list("kind", "participation_id", "item")
    return {key_of(*row) for row in rows}


def by_kind(keys: Iterable[str]) -> Mapping[str, set[int]]:
    """The primary keys of offers, needs and participations among these keys."""
    pks: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        kind, _, number = key.partition("-")
        pks[kind].add(int(number))
    return pks


def encoder_of(copy: Copy) -> Encoder:
    """The encoder of the search; the packaged one where it cannot be had."""
    return copy.by or encoder()


def _kept(participations: Collection[int], name: str) -> dict[str, tuple[bytes, bytes]]:
    """Vector and codes of what this encoder read of these participations."""
    rows = SearchEntry.objects.filter(among("participation", participations), vector__isnull=False, encoder=name)
    columns = ("kind", "participation_id", "item", "vector", "codes")
    return {
        key_of(kind, participation, item): (bytes(vector), bytes(codes or b""))
        for kind, participation, item, vector, codes in rows.order_by().values_list(*columns)
    }


def _vectors(stored: Sequence[bytes], by: Encoder) -> Vectors:
    """(n, d) vectors of such a length that the cosines are spread like those of the packaged encoder."""
    rows = np.frombuffer(b"".join(stored), dtype="<f2").reshape(-1, by.dimension)
    return rows.astype(np.float32) * np.float32(np.sqrt(by.scale.slope))


def _sample(edition: Edition, kinds: Collection[str], by: Encoder) -> Vectors:
    there = SearchEntry.objects.filter(edition=edition, kind__in=kinds, vector__isnull=False, encoder=by.name)
    pks = list(there.order_by("pk").values_list("pk", flat=True))
    rows = np.unique(np.linspace(0, len(pks) - 1, min(SAMPLE, len(pks))).round().astype(np.int64))
    chosen = there.filter(among("pk", [pks[row] for row in rows])).order_by("pk").values_list("vector", flat=True)
    return _vectors([bytes(vector or b"") for vector in chosen], by)
