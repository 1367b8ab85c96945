"""Which operators of an exported program return an argument as it is, so that exporters may leave them out."""

from __future__ import annotations

from typing import Any

import torch
from torch import fx

# Second arguments that change nothing.
_NEUTRAL = {"aten::mul": 1, "aten::div": 1, "aten::pow": 1, "aten::add": 0, "aten::sub": 0}
_ELEMENTWISE = {"Tensor", "Scalar", "Tensor_Scalar"}

# Operators that return the elements of the first argument in their order, or some of them, or some of them repeatedly.
_SAME_ELEMENTS = {"aten::view", "aten::_unsafe_view", "aten::reshape", "aten::expand", "aten::slice", "aten::repeat"}


def returned_argument(node: fx.Node) -> fx.Node | None:
    """The argument that the operator is known to return with its type, shape and elements, if there is one."""
    target = node.target
    first = node.args[0] if node.args else None
    if not isinstance(target, torch._ops.OpOverload) or not isinstance(first, fx.Node):
        return None
    if not _are_alike(first.meta.get("val"), node.meta.get("val")):
        return None
    return first if target._schema.name in _SAME_ELEMENTS or _has_neutral_argument(target, node.args) else None


def _has_neutral_argument(target: torch._ops.OpOverload, arguments: tuple[Any, ...]) -> bool:
    second = arguments[1] if len(arguments) > 1 else None
    is_number = isinstance(second, (int, float)) and not isinstance(second, bool)
    return is_number and target._overloadname in _ELEMENTWISE and _NEUTRAL.get(target._schema.name) == second


def _are_alike(before: Any, after: Any) -> bool:
    """Sizes are compared as text: to ask whether two symbols are equal would make the program depend on the answer."""
    if not isinstance(before, torch.Tensor) or not isinstance(after, torch.Tensor):
        return False
    return before.dtype == after.dtype and [str(size) for size in before.shape] == [str(size) for size in after.shape]
