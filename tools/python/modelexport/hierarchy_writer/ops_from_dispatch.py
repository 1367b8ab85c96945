"""The operators that a run dispatches, below autograd: composite operators appear as what they are made of."""

from __future__ import annotations

import contextlib
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.weak import WeakTensorKeyDictionary

from .calls import CallRecorder
from .op_names import op_name
from .tensors import named_tensors


class DispatchRecorder(TorchDispatchMode):
    """Records the operators that run while it is the active context, each in the call that `calls` has open.

    Tensors are told apart as objects and held weakly: recording keeps no tensor alive.
    """

    # Control flow (while_loop, scan, ...) is one operator; those that its body runs are not seen. torch.cond is replaced
    # by the branch taken (CallRecorder.plain_cond).
    supports_higher_order_operators = True

    def __init__(self, model: torch.nn.Module, calls: CallRecorder) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ops: list[dict[str, Any]] = []  # the member `ops`
        self._calls = calls
        # Tensor -> the index of the operator that made it, or the name of the parameter or buffer that it is.
        self._origin = WeakTensorKeyDictionary()
        for name, tensor, _ in named_tensors(model):
            self._origin[tensor] = name

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        call = self._calls.current
        if call is None:
            return func(*args, **kwargs)
        # Before it runs: an operator that works in place reads what was there.
        reads = [self._origin.get(leaf) for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)]
        is_control_flow = isinstance(func, torch._ops.HigherOrderOperator)
        with self._calls.body() if is_control_flow else contextlib.nullcontext():
            result = func(*args, **kwargs)
        for leaf in tree_leaves(result):
            if isinstance(leaf, torch.Tensor):
                self._origin[leaf] = len(self.ops)
        self.ops.append({"op": op_name(func), "call": call, "reads": reads})
        return result
