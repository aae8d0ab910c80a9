"""An encoder that an organiser mounts in place of the packaged one: a folder with a model in ONNX and its tokenizer."""

from serai.match.onnx_encoder.calibration import Prepared, prepare, read_prepared
from serai.match.onnx_encoder.folder import Mounting, MountingError, read_mounting, verify
from serai.match.onnx_encoder.model import Model, load, mounted

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
