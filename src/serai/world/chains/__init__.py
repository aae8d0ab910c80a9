"""Supply chains: the stages from raw material to after-sales, the makers at each stage, and who supplies whom.

A chain is one TOML file; the comment at the head of clean-energy.toml explains the format. Nine chains come with Serai:
the six of the mission, and three that a fair chooses. An organiser adds its own.
The graph has no loop: worn-out goods leave the chain at a recovery node, which supplies no other node.
"""

from serai.world.chains.checks import check_chain, check_structure, missing_in, unfinished_in, wrong_in
from serai.world.chains.file_text import write_chain
from serai.world.chains.files import BUILTIN, CHOSEN, MISSION, builtin_chains, parse_chain, read_chain
from serai.world.chains.structure import Chain, ChainError, Node, Position, Requirement, Stage

__all__ = [
    "BUILTIN",
    "CHOSEN",
    "MISSION",
    "Chain",
    "ChainError",
    "Node",
    "Position",
    "Requirement",
    "Stage",
    "builtin_chains",
    "check_chain",
    "check_structure",
    "missing_in",
    "parse_chain",
    "read_chain",
    "unfinished_in",
    "write_chain",
    "wrong_in",
]
