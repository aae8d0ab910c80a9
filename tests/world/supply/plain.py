"""Obvious loops over one hit, for comparison with the arrays."""

import numpy as np

from serai.world.supply import SupplyNetwork


def loss_of(
    network: SupplyNetwork, hit: np.ndarray, *, pool: bool = False, profile: np.ndarray | None = None
) -> np.ndarray:
    """What is missing of each node by week, (weeks, n), of a hit (n, K)."""
    n, K = network.shares.shape
    weeks = np.ones(1) if profile is None else profile
    stock = np.repeat(network.groups.stock[:, None], K, axis=1)
    lost = np.zeros((len(weeks), n))
    for week, strength in enumerate(weeks):
        available = np.ones((n, K))
        for node in network.order:
            fewest = np.ones(K)
            for group in network.groups_of[node]:
                if not network.groups.critical[group]:
                    continue
                serves = np.zeros(K)
                places = network.groups.members(group)
                for member, part in zip(network.groups.member[places], network.groups.part[places], strict=True):
                    for user in range(K):
                        weights = network.shares[member] if pool else network.flows.shares[member][:, user]
                        received = sum(weights[maker] * available[member, maker] for maker in range(K))
                        serves[user] += part * (1 + network.spare[member]) * received
                serves = np.minimum(serves, 1)
                if profile is not None:
                    drawn = np.minimum(1 - serves, stock[group])
                    stock[group] -= drawn
                    serves = serves + drawn
                fewest = np.minimum(fewest, serves)
            available[node] = (1 - strength * hit[node]) * fewest
            lost[week, node] = network.shares[node] @ (1 - available[node])
    return lost
