"""Economic complexity: what a country's exports say of all that it can do (Hidalgo and Hausmann 2009, PNAS 106(26))."""

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, ratio
from serai.world.table import NotMeasured


def complexity(exports: Array) -> Array:
    """Economic complexity index of exports (countries x products), shape (countries,); see `complexities`."""
    shares = ratio(exports, exports.sum(axis=1)[:, None])
    return complexities(np.nan_to_num(ratio(shares, exports.sum(axis=0) / exports.sum())) >= 1)[0]


def complexities(advantage: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Complexity of countries and of products from M = [RCA >= 1] (countries x products): each mean 0, deviation 1.

    Countries: the eigenvector of the second largest eigenvalue of M~_cc' = sum_p M_cp M_c'p / (k_c k_p), with the sign
    that goes with the number of products. Products: the mean over the countries that have the advantage, which is the
    same eigenvector of the products' matrix. NaN for a country or a product without an advantage. Raises NotMeasured
    where all countries have the same.
    """
    diversity, ubiquity = advantage.sum(axis=1), advantage.sum(axis=0)
    able, made = diversity > 0, ubiquity > 0
    M = advantage[able][:, made].astype(float)
    scaled = M / np.sqrt(M.sum(axis=1))[:, None] / np.sqrt(M.sum(axis=0))
    eigenvalues, vectors = np.linalg.eigh(scaled @ scaled.T)
    if len(eigenvalues) < 3 or eigenvalues[-2] < 1e-12:
        raise NotMeasured("The countries' exports are too alike or too few to tell their complexity apart.")
    index = vectors[:, -2] / np.sqrt(M.sum(axis=1))
    sign = np.sign(np.corrcoef(index, diversity[able])[0, 1]) if diversity[able].std() > 0 else 1.0
    countries, products = np.full(len(able), np.nan), np.full(len(made), np.nan)
    countries[able] = _standardised(index) * (sign or 1.0)
    products[made] = _standardised(countries[able] @ M / ubiquity[made])
    return countries, products


def _standardised(values: Array) -> Array:
    return np.asarray((values - values.mean()) / values.std())
