"""A larger encoder than the packaged one, mounted by an organiser: a folder with a model in ONNX and its tokenizer."""

from serai.match.mounting.folder import Mounting, MountingError, read_mounting, verify
from serai.match.mounting.model import Model, load, mounted
from serai.match.mounting.preparing import Prepared, prepare, read_prepared

__all__ = [
    "Model",
    "Mounting",
    "MountingError",
    "Prepared",
    "load",
    "mounted",
    "prepare",
    "read_mounting",
    "read_prepared",
    "verify",
]
