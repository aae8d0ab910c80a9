"""Invented but balanced tables of any size, for tests, benchmarks and first steps."""

import numpy as np
import scipy.linalg

from serai.world.table import WorldTable


def synthetic_table(n_countries: int, n_industries: int, *, seed: int, idle: float = 0.0) -> WorldTable:
    """A random table whose accounts balance: positive flows with home bias, inputs 20 to 80 % of output.

    Countries and industries differ in size (lognormal). A share `idle` of the cells sells and buys nothing. The same
    seed gives the same table.
    """
    random = np.random.default_rng(seed)
    n = n_countries * n_industries
    home = np.kron(np.eye(n_countries), np.ones((n_industries, n_industries)))
    size = random.lognormal(sigma=0.8, size=n)
    active = random.random(n) >= idle
    A = random.gamma(0.7, size=(n, n)) * size[:, None] * (1 + 8 * home) * active[:, None]
    A *= random.uniform(0.2, 0.8, size=n) * active / np.maximum(A.sum(axis=0), np.finfo(float).tiny)
    buyers = random.lognormal(sigma=1.0, size=n_countries)
    demand_home = np.kron(np.eye(n_countries), np.ones((n_industries, 1)))
    F = random.gamma(0.7, size=(n, n_countries)) * size[:, None] * (1 + 8 * demand_home) * buyers * active[:, None]
    x = scipy.linalg.solve(np.eye(n) - A, F.sum(axis=1))
    return WorldTable(
        countries=tuple(f"C{index + 1}" for index in range(n_countries)),
        industries=tuple(f"i{index + 1}" for index in range(n_industries)),
        uses=("final",),
        Z=A * x,
        F=F,
        year=2000,
        unit="units of money",
        name="synthetic",
        source=f"Invented numbers, seed {seed}",
    )
