"""The figures of one input and how a new source changes them, with the interval and the sign that can be told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, Indices

AGREE, CHANGE = 0.9, 0.01
"""Share of the draws that must agree, and least change relative to the present figure, for a sign to be told."""

LEAST_KNOWN = 0.25
"""Share of a sourcing whose content must be known for its mean to stand for the whole."""


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure now, and its change by a source in each of S countries."""

    present: float
    change: Array
    low: Array
    high: Array
    told: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of one need: `drawn` (R, K) and `part` (R,) are draws of its sourcing `x` (K,) and of `theta`;
    `places` (S,) are the countries of new sources."""

    drawn: Array
    part: Array
    x: Array
    theta: float
    places: Indices

    def linear(self, values: Array) -> Figure:
        """A mean of values by country (K,): the new source brings its own."""
        measured = np.isfinite(values)
        if self.x[measured].sum() < LEAST_KNOWN:
            return self._nothing()
        filled = np.where(measured, values, 0.0)
        weight = self.drawn @ measured
        mean = (self.drawn @ filled) / np.where(weight > 0, weight, 1)
        own = np.where(measured, values, np.nan)[self.places]
        present = float(self.x @ filled / (self.x @ measured))
        return self._told(present, self.theta * (own - present), self.part[:, None] * (own - mean[:, None]))

    def largest(self) -> Figure:
        """The largest share of one country; the unknown are none. A sign is told that holds as well where the unknown
        are all of the country with the largest share."""
        return self._told_both_ways(self._largest)

    def _largest(self, x: Array, drawn: Array) -> Figure:
        present = float(x[:-1].max())
        change = self._with(x[None], np.array([self.theta]))[0] - present
        return self._told(present, change, self._with(drawn, self.part) - drawn[:, :-1].max(axis=1)[:, None])

    def _told_both_ways(self, figure_of: Callable[[Array, Array], Figure]) -> Figure:
        """The figure of the sourcing; its sign is told where it is the same with the unknown attributed."""
        figure = figure_of(self.x, self.drawn)
        if not self.x[-1]:
            return figure
        other = figure_of(self._attributed(self.x[None])[0], self._attributed(self.drawn))
        return replace(figure, told=np.where(figure.told == other.told, figure.told, 0).astype(np.int8))

    def _attributed(self, x: Array) -> Array:
        """Shares (R, K) with those of the unknown given to the country with the largest share in the present sourcing.
        Where no country is known, they become one of their own, in which no source is: the first that is not asked."""
        given, by_country = x.copy(), self.x[:-1]
        others = np.setdiff1d(np.arange(len(by_country)), self.places)
        first = int(by_country.argmax()) if by_country.max() > 0 or not len(others) else int(others[0])
        given[:, first] += given[:, -1]
        given[:, -1] = 0
        return given

    def _with(self, x: Array, theta: Array) -> Array:
        """The largest share with a new source in each country, (R, S)."""
        kept = (1 - theta)[:, None]
        first = x[:, :-1].max(axis=1, keepdims=True) * kept
        largest: Array = np.maximum(first, x[:, self.places] * kept + theta[:, None])
        return largest

    def effective(self) -> Figure:
        """The effective number of countries, the unknown counted as one."""

        def number(x: Array, theta: Array) -> Array:
            kept, new = (1 - theta)[:, None], theta[:, None]
            squares = (x**2).sum(axis=1, keepdims=True) * kept**2
            effective: Array = 1 / (squares + 2 * kept * new * x[:, self.places] + new**2)
            return effective

        present = float(1 / (self.x**2).sum())
        now = 1 / (self.drawn**2).sum(axis=1, keepdims=True)
        change = number(self.x[None], np.array([self.theta]))[0] - present
        return self._told(present, change, number(self.drawn, self.part) - now)

    def worst(self, stops: Array) -> Figure:
        """The worst loss by the stop of a single country; `stops` (1 + networks, stops, K) is what is missing by maker,
        first in the network that is known. A sign is told that holds as well where the unknown stop together with the
        country that has the largest share."""
        return self._told_both_ways(partial(self._worst, stops))

    def _worst(self, stops: Array, x: Array, drawn: Array) -> Figure:
        of_draw = 1 + np.arange(len(drawn)) % (len(stops) - 1)
        losses = np.empty((len(drawn), stops.shape[1]))
        for number in range(1, len(stops)):
            rows = of_draw == number
            losses[rows] = drawn[rows] @ stops[number].T
        now = losses.max(axis=1)
        own = stops[:, :, self.places]  # (networks, stops, S)
        least = float(((1 - self.part) * now).min())
        can = (losses * (1 - self.part)[:, None]).max(axis=0) + self.part.max() * own.max(axis=(0, 2)) >= least
        kept = losses[:, can] * (1 - self.part)[:, None]
        worst = np.empty((len(drawn), len(self.places)))
        for number in range(1, len(stops)):
            rows = np.flatnonzero(of_draw == number)
            worst[rows] = (kept[rows][:, :, None] + self.part[rows][:, None, None] * own[number][can]).max(axis=1)
        central = x @ stops[0].T
        change = ((1 - self.theta) * central[:, None] + self.theta * own[0]).max(axis=0) - central.max()
        return self._told(float(central.max()), change, worst - now[:, None])

    def _told(self, present: float, change: Array, drawn: Array) -> Figure:
        """The interval of nine draws in ten, and the sign where it can be told."""
        ordered = np.sort(drawn, axis=0)
        count = len(ordered)
        low, high = ordered[int(0.05 * count)], ordered[min(int(0.95 * count), count - 1)]
        sign = np.sign(change)
        agree = (np.sign(drawn) == sign).mean(axis=0)
        large = np.abs(change) > CHANGE * abs(present)
        told = np.where((agree >= AGREE) & large & np.isfinite(change), np.nan_to_num(sign), 0).astype(np.int8)
        return Figure(present, change, low, high, told)

    def _nothing(self) -> Figure:
        missing = np.full(len(self.places), np.nan)
        return Figure(np.nan, missing, missing, missing, np.zeros(len(self.places), dtype=np.int8))
