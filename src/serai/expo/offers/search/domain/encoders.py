"""The encoder that the instance has chosen: the packaged one, one of a plugin by its name, or a model in a folder.

What is estimated for a mounted model is kept in SERAI_HOME, by the model's identity. Until that is done, and as long as
the texts of a fair were read by another encoder, that one goes on where it can be had (`search.domain`).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from serai.expo.base.home import home
from serai.match.onnx_encoder import (
    Model,
    Mounting,
    MountingError,
    load,
    mounted,
    prepare,
    read_mounting,
    read_prepared,
    verify,
)
from serai.match.vectors import ENCODERS, PACKAGED, Encoder, encoder
from serai.world.progress import Progress, silent


@dataclass(frozen=True)
class Chosen:
    """The encoder that is to be used: its name, and where it is mounted from a folder, what that says."""

    name: str
    mounting: Mounting | None = None

    @property
    def prepared(self) -> Path:
        """The file of what is estimated for it."""
        return home() / "encoders" / f"{self.name}.npz"


def chosen() -> Chosen:
    """By SERAI_ENCODER. Raises MountingError where it names neither an encoder nor a folder with the right contents."""
    return _chosen(settings.ENCODER)


@cache
def _chosen(setting: str) -> Chosen:
    if not setting:
        return Chosen(PACKAGED)
    if setting in ENCODERS:
        return Chosen(setting)
    folder = Path(setting)
    if not folder.is_dir():
        names = ", ".join(ENCODERS)
        raise MountingError(f"SERAI_ENCODER is '{setting}': neither a folder nor a known encoder ({names}).")
    mounting = read_mounting(folder.resolve())
    return Chosen(mounting.identity, mounting)


def check() -> Chosen:
    """The choice, after the files of a mounted encoder were read. Raises MountingError where they are not the ones."""
    wanted = chosen()
    if wanted.mounting is not None:
        verify(wanted.mounting)
    return wanted


def chosen_name() -> str:
    """The name of the chosen encoder; "" where it cannot be used."""
    try:
        return chosen().name
    except MountingError:  # serai doctor tells of it
        return ""


def named(name: str) -> Encoder | None:
    """The encoder of this name, loaded at the first call; None where it cannot be had here, or not yet."""
    if name in _loaded:
        return _loaded[name]
    if name in _refused:
        return None
    try:
        if name in ENCODERS:
            return encoder(name)
        wanted = chosen()
        if wanted.mounting is None or wanted.name != name or (prepared := read_prepared(wanted.prepared)) is None:
            return None
        return _loaded.setdefault(name, mounted(wanted.mounting, model_of(wanted.mounting), prepared))
    except MountingError:  # serai doctor tells of it
        _refused.add(name)
        return None


_loaded: dict[str, Encoder] = {}
_refused: set[str] = set()
"""Names of encoders that this process could not load: it does not read gigabytes again at each search."""


def ready(progress: Progress = silent) -> Encoder:
    """The chosen encoder, after what it needs was estimated. Raises MountingError where it cannot be used."""
    wanted = chosen()
    if wanted.mounting is not None and read_prepared(wanted.prepared) is None:
        model = model_of(wanted.mounting)
        prepare(model.passages, model.queries, progress).write(wanted.prepared)
    prepared = named(wanted.name)
    if prepared is None:
        raise MountingError(f"The encoder {wanted.name} cannot be used; serai doctor tells more.")
    return prepared


def comparing() -> Encoder:
    """The encoder by which texts are compared apart from the search: the chosen one, else the packaged one."""
    return named(chosen_name()) or encoder()


def model_of(mounting: Mounting) -> Model:
    """The model, loaded once a process. Raises MountingError where it cannot be used."""
    if mounting.identity not in _models:
        _models[mounting.identity] = load(mounting)
    return _models[mounting.identity]


_models: dict[str, Model] = {}
