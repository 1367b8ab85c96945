"""Which operators of an exported program return their first argument as it is, so that exporters may leave them out."""

from __future__ import annotations

from typing import Any

import torch
from torch import fx

# Second arguments that change nothing.
_NEUTRAL = {"aten::mul": 1, "aten::div": 1, "aten::pow": 1, "aten::add": 0, "aten::sub": 0}
_ELEMENTWISE = {"Tensor", "Scalar", "Tensor_Scalar"}

# Operators that return the elements of the first argument in their order, or some of them, or some of them repeatedly.
_SAME_ELEMENTS = {"aten::view", "aten::_unsafe_view", "aten::reshape", "aten::expand", "aten::slice", "aten::repeat"}


def returns_first_argument(node: fx.Node) -> bool:
    """Whether the operator is known to return its first argument with its type, shape and elements."""
    target = node.target
    if not isinstance(target, torch._ops.OpOverload) or not node.args or not isinstance(node.args[0], fx.Node):
        return False
    if not _are_alike(node.args[0].meta.get("val"), node.meta.get("val")):
        return False
    name = target._schema.name
    if name in _SAME_ELEMENTS:
        return True
    second = node.args[1] if len(node.args) > 1 else None
    is_number = isinstance(second, (int, float)) and not isinstance(second, bool)
    return is_number and target._overloadname in _ELEMENTWISE and _NEUTRAL.get(name) == second


def _are_alike(before: Any, after: Any) -> bool:
    """Sizes are compared as text: to ask whether two symbols are equal would make the program depend on the answer."""
    if not isinstance(before, torch.Tensor) or not isinstance(after, torch.Tensor):
        return False
    return before.dtype == after.dtype and [str(size) for size in before.shape] == [str(size) for size in after.shape]
