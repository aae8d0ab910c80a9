"""The registry keeps declarations by key and says what it knows."""

import pytest

from serai.registry import Registry, load_plugins


def test_declarations_are_found_by_key_in_order() -> None:
    registry: Registry[int] = Registry("number")
    registry.add("two", 2)
    registry.add("one", 1)
    assert dict(registry) == {"two": 2, "one": 1}
    assert len(registry) == 2


def test_a_key_is_taken_once() -> None:
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    with pytest.raises(ValueError, match="already a number called 'one'"):
        registry.add("one", 2)


def test_an_unknown_key_is_answered_with_the_known_ones() -> None:
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    with pytest.raises(KeyError, match="no number called 'three'; known are: one"):
        registry["three"]


def test_a_plugin_declares_by_being_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    registry: Registry[int] = Registry("number")

    class EntryPoint:
        @staticmethod
        def load() -> None:
            registry.add("seven", 7)

    monkeypatch.setattr("serai.registry.entry_points", lambda group: [EntryPoint] if group == "serai.plugins" else [])
    load_plugins.cache_clear()
    assert list(registry) == ["seven"]
    assert list(registry) == ["seven"]
