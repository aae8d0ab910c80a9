"""The days of an inventory model, for a batch of events at once.

Adaptive regional input-output model (ARIO): Hallegatte (2008, 2013), with the orders of Guan et al. (2020) as a choice,
and the rules that BoARIO 0.7 follows (Juhel 2024). Each day makers produce what is ordered as far as capacity and
stocks allow, share it out in proportion to orders, refill stocks, and order.

An order of buyer j to supplier i is a constant share of what j orders of i's product. So the state of a scenario is the
stock of each product that each cell holds, (P, n), and no matrix of orders: what suppliers are asked for and what
buyers get are two matrix products a product with the shares of the table, for all B scenarios together, each followed
by one pass over the stocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.shocks.inventory import kernels
from serai.world.shocks.inventory.economy import CAPACITY, NOTHING, ORDERS, Economy
from serai.world.shocks.inventory.events import Demand, Event, remaining
from serai.world.table import Array, Indices


@dataclass(frozen=True, eq=False)
class Run:
    """What B events did in `horizon` days to n cells, in the order of the table, in the table's unit.

    `output_loss` (n, B) is output lost, `unmet` (n, B) final demand not met, `over_time` (horizon, N, B) value added
    lost by country and day; gains are negative. `recorded` (horizon, m, B) is the output of the cells asked for.
    `binding` (n, B), where asked for, is the product whose lack held the cell back on its worst day, CAPACITY, ORDERS
    or NOTHING. `residual` (B,) is what of any product appears or vanishes, relative to all output.
    """

    output_loss: Array
    unmet: Array
    over_time: Array
    recorded: Array
    binding: NDArray[np.int32] | None
    residual: Array


def simulate(
    economy: Economy,
    scenarios: Sequence[Event | Sequence[Event]],
    horizon: int,
    *,
    demand: Sequence[Sequence[Demand]] = (),
    record: Indices | None = None,
    explain: bool = False,
) -> Run:
    """The first `horizon` days, each scenario one event or several. Memory: P n B numbers, twice that for "alt".

    `demand` holds each scenario's changes of final demand, none when left out. `record` names cells whose output is
    kept day by day, `explain` asks for `binding`.
    """
    struck = [(entry,) if isinstance(entry, Event) else tuple(entry) for entry in scenarios]
    events = [event for entry in struck for event in entry]
    owner = np.repeat(np.arange(len(struck)), [len(entry) for entry in struck])
    state = _State(economy, events, owner, len(struck))
    chosen = economy.inputs.place[np.zeros(0, dtype=np.intp) if record is None else record]
    recorded = np.empty((horizon, len(chosen), state.scenarios))
    over_time = np.zeros((horizon, state.scenarios, economy.table.n_countries))
    part = remaining(events, horizon)
    worst = _Worst(state) if explain else None
    changed = [(place, change) for place, changes in enumerate(demand) for change in changes]
    for day in range(horizon):
        if changed:
            state.demand(day, changed)
        state.produce(day, part[day])
        state.account(over_time[day])
        recorded[day] = state.made[:, chosen].T
        if worst is not None:
            worst.look(state)
        state.restock()
    place = economy.inputs.place
    return Run(
        (horizon * economy.x - state.output)[:, place].T,
        state.unmet[:, place].T,
        over_time.transpose(0, 2, 1),
        recorded,
        None if worst is None else worst.binding[:, place].T,
        state.residual(horizon),
    )


class _State:
    """The state that changes from day to day, in the order of the economy's inputs; vectors are (B, n)."""

    def __init__(self, economy: Economy, events: Sequence[Event], owner: Indices, scenarios: int) -> None:
        self.economy, self.owner, self.scenarios = economy, owner, scenarios
        self.destroyed = np.array([event.destroyed for event in events], dtype=bool)
        self.alone = len(events) == scenarios and bool((owner == np.arange(scenarios)).all())
        inputs, self.real = economy.inputs, economy.precision.type
        n, B = inputs.n, self.scenarios
        self.x, self.vc = economy.x.astype(self.real), economy.vc.astype(self.real)
        self.usual_final = np.tile(economy.final, (B, 1))
        self.final = self.usual_final.astype(self.real)
        self.stretch, self.weight, self.served = (np.ones((B, n), self.real) for _ in range(3))
        self.made, self.optimal = (np.tile(self.x, (B, 1)) for _ in range(2))
        self.made_before, self.optimal_before = self.made.copy(), self.optimal.copy()
        self.output, self.sent, self.unmet = (np.zeros((B, n)) for _ in range(3))
        self.lost = np.array([event.lost[inputs.order] for event in events]).reshape(-1, n).astype(self.real)
        self.rebuilding = np.zeros((B, n), self.real)
        self.works = _works(economy, events, owner)
        self.goal = economy.stock_days.astype(self.real)
        used = inputs.needs * self.x
        stops = np.isfinite(self.goal)
        self.tracked = stops.any(axis=1)
        aimed = np.where(stops, self.goal, 0).astype(self.real) * used
        self.start = aimed.sum(axis=1, dtype=np.float64)
        self.stock = np.repeat(aimed[:, None, :], B, axis=1)
        self.most = np.empty((B, n), self.real)
        self.most[:] = self._allowed()
        self.slab = np.empty(((2 if self.shifting else 1) * B, n), self.real)
        self.orders = np.repeat(used[:, None, :], B, axis=1) if self.shifting else np.empty((1, B, n), self.real)
        self.ordered = np.empty((B, n), self.real)
        for product, rows, shares in inputs.blocks():
            self.ordered[:, rows] = shares @ used[product]
        with np.errstate(divide="ignore", invalid="ignore"):
            self.most_per_stock = (1 / (self.economy.behaviour.alarm * self.goal * inputs.needs)).astype(self.real)

    @property
    def shifting(self) -> bool:
        return self.economy.behaviour.ordering == "alt"

    def scalar(self, value: float) -> Any:
        """A number in the precision of the state."""
        return self.real(value)

    def _allowed(self) -> Array:
        """The output that full stocks allow, (n,)."""
        needs = (self.economy.inputs.needs > 0) & np.isfinite(self.goal)
        full: Array = np.where(needs.any(axis=0), self.x / self.real(self.economy.behaviour.alarm), np.inf)
        return full

    def _together(self, gone: Array) -> Array:
        """What is gone by scenario (B, n) of what is gone by event (E, n)."""
        capital, stopped = (np.zeros((self.scenarios, gone.shape[1]), self.real) for _ in range(2))
        np.add.at(capital, self.owner[self.destroyed], gone[self.destroyed])
        np.maximum.at(stopped, self.owner[~self.destroyed], gone[~self.destroyed])
        return np.minimum(np.maximum(capital, stopped), self.real(1))

    def demand(self, day: int, changed: Sequence[tuple[int, Demand]]) -> None:
        """Final demand of the day: each change scales its part of the usual one."""
        factors = np.ones(self.final.shape)
        for scenario, change in changed:
            factors[scenario] *= 1 + change.part[self.economy.inputs.order] * (change.factor(day) - 1)
        self.final = (self.usual_final * factors).astype(self.real)

    def produce(self, day: int, part: Array) -> None:
        """Output of the day, from orders, capacity and stocks."""
        behaviour = self.economy.behaviour
        gone = self.lost * part.astype(self.real)[:, None]
        for work in self.works:
            work.order(day, self.lost, gone, self.rebuilding)
        gone = gone if self.alone else self._together(gone)
        self.made, self.made_before = self.made_before, self.made
        self.optimal, self.optimal_before = self.optimal_before, self.optimal
        self.weight_before = self.weight.copy() if self.shifting else self.weight
        kernels.produce(
            self.x,
            self.final,
            gone,
            self.ordered,
            self.rebuilding,
            self.most,
            self.made_before,
            self.scalar(behaviour.overproduction),
            self.scalar(1 / behaviour.overproduction_days),
            self.stretch,
            self.optimal,
            self.made,
            self.served,
            self.weight,
        )
        for work in self.works:
            work.build(day, self.served)

    def account(self, value_added: Array) -> None:
        """Add the day to what is counted."""
        kernels.account(
            self.x,
            self.final,
            self.vc,
            self.economy.country,
            self.ordered,
            self.made,
            self.served,
            self.output,
            self.sent,
            self.unmet,
            value_added,
        )

    def restock(self) -> None:
        """Deliveries, stocks and orders, product by product."""
        behaviour, inputs = self.economy.behaviour, self.economy.inputs
        pace = self.scalar(1 / behaviour.restock_days)
        self.most.fill(np.inf)
        sending = self.served
        if self.shifting:
            sending = np.concatenate([self.served * self.weight_before, self.weight])
        for product, rows, shares in inputs.blocks():
            need = inputs.needs[product]
            np.matmul(sending[:, rows], shares, out=self.slab)
            orders = self.orders[product if self.shifting else 0]
            if not self.tracked[product]:
                np.multiply(need, self.made, out=orders)
                if self.shifting:
                    weights = self.slab[self.scenarios :]
                    np.divide(orders, weights, out=orders, where=weights > 0)
            elif self.shifting:
                kernels.restock_shifting(
                    need,
                    self.most_per_stock[product],
                    self.goal[product],
                    pace,
                    self.slab,
                    self.optimal,
                    self.made,
                    self.stock[product],
                    self.most,
                    orders,
                )
            else:
                kernels.restock(
                    need,
                    self.most_per_stock[product],
                    self.goal[product],
                    pace,
                    self.slab,
                    self.optimal_before,
                    self.made_before,
                    self.optimal,
                    self.made,
                    self.stock[product],
                    self.most,
                    orders,
                )
            np.matmul(orders, shares.T, out=self.ordered[:, rows])
        if self.shifting:
            self.ordered *= self.weight

    def residual(self, horizon: int) -> Array:
        """What makers were sent of a product, less what they used, is what stocks gained: the largest gap, (B,)."""
        inputs = self.economy.inputs
        first = inputs.first[:-1]
        sent = np.add.reduceat(self.sent, first, axis=1)
        used = self.output @ inputs.needs.T.astype(np.float64)
        gained = self.stock.sum(axis=2, dtype=np.float64).T - self.start
        gap: Array = np.abs(sent - used - gained)[:, self.tracked]
        scale = horizon * self.economy.x.sum()
        return np.asarray(gap.max(axis=1, initial=0) / scale)


class _Work:
    """What one product's makers have to rebuild, over the events that name it.

    Of what was ordered from a maker, the part `left` (B, k) is not yet done. It is the same for all its clients, since
    each of them gets the same part of what it orders.
    """

    def __init__(self, economy: Economy, events: Sequence[Event], owner: Indices, product: int) -> None:
        inputs, real = economy.inputs, economy.precision.type
        self.rows = slice(int(inputs.first[product]), int(inputs.first[product + 1]))
        self.builders = economy.rebuilders(product).astype(real)
        self.events = np.array([place for place, event in enumerate(events) if product in event.rebuilt_by])
        self.owner = owner[self.events]
        chosen = [events[place] for place in self.events]
        self.share = np.array([[event.rebuilt_by[product]] for event in chosen], real)
        self.pace = np.array([[1 / event.recovery_days] for event in chosen], real)
        self.strikes = np.array([event.begin for event in chosen])
        self.starts = np.array([event.begin + event.days for event in chosen])
        damage = np.stack([event.lost[inputs.order] * economy.capital * event.rebuilt for event in chosen])
        nobody = np.zeros(economy.table.n_countries)
        homes = np.stack([nobody if event.households is None else event.households * event.rebuilt for event in chosen])
        self.wanted = (damage @ self.builders.T + homes @ economy.sellers(product).T).astype(real) * self.share
        self.left = np.ones_like(self.wanted)

    def order(self, day: int, lost: Array, gone: Array, rebuilding: Array) -> None:
        """Take what is rebuilt off the capacity `gone` (E, n), and write the orders of the day into `rebuilding`."""
        now = self.strikes <= day
        built = (1 - self.left[now]) @ self.builders
        gone[self.events[now]] -= lost[self.events[now]] * built * self.share[now]
        np.maximum(gone, 0, out=gone)
        rebuilding[:, self.rows] = 0
        orders = self.wanted * self.left * self.pace * (self.starts <= day)[:, None]
        np.add.at(rebuilding[:, self.rows], self.owner, orders)

    def build(self, day: int, served: Array) -> None:
        """What is delivered is done."""
        self.left *= 1 - served[self.owner, self.rows] * self.pace * (self.starts <= day)[:, None]


def _works(economy: Economy, events: Sequence[Event], owner: Indices) -> list[_Work]:
    products = sorted({product for event in events for product in event.rebuilt_by})
    return [_Work(economy, events, owner, product) for product in products]


class _Worst:
    """What held each cell back on the day when it lost most."""

    def __init__(self, state: _State) -> None:
        self.most = np.full(state.made.shape, 1e-9) * state.x
        self.binding = np.full(state.made.shape, NOTHING, dtype=np.int32)

    def look(self, state: _State) -> None:
        """Compare a day, after production and before stocks move."""
        loss = state.x - state.made
        worse = np.argwhere(loss > self.most)
        needs, goal = state.economy.inputs.needs, state.goal
        for scenario, cell in worse:
            wanted = state.ordered[scenario, cell] + state.final[scenario, cell] + state.rebuilding[scenario, cell]
            if state.made[scenario, cell] >= state.most[scenario, cell]:
                aimed = np.where(np.isfinite(goal[:, cell]), goal[:, cell], 0) * needs[:, cell]
                part = np.divide(state.stock[:, scenario, cell], aimed, out=np.full(len(goal), np.inf), where=aimed > 0)
                why = int(part.argmin())
            else:
                why = ORDERS if state.made[scenario, cell] >= wanted else CAPACITY
            self.binding[scenario, cell] = why
        self.most = np.maximum(self.most, loss)
