"""Chains for tests of what the world says of them."""

from collections.abc import Callable

import pytest

from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Chain


@pytest.fixture
def a_chain(db: None) -> Callable[[str], Chain]:
    """A function that takes a built-in chain into the database."""

    def load(slug: str) -> Chain:
        (chain,) = load_builtin_chains((slug,))
        return chain

    return load
