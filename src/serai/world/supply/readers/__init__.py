"""Readers of supply networks: a folder of CSV files, the shares that come with Serai."""

from serai.world.supply.readers.folder import read_chain_folder, write_chain_folder
from serai.world.supply.readers.shipped import read_shares, shipped_shares

__all__ = ["read_chain_folder", "read_shares", "shipped_shares", "write_chain_folder"]
