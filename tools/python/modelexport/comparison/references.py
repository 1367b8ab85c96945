"""What an ONNX file is compared with: a PyTorch model, or another ONNX file."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ..tapping import tap
from .figures import Array
from .matching import Signature, kind_of
from .onnx_runs import Arrays, OnnxRun, bind, pattern_of, signature_of, temporary

if TYPE_CHECKING:
    import torch
    from torch import nn

    from ..hierarchy_writer.inputs import Inputs

Key = tuple[str, int]  # The path of a module, and which call of it, from 0.


@dataclasses.dataclass(frozen=True)
class ReferenceCall:
    """A call that has just ended in the reference. Its arrays hold only until `see` returns."""

    key: Key
    signatures: tuple[Signature, ...]
    """Of the tensors that it gives out, each once, but for inputs that it gives back."""
    names: tuple[str | None, ...]
    """The names of these, if they are values of an ONNX file."""
    array: Callable[[int], Array]
    given_back: int
    """So many of its outputs are its inputs, unchanged."""
    flat: tuple[int, ...] | None
    """All that it gives out, in order, as positions; None if that is not all known."""
    inputs: Callable[[], list[Array]]
    """The tensors that it was given, as far as they are known."""
    bytes: int


See = Callable[[ReferenceCall], None]


class Reference(Protocol):
    """Something that can be run again and again with the same inputs."""

    name: str

    def hierarchy(self) -> contextlib.AbstractContextManager[str] | None:
        """The path of a hierarchy that describes it; None if there is none."""

    def feeds(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        """What the inputs of an ONNX file get, by name."""

    def run(self, modules: Collection[str] | None, see: See) -> None:
        """Hands each call of these modules, None for all, to `see`."""


class TorchReference:
    """A PyTorch model with its arguments."""

    def __init__(self, model: nn.Module, inputs: Inputs, chosen: Arrays | None) -> None:
        self.name = type(model).__qualname__
        self._model, self._inputs, self._chosen = model, inputs, chosen

    @contextlib.contextmanager
    def hierarchy(self) -> Iterator[str]:
        """A sidecar."""
        from ..sidecar import write_hierarchy

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "hierarchy.json")
            args, kwargs = self._inputs
            write_hierarchy(self._model, (*args, kwargs), path)
            yield path

    def feeds(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        from .torch_calls import tensors_of

        tensors = {id(tensor): array_of(tensor) for tensor in tensors_of(self._inputs)}
        named = {name: tensors[id(each)] for name, each in self._parameters().items() if id(each) in tensors}
        return bind(wanted, named, list(tensors.values()), self._chosen)

    def _parameters(self) -> dict[str, Any]:
        args, kwargs = self._inputs
        try:
            return dict(inspect.signature(self._model.forward).bind(*args, **kwargs).arguments) | kwargs
        except (TypeError, ValueError):  # as of scripted modules
            return dict(kwargs)

    def run(self, modules: Collection[str] | None, see: See) -> None:
        from .torch_calls import SeenCall, run_seen

        def ended(call: SeenCall) -> None:
            if modules is not None and call.key[0] not in modules:
                return
            positions = {id(tensor): position for position, tensor in enumerate(call.tensors)}
            whole = all(id(leaf) in positions for leaf in call.flat if leaf is not None)
            see(
                ReferenceCall(
                    key=call.key,
                    signatures=tuple((tuple(each.shape), kind_of(str(each.dtype))) for each in call.tensors),
                    names=(None,) * len(call.tensors),
                    array=lambda position: array_of(call.tensors[position]),
                    given_back=call.given_back,
                    flat=tuple(positions[id(leaf)] for leaf in call.flat if leaf is not None) if whole else None,
                    inputs=lambda: [array_of(tensor) for tensor in call.inputs],
                    bytes=sum(tensor.nbytes for tensor in call.tensors),
                )
            )

        run_seen(self._model, self._inputs, ended)


class OnnxReference:
    """An ONNX file with its inputs, by name."""

    def __init__(
        self, path: str | os.PathLike[str], inputs: Arrays, hierarchy: str | os.PathLike[str] | None, providers: Sequence[str]
    ) -> None:
        self.name = os.fspath(path)
        self._path, self._inputs, self._hierarchy, self._providers = path, inputs, hierarchy, providers
        self.taps = tap(path, hierarchy=hierarchy, untyped=True)

    def hierarchy(self) -> contextlib.AbstractContextManager[str] | None:
        """The file itself, if it is tagged."""
        return contextlib.nullcontext(os.fspath(self._path)) if self.taps.hierarchy == "tags" else None

    def feeds(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        return bind(wanted, self._inputs, list(self._inputs.values()), None)

    def run(self, modules: Collection[str] | None, see: See) -> None:
        calls = [call for call in self.taps.calls if modules is None or call.module in modules]
        names = sorted({call.module for call in calls})
        if not any(call.values for call in calls):
            for call in calls:
                self._see(call.module, call.call, (), {}, see)
            return
        with tempfile.TemporaryDirectory() as folder:
            path = temporary(folder, "reference")
            tap(self._path, path, modules=pattern_of(names), hierarchy=self._hierarchy, untyped=True)
            run = OnnxRun(path, self._providers)
            arrays = run.run(self.feeds(run.inputs))
        for call in calls:
            values = tuple(each.value for each in call.values if signature_of(arrays.get(each.value)) is not None)
            self._see(call.module, call.call, values, arrays, see)

    def _see(self, module: str, call: int | None, values: tuple[str, ...], arrays: Arrays, see: See) -> None:
        signatures = [signature_of(arrays[value]) for value in values]
        see(
            ReferenceCall(
                key=(module, call or 0),
                signatures=tuple(signature for signature in signatures if signature is not None),
                names=values,
                array=lambda position: arrays[values[position]],
                given_back=0,
                flat=tuple(range(len(values))),
                inputs=lambda: [],
                bytes=sum(arrays[value].nbytes for value in values),
            )
        )


def array_of(tensor: torch.Tensor) -> Array:
    """A view where it can be one: it changes with the tensor."""
    import torch

    tensor = tensor.detach()
    if tensor.is_sparse or tensor.is_quantized:
        tensor = tensor.to_dense() if tensor.is_sparse else tensor.dequantize()
    if tensor.dtype in (torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2):
        tensor = tensor.float()  # numpy has none of these
    array: Array = tensor.cpu().resolve_conj().resolve_neg().numpy()
    return array
