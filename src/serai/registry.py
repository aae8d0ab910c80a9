"""Extension by registry: readers, indicators, shocks, exporters and their like are declared beside the function that
does the work, and every face (command, pages, report, documentation) reads the registry.

A third party adds its own through the entry point group ``serai.plugins``: each entry point names a module, and
importing that module runs its declarations.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points

PLUGIN_GROUP = "serai.plugins"


class Registry[Declaration](Mapping[str, Declaration]):
    """Declarations of one kind by their key, in the order in which they were declared.

    Plugins are loaded at the first look, so that declaring costs nothing at import.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._declarations: dict[str, Declaration] = {}

    def add(self, key: str, declaration: Declaration) -> None:
        """Declare ``key``. Raises ValueError where it is taken: two functions under one name would hide one of them."""
        if key in self._declarations:
            raise ValueError(f"There is already a {self.kind} called '{key}'; choose another name.")
        self._declarations[key] = declaration

    def __getitem__(self, key: str) -> Declaration:
        load_plugins()
        try:
            return self._declarations[key]
        except KeyError:
            known = ", ".join(self._declarations) or "none"
            raise KeyError(f"There is no {self.kind} called '{key}'; known are: {known}.") from None

    def __iter__(self) -> Iterator[str]:
        load_plugins()
        return iter(self._declarations)

    def __len__(self) -> int:
        load_plugins()
        return len(self._declarations)


@cache
def load_plugins() -> None:
    """Import every module named in the entry point group ``serai.plugins``, once a process."""
    for entry_point in entry_points(group=PLUGIN_GROUP):
        entry_point.load()
