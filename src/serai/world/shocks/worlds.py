"""What a shock can hit: the cells of a table, the firms of a network, the makers of a chain; and what each has."""

from typing import TYPE_CHECKING, Any, Literal, assert_never

import numpy as np

from serai.world.firm_network import FirmNetwork
from serai.world.supply.network import SupplyNetwork
from serai.world.table import WorldTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from serai.world.table import Array

type World = WorldTable | FirmNetwork | SupplyNetwork
type Kind = Literal["table", "network", "supply"]

NAMES: dict[Kind, str] = {"table": "a table", "network": "a network", "supply": "a supply network of a chain"}


def kind_of(world: World) -> Kind:
    """The word by which a shock says what it hits."""
    match world:
        case WorldTable():
            return "table"
        case FirmNetwork():
            return "network"
        case SupplyNetwork():
            return "supply"
        case _:
            assert_never(world)


def by_country(world: World, values: "Array") -> "Array":
    """Values by cell, firm or maker added up by country, (N,)."""
    match world:
        case WorldTable():
            return world.by_country(values)
        case SupplyNetwork():
            summed: Array = values.reshape(world.n, -1).sum(axis=0)
            return summed
        case _:
            return np.bincount(world.country, values, len(world.countries))


def own_of(world: World) -> "Array":
    """What losses are set against: value added of cells, sales of firms, supply of a chain's end nodes."""
    match world:
        case WorldTable():
            return world.v
        case SupplyNetwork():
            return world.end_supply.ravel()
        case _:
            return world.size


def source_of(world: World) -> str:
    """The sources of the numbers, one a line."""
    match world:
        case WorldTable():
            return world.citation
        case SupplyNetwork():
            return world.cite()
        case _:
            return world.source


def cautions_of(world: World) -> tuple[str, ...]:
    """Sentences that have to stand beside figures of this world."""
    return tuple(world.cautions.values()) if isinstance(world, WorldTable) else ()


def arrays_of(world: World) -> "tuple[NDArray[Any], ...]":
    """The arrays that make a world what it is: two worlds with the same ones answer alike."""
    match world:
        case WorldTable():
            return world.Z, world.F
        case SupplyNetwork():
            groups = world.groups
            return (
                *(world.shares, world.spare, world.affinity, world.pattern),
                *(world.final_use, world.final_users, world.onward),
                *(groups.user, groups.share, groups.critical, groups.stock, groups.start, groups.member, groups.part),
                *(array for node, flows in world.trade.items() for array in (np.array(node), flows)),
                np.array([np.nan if firm.share is None else firm.share for firm in world.firms]),
            )
        case _:
            return world.start, world.buyer, world.value, world.size
