"""Writes the sidecar of a PyTorch model: schema `modelexport.hierarchy`, version 1.

    from write_hierarchy import write_hierarchy
    write_hierarchy(model.eval(), (input_ids, attention_mask), {}, "hierarchy.json")

The sidecar describes the source model: its modules, its parameters and buffers, and the calls that one
forward pass with the given inputs makes. It knows nothing of ONNX, so one sidecar serves every export of
the model. Give the model as it was exported: the same weights, the same mode (normally `eval()`), inputs
that take the same branches. The member `ops` is not written.

Needs nothing but torch.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import torch
from torch import nn
from torch.nn.parameter import UninitializedTensorMixin

__all__ = ["build_hierarchy", "format_hierarchy", "write_hierarchy"]

SCHEMA = "modelexport.hierarchy"
VERSION = 1

# Elements converted to float64 at a time: statistics take 8 MiB for each temporary, however large the tensor.
_BLOCK_ELEMENTS = 1 << 20

_T = TypeVar("_T")


def build_hierarchy(
    model: nn.Module,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Runs `model(*args, **kwargs)` once, without gradients, and returns the sidecar as a JSON-ready dictionary.

    Every hook is removed again, also when the model raises; the exception is passed on.
    """
    recorder = _CallRecorder(model)
    with recorder, torch.no_grad(), _plain_cond():
        model(*args, **(kwargs or {}))
    # Described after the run, which is what gives a lazy module its class and its tensors.
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "source": {
            "framework": "torch",
            "framework_version": torch.__version__.partition("+")[0],
            "model_class": _class_name(model),
        },
        "modules": _describe_modules(model, recorder),
        "tensors": _describe_tensors(model),
        "calls": recorder.calls,
    }


def write_hierarchy(
    model: nn.Module,
    args: Sequence[Any],
    kwargs: Mapping[str, Any] | None,
    path: str | os.PathLike[str],
) -> None:
    """Writes `build_hierarchy(model, args, kwargs)` to `path`, as `format_hierarchy` lays it out."""
    text = format_hierarchy(build_hierarchy(model, args, kwargs))
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def format_hierarchy(hierarchy: Mapping[str, Any]) -> str:
    """JSON with one line for each module, tensor and call: small, and a change shows as changed lines."""

    def compact(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))

    members = []
    for key, value in hierarchy.items():
        if isinstance(value, list) and value:
            entries = ",\n".join(f"    {compact(entry)}" for entry in value)
            members.append(f"  {compact(key)}: [\n{entries}\n  ]")
        else:
            members.append(f"  {compact(key)}: {compact(value)}")
    return "{\n" + ",\n".join(members) + "\n}\n"


class _CallRecorder:
    """Records the forward calls of all modules of a model, in the order entered, while it is the active context."""

    def __init__(self, model: nn.Module) -> None:
        self.calls: list[dict[str, Any]] = []
        self._open: list[int] = []  # indices of the calls that have not returned
        self._handles: list[torch.utils.hooks.RemovableHandle] = []
        self._paths = {id(module): path for path, module in model.named_modules()}
        self._model = model
        # Inside a scripted module no Python runs, so nothing is known of the calls there.
        self._unobservable = {
            id(child)
            for module in model.modules()
            if isinstance(module, torch.jit.ScriptModule)
            for child in module.modules()
            if child is not module
        }

    def counts(self) -> dict[str, int]:
        """Path -> number of calls, of every module whose calls can be seen."""
        counts = {path: 0 for key, path in self._paths.items() if key not in self._unobservable}
        for call in self.calls:
            counts[call["module"]] += 1
        return counts

    def __enter__(self) -> _CallRecorder:
        try:
            for module in self._model.modules():
                if id(module) in self._unobservable:
                    continue
                # First of the pre-hooks and last of the hooks: calls made by other hooks are nested in this one.
                # The methods of nn.Module: scripted modules hide theirs, but run such hooks when called from Python.
                self._handles.append(nn.Module.register_forward_pre_hook(module, self._enter_call, prepend=True))
                # always_call: a model may catch an exception of its child.
                self._handles.append(nn.Module.register_forward_hook(module, self._leave_call, always_call=True))
        except BaseException:
            self._remove_hooks()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._remove_hooks()

    def _remove_hooks(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    def _enter_call(self, module: nn.Module, args: Any) -> None:
        self.calls.append(
            {"module": self._paths[id(module)], "parent": self._open[-1] if self._open else None}
        )
        self._open.append(len(self.calls) - 1)

    def _leave_call(self, module: nn.Module, args: Any, output: Any) -> None:
        self._open.pop()


@contextlib.contextmanager
def _plain_cond() -> Iterator[None]:
    """Makes `torch.cond` call the branch taken. It would compile both branches, which does not work with hooks."""

    def cond(pred: Any, true_fn: Callable[..., _T], false_fn: Callable[..., _T], operands: Sequence[Any] = ()) -> _T:
        return (true_fn if pred else false_fn)(*operands)

    original = torch.cond
    torch.cond = cond
    try:
        yield
    finally:
        torch.cond = original


def _describe_modules(model: nn.Module, recorder: _CallRecorder) -> list[dict[str, Any]]:
    counts = recorder.counts()
    entries = []
    for path, module, aliases in _group(model.named_modules(remove_duplicate=False)):
        entry: dict[str, Any] = {"path": path, "class": _class_name(module)}
        if path in counts:
            entry["calls"] = counts[path]
        if aliases:
            entry["aliases"] = aliases
        entries.append(entry)
    return entries


def _describe_tensors(model: nn.Module) -> list[dict[str, Any]]:
    def all_tensors() -> Iterator[tuple[str, torch.Tensor]]:
        yield from model.named_parameters(remove_duplicate=False)
        yield from model.named_buffers(remove_duplicate=False)

    parameters = {name for name, _ in model.named_parameters(remove_duplicate=False)}
    entries = []
    for name, tensor, aliases in _group(all_tensors()):
        if isinstance(tensor, UninitializedTensorMixin):
            continue  # of a lazy module that was never called: it has no shape yet
        entry: dict[str, Any] = {
            "name": name,
            "kind": "parameter" if name in parameters else "buffer",
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
        }
        if aliases:
            entry["aliases"] = aliases
        stats = _stats(tensor)
        if stats is not None:
            entry["stats"] = stats
        entries.append(entry)
    return entries


def _group(named: Iterable[tuple[str, _T]]) -> list[tuple[str, _T, list[str]]]:
    """(first name, object, further names) of each distinct object, in order of the first names."""
    groups: dict[int, tuple[str, _T, list[str]]] = {}
    for name, item in named:
        known = groups.setdefault(id(item), (name, item, []))
        if known[0] != name:
            known[2].append(name)
    return list(groups.values())


def _stats(tensor: torch.Tensor) -> dict[str, float] | None:
    """Minimum, maximum, mean and root of the sum of squares in float64; None where the schema wants them absent."""
    # A tensor on the meta device, or one that is not strided, has no elements that could be read in blocks.
    if tensor.device.type == "meta" or tensor.layout != torch.strided:
        return None
    if tensor.numel() == 0 or tensor.dtype == torch.bool or tensor.is_complex() or tensor.is_quantized:
        return None
    minimum, maximum, total, squares = math.inf, -math.inf, 0.0, 0.0
    for block in _blocks(tensor.detach()):
        values = block.to("cpu", torch.float64)
        low, high = (value.item() for value in torch.aminmax(values))
        if not (math.isfinite(low) and math.isfinite(high)):  # aminmax passes NaN on
            return None
        minimum, maximum = min(minimum, low), max(maximum, high)
        total += values.sum().item()
        squares += values.square().sum().item()
    stats = {"min": minimum, "max": maximum, "mean": total / tensor.numel(), "l2": math.sqrt(squares)}
    return stats if all(map(math.isfinite, stats.values())) else None


def _blocks(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """Views that together hold every element once, each of at most `_BLOCK_ELEMENTS`, of any strides."""
    if tensor.numel() <= _BLOCK_ELEMENTS:
        yield tensor
        return
    dim = next(d for d, size in enumerate(tensor.shape) if size > 1)
    row = tensor.numel() // tensor.shape[dim]
    for piece in tensor.split(max(1, _BLOCK_ELEMENTS // row), dim):
        yield from _blocks(piece)


def _class_name(module: nn.Module) -> str:
    if isinstance(module, torch.jit.ScriptModule):
        return module.original_name  # its Python class is the same for all: RecursiveScriptModule
    cls = type(module)
    return f"{cls.__module__}.{cls.__qualname__}"
