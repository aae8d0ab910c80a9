"""NAFTA as Caliendo and Parro (2015) count it: their data of 1993, and tariffs among Mexico, Canada and the US of 2005.

Read from SERAI_DATA (caliendo_parro_2015/cp2015_tidy.npz): 31 countries x 40 sectors, of which 20 are traded.
"""

import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serai.world.readers import TableNotHere, UnreadableTable, data_file
from serai.world.shocks.trade.caliendo_parro import TradeEconomy, TradeEquilibrium, equilibrium
from serai.world.shocks.trade.variants import Difference, variant, with_minus_without
from serai.world.table import Array

FILE = "caliendo_parro_2015/cp2015_tidy.npz"
CITATION = (
    "Caliendo and Parro (2015), Estimates of the Trade and Welfare Effects of NAFTA, Review of Economic Studies 82(1), "
    "1-44, supplement"
)
MEMBERS = ("Mexico", "Canada", "USA")
NON_TRADED_ELASTICITY = 8.22
SHAPES = {
    "xbilat1993_net": "jni",
    "tariff1993": "jni",
    "tariff2005": "jni",
    "IO": "nss",
    "va_share": "sn",
    "gross_output": "sn",
    "theta": "j",
}
"""Axes of each array: traded sectors j, all sectors s, importers n, exporters i; `IO` is source by user."""


@dataclass(frozen=True, eq=False)
class Nafta:
    """The economy of 1993 with its deficits, and the tariffs (J, N, N) of 2005.

    `all_tariffs` are those of 2005 everywhere, `tariffs` only among the members, else those of 1993, `others` only
    outside of NAFTA.
    """

    economy: TradeEconomy
    all_tariffs: Array

    @property
    def members(self) -> list[int]:
        """Positions of Mexico, Canada and the USA."""
        return [self.economy.countries.index(country) for country in MEMBERS]

    @property
    def _inside(self) -> NDArray[np.bool_]:
        members = np.isin(self.economy.countries, MEMBERS)
        return members[:, None] & members

    @property
    def tariffs(self) -> Array:
        """Those of 2005 among the members, else of 1993."""
        return np.where(self._inside, self.all_tariffs, self.economy.tariffs)

    @property
    def others(self) -> Array:
        """Those of 1993 among the members, else of 2005: the world without NAFTA."""
        return np.where(self._inside, self.economy.tariffs, self.all_tariffs)

    @cached_property
    def balanced(self) -> TradeEconomy:
        """The economy of 1993 without deficits, from which the paper's tables count."""
        return equilibrium(self.economy, deficit=np.zeros(len(self.economy.countries))).after

    @cached_property
    def in_a_changing_world(self) -> Difference:
        """All tariffs of 2005 beside all but NAFTA's."""
        return with_minus_without(self.balanced, self.all_tariffs, self.others)

    def plainly(self, word: str) -> TradeEquilibrium:
        """NAFTA in a plainer economy, such as "no_materials". Raises KeyError."""
        plain = variant(self.economy, word)
        start = equilibrium(plain.economy, deficit=np.zeros(len(self.economy.countries))).after
        return equilibrium(start, tariffs=plain.tariffs(self.tariffs))

    @cached_property
    def from_balanced_trade(self) -> TradeEquilibrium:
        """NAFTA counted from the equilibrium without deficits, as in the paper's tables."""
        return equilibrium(self.balanced, tariffs=self.tariffs)

    @cached_property
    def with_deficits(self) -> TradeEquilibrium:
        """NAFTA counted with the deficits of 1993 kept."""
        return equilibrium(equilibrium(self.economy).after, tariffs=self.tariffs)


def read_nafta(path: Path | None = None) -> Nafta:
    """The data of the paper. Raises TableNotHere where they are not on this machine, UnreadableTable for another file.

    As in the paper: what a sector sells at home is its output less its exports, output being at least these; final
    shares are what remains of spending after inputs, not less than 0; non-traded sectors sell at home only.
    """
    if path is None:
        path = data_file(FILE)
    if path is None:
        raise TableNotHere(f"The data of Caliendo and Parro (2015), {FILE}, are in no data folder; set SERAI_DATA.")
    data = _arrays(path)
    countries = tuple(str(country) for country in data["countries"])
    N, (traded, sectors) = len(countries), (len(data["theta"]), len(data["va_share"]))
    flows, before, after = (np.zeros((sectors, N, N)) for _ in range(3))
    flows[:traded] = data["xbilat1993_net"]
    before[:traded], after[:traded] = data["tariff1993"] / 100, data["tariff2005"] / 100
    exports = flows.sum(axis=1)
    output = np.maximum(data["gross_output"], exports)
    home = np.arange(N)
    deficit = (flows.sum(axis=2) - exports).sum(axis=0)
    flows[:, home, home] = output - exports
    paid = flows * (1 + before)
    spending = paid.sum(axis=2)
    inputs = data["IO"] * (1 - data["va_share"]).T[:, None, :]
    added = (data["va_share"] * output).sum(axis=0)
    final = np.maximum(spending - np.einsum("nks,sn->kn", inputs, output), 0)
    shares = np.divide(paid, spending[:, :, None], out=np.zeros_like(paid), where=spending[:, :, None] > 0)
    theta = np.concatenate([data["theta"], np.full(sectors - traded, NON_TRADED_ELASTICITY)])
    economy = TradeEconomy(
        countries,
        tuple(f"{position + 1}" for position in range(sectors)),
        shares,
        spending,
        before,
        data["va_share"],
        inputs,
        final / final.sum(axis=0),
        added,
        deficit,
        theta,
    )
    return Nafta(economy, after)


def _arrays(path: Path) -> dict[str, Array]:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in (*SHAPES, "countries")}
    except KeyError as error:
        raise UnreadableTable(f"{path}: {error.args[0]}") from None
    except (ValueError, zipfile.BadZipFile):
        raise UnreadableTable(f"{path} is not an npz file of plain arrays.") from None
    N = len(arrays["countries"])
    size = {"n": N, "i": N, "j": len(arrays["theta"]), "s": len(arrays["va_share"])}
    for name, axes in SHAPES.items():
        expected = tuple(size[axis] for axis in axes)
        if arrays[name].shape != expected or not np.isfinite(arrays[name]).all():
            raise UnreadableTable(f"{path}: '{name}' is not an array of numbers of shape {expected}.")
    total = arrays["IO"].sum(axis=1)
    arrays["IO"] = np.divide(
        arrays["IO"], total[:, None, :], out=np.zeros_like(arrays["IO"]), where=total[:, None, :] > 0
    )
    return arrays
