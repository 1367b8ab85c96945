"""How the operators of a graph or a trace are called in the sidecar."""

from __future__ import annotations

from typing import Any

import torch


def op_name(target: Any) -> str:
    """`aten.add.Tensor`, `torch.ops.higher_order.cond`, `operator.getitem`."""
    if isinstance(target, torch._ops.OpOverload):
        return str(target)
    if isinstance(target, torch._ops.HigherOrderOperator):
        return f"torch.ops.higher_order.{target.name()}"
    module = getattr(target, "__module__", None) or ""
    return f"{module.lstrip('_')}.{getattr(target, '__name__', target)}".lstrip(".")
