"""Delegations: a leader, members, and the firms that let the leader act for them."""
