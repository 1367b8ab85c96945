"""What the calls of a PyTorch model's modules give out."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import nn
from torch.utils._pytree import tree_leaves

from ..hierarchy_writer.calls import CallRecorder
from ..hierarchy_writer.inputs import Inputs, fresh
from ..hierarchy_writer.untouched import left_untouched, one_at_a_time
from ..sidecar import as_exporters_see_it

Key = tuple[str, int]  # The path of a module, and which call of it, from 0.


@dataclasses.dataclass(frozen=True)
class SeenCall:
    """A call that has just ended. Its tensors may change as soon as the model goes on."""

    key: Key
    tensors: tuple[torch.Tensor, ...]
    """Those that it gives out, each once, but for inputs that it gives back."""
    given_back: int
    """So many of its outputs are inputs that nothing was written into."""
    flat: tuple[Any, ...]
    """All leaves of what it gives out."""
    inputs: tuple[torch.Tensor, ...]


class CallObserver(CallRecorder):
    """Hands each call to `see` when it ends, while it is the active context."""

    def __init__(self, model: nn.Module, see: Callable[[SeenCall], None]) -> None:
        super().__init__(model)
        self._see = see
        self._counts: collections.Counter[str] = collections.Counter()
        self._entered: list[tuple[Key, dict[int, tuple[torch.Tensor, int]]]] = []

    def __enter__(self) -> CallObserver:
        try:
            for module in self._model.modules():
                if id(module) in self._unobservable:
                    continue
                # As CallRecorder does it, with the keyword arguments.
                enter = nn.Module.register_forward_pre_hook
                leave = nn.Module.register_forward_hook
                self._handles.append(enter(module, self._enter, prepend=True, with_kwargs=True))
                self._handles.append(leave(module, self._leave, with_kwargs=True, always_call=True))
        except BaseException:
            self._remove_hooks()
            raise
        return self

    def _enter(self, module: nn.Module, args: Any, kwargs: Any) -> None:
        path = self._paths[id(module)]
        inputs = {id(tensor): (tensor, tensor._version) for tensor in _tensors((args, kwargs))}
        self._entered.append(((path, self._counts[path]), inputs))
        self._counts[path] += 1
        self._enter_call(module, args)

    def _leave(self, module: nn.Module, args: Any, kwargs: Any, output: Any) -> None:
        self._leave_call(module, args, output)
        key, inputs = self._entered.pop()
        flat = tuple(_leaves(output))
        made, given_back = [], 0
        for tensor in {id(leaf): leaf for leaf in flat if isinstance(leaf, torch.Tensor)}.values():
            if id(tensor) in inputs and inputs[id(tensor)][1] == tensor._version:
                given_back += 1
            else:
                made.append(tensor)
        self._see(SeenCall(key, tuple(made), given_back, flat, tuple(tensor for tensor, _ in inputs.values())))


def run_seen(model: nn.Module, inputs: Inputs, see: Callable[[SeenCall], None]) -> None:
    """Runs the model on a copy of the inputs, without gradients, and puts it back as it was."""
    observer = CallObserver(model, see)
    with one_at_a_time, left_untouched(model), as_exporters_see_it(), observer, observer.plain_cond():
        args, kwargs = fresh(inputs)
        model(*args, **kwargs)


def tensors_of(inputs: Inputs) -> list[torch.Tensor]:
    """The tensors of a model's arguments, in order."""
    return list(_tensors(inputs))


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    return (leaf for leaf in _leaves(value) if isinstance(leaf, torch.Tensor))


def _leaves(value: Any) -> Iterator[Any]:
    """Also of data classes and mappings that torch does not know as trees."""
    for leaf in tree_leaves(value):
        inner: Any = None
        if dataclasses.is_dataclass(leaf) and not isinstance(leaf, type):
            inner = [getattr(leaf, field.name) for field in dataclasses.fields(leaf)]
        elif isinstance(leaf, Mapping):
            inner = list(leaf.values())
        if inner is None:
            yield leaf
        else:
            for each in inner:
                yield from _leaves(each)

