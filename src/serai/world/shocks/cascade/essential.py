"""Which inputs stop a buyer: data of the user, or goods and utilities where there is none."""

import re
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from serai.world.classifications import isic
from serai.world.firm_network import FirmNetwork

GOODS_AND_UTILITIES = frozenset("ABCDE")
"""Sections of ISIC Rev.4: agriculture, mining, manufacturing, electricity and gas, water and waste."""

type Essential = NDArray[np.bool_] | Collection[str] | None


def essential_inputs(network: FirmNetwork, essential: Essential = None) -> NDArray[np.bool_]:
    """Whether a product stops the makers of an industry when it is missing, shape (products, industries).

    `essential` is such a matrix, or the products that are essential to every industry. Without it goods and utilities
    are (sections A to E of ISIC): of a product, the industry decides that sells most of it. Raises ValueError where
    the industries' labels are no codes of ISIC Rev.4, KeyError for an unknown product.
    """
    shape = len(network.products), len(network.industries)
    if isinstance(essential, np.ndarray):
        if essential.shape != shape or essential.dtype != bool:
            raise ValueError(f"The essential inputs need truth values of shape {shape}, products by industries.")
        return essential
    if essential is not None:
        unknown = [product for product in essential if product not in network.products]
        if unknown:
            raise KeyError(f"The network has no product '{unknown[0]}'; it has {', '.join(network.products[:20])}.")
        return np.repeat(np.isin(network.products, list(essential))[:, None], shape[1], axis=1)
    place = network.traded.astype(np.intp) * shape[1] + network.industry[network.supplier]
    sold = np.bincount(place, network.value, shape[0] * shape[1]).reshape(shape)
    goods = np.array([_section(label) in GOODS_AND_UTILITIES for label in network.industries])
    return np.repeat(goods[sold.argmax(axis=1)][:, None], shape[1], axis=1)


def _section(label: str) -> str:
    """The section of ISIC Rev.4 of a label such as C, C10T12 or 29. Raises ValueError."""
    if re.fullmatch(r"[A-U](\d\w*)?", label):
        return label[0]
    if isic.exists(label[:2]):
        return isic.section_of(label[:2])
    raise ValueError(
        f"The industry '{label}' is no code of ISIC Rev.4, so nobody knows whether it makes goods; "
        "say which products are essential."
    )
