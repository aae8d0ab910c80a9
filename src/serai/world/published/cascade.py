"""The economic systemic risk index on a network of five firms, small enough to be followed by hand."""

from collections.abc import Mapping

import numpy as np

from serai.world.firm_network import FirmNetwork, sorted_links
from serai.world.published import quantity
from serai.world.shocks.cascade import cascade

ESSENTIAL = ("product 0", "product 1")


def five_firms() -> FirmNetwork:
    """Five firms with five links; products 0 and 1 are essential."""
    supplier, buyer = np.array([0, 1, 2, 4, 4]), np.array([2, 2, 3, 2, 3])
    product, nowhere = np.array([0, 0, 1, 2, 3]), np.zeros(5, dtype=int)
    return FirmNetwork(
        countries=("nowhere",),
        industries=("any",),
        products=tuple(f"product {number}" for number in range(4)),
        country=nowhere,
        industry=nowhere,
        product=product,
        size=np.array([6.0, 4.0, 20.0, 40.0, 7.0]),
        unit="units of money",
        source="Five firms of docs/method/shocks.md",
        **sorted_links(5, supplier, buyer, np.array([6.0, 4.0, 20.0, 2.0, 5.0]), product[supplier]),
    )


@quantity("systemic risk")
def systemic_risk_of_five_firms(network: FirmNetwork) -> Mapping[str, float]:
    """The index of each firm, with and without replacement by others of its product."""
    return {
        f"firm {firm}, {words} replacement": cascade(
            network, firms=[firm], essential=ESSENTIAL, replaceable=replaceable
        ).answer.index
        for replaceable, words in ((False, "without"), (True, "with"))
        for firm in range(network.n)
    }
