"""Runs ONNX files in ONNX Runtime."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from .figures import Array
from .matching import Signature, kind_of

_DTYPES = {
    "float": "float32",
    "double": "float64",
    "float16": "float16",
    "bool": "bool",
    **{f"{sign}int{size}": f"{sign}int{size}" for sign in ("", "u") for size in (8, 16, 32, 64)},
}

Arrays = Mapping[str, Any]


class OnnxRun:
    """A file that ONNX Runtime has loaded, with optimisation off: it computes each value as the file says.

    What ONNX Runtime raises is passed on.
    """

    def __init__(self, path: str | os.PathLike[str], providers: Sequence[str]) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(os.fspath(path), options, providers=list(providers))
        self.inputs: dict[str, str] = {each.name: each.type for each in self._session.get_inputs()}
        self._shapes: dict[str, list[int | str | None]] = {each.name: each.shape for each in self._session.get_inputs()}
        self.outputs: list[str] = [each.name for each in self._session.get_outputs()]

    def run(self, arrays: Arrays) -> dict[str, Any]:
        """The outputs by name. Of `arrays` those that are inputs are taken, in the precision that the file wants."""
        feeds = {name: converted(arrays[name], kind) for name, kind in self.inputs.items()}
        return dict(zip(self.outputs, self._session.run(self.outputs, feeds)))

    def takes(self, name: str, array: Array) -> bool:
        """Whether an array may be this input, by its shape and the kind of its elements."""
        kind = _DTYPES.get(self.inputs[name].removeprefix("tensor(").removesuffix(")"))
        shape = self._shapes[name]
        return (
            kind is not None
            and kind_of(kind) == kind_of(str(array.dtype))
            and len(shape) == array.ndim
            and all(size == wanted for size, wanted in zip(array.shape, shape) if isinstance(wanted, int))
        )


def converted(array: Any, kind: str) -> Any:
    """A float array in the precision of an input's type, as ONNX Runtime writes it: `tensor(float16)`."""
    wanted = _DTYPES.get(kind.removeprefix("tensor(").removesuffix(")"))
    if wanted is None or not isinstance(array, numpy.ndarray):
        return array
    both_float = array.dtype.kind == "f" and numpy.dtype(wanted).kind == "f"
    return array.astype(wanted) if both_float else array


def signature_of(array: Any) -> Signature | None:
    """None for what is no tensor: sequences, optionals that are empty."""
    if not isinstance(array, numpy.ndarray) or array.dtype == object:
        return None
    return tuple(array.shape), kind_of(str(array.dtype))


def bind(
    wanted: Mapping[str, str], named: Arrays, tensors: Sequence[Array], chosen: Arrays | None
) -> dict[str, Any]:
    """What the inputs `wanted`, by name, of a file get of a PyTorch model's arguments.

    `chosen` are given as they are. Then arguments that are tensors, `named` by their parameters, are matched by name, and
    what is left of `tensors`, all tensors in order, by position.
    """
    arrays = dict(chosen or {})
    if unknown := arrays.keys() - wanted.keys():
        raise ValueError(f"inputs: the ONNX file has no input {min(unknown)!r}, only {', '.join(wanted)}")
    arrays |= {name: array for name, array in named.items() if name in wanted and name not in arrays}
    used = {id(array) for array in arrays.values()}
    left = [tensor for tensor in tensors if id(tensor) not in used]
    missing = [name for name in wanted if name not in arrays]
    if not missing:
        return arrays
    if len(missing) != len(left):
        raise ValueError(
            f"it is not clear which of the {len(tensors)} tensors are the inputs {', '.join(missing)} of the ONNX file:"
            " inputs={name: array} says it"
        )
    return arrays | dict(zip(missing, left))


def pattern_of(modules: Sequence[str]) -> str:
    """A pattern of `tap` that means just these modules."""
    return ",".join(_escaped(module) if module else "." for module in modules)


def _escaped(path: str) -> str:
    return "".join(f"\\{character}" if character in "\\,+!:*?[] " else character for character in path)


def temporary(folder: str | os.PathLike[str], name: str) -> pathlib.Path:
    """A path in `folder` that nothing is at."""
    return next(path for number in range(10**9) if not (path := pathlib.Path(folder, f"{name}{number}.onnx")).exists())
