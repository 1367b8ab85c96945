"""The forward calls of a model's modules, seen by hooks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import torch
from torch import nn

_T = TypeVar("_T")


class CallRecorder:
    """Records the forward calls of all modules of a model, in the order entered, while it is the active context.

    Its hooks are removed again when the context is left, whatever happened in it.
    """

    def __init__(self, model: nn.Module) -> None:
        self.calls: list[dict[str, Any]] = []  # the member `calls`
        self.in_body: set[int] = set()  # indices of the calls that the body of a control-flow operator made
        self.in_other_bodies: set[str] = set()  # paths of modules that a body which did not run may call
        self._open: list[int] = []  # indices of the calls that have not returned
        self._bodies = 0  # control-flow operators that have not returned
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

    @property
    def current(self) -> int | None:
        """Index of the innermost call that has not returned."""
        return self._open[-1] if self._open else None

    def counts(self) -> dict[str, int]:
        """Path -> number of calls, of every module whose calls can be seen."""
        counts = {path: 0 for key, path in self._paths.items() if key not in self._unobservable}
        for call in self.calls:
            counts[call["module"]] += 1
        return {path: count for path, count in counts.items() if count or path not in self.in_other_bodies}

    def __enter__(self) -> CallRecorder:
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

    @contextlib.contextmanager
    def body(self) -> Iterator[None]:
        """Marks the calls made meanwhile as those of a control-flow operator's body."""
        self._bodies += 1
        try:
            yield
        finally:
            self._bodies -= 1

    @contextlib.contextmanager
    def plain_cond(self) -> Iterator[None]:
        """Makes `torch.cond` call the branch taken. It would compile both branches, which does not work with hooks."""

        def cond(
            pred: Any, true_fn: Callable[..., _T], false_fn: Callable[..., _T], operands: Sequence[Any] = ()
        ) -> _T:
            taken = true_fn if pred else false_fn
            with self.body():
                return taken(*operands)

        original = torch.cond
        torch.cond = cond
        try:
            yield
        finally:
            torch.cond = original

    def _remove_hooks(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    def _enter_call(self, module: nn.Module, args: Any) -> None:
        index = len(self.calls)
        self.calls.append({"module": self._paths[id(module)], "parent": self.current})
        self._open.append(index)
        if self._bodies:
            self.in_body.add(index)

    def _leave_call(self, module: nn.Module, args: Any, output: Any) -> None:
        self._open.pop()
