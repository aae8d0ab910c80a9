"""Chains: stages, nodes and edges from upstream to downstream, and where each firm stands on them."""
