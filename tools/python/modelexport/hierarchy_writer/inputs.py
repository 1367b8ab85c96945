"""What a model is called with."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn
from torch.utils._pytree import tree_map_only


Inputs = tuple[tuple[Any, ...], dict[str, Any]]  # positional, keyword


def arguments(args: Any, kwargs: Mapping[str, Any] | None) -> Inputs:
    """Positional and keyword arguments, by the rules of torch.onnx.export: one that is no tuple or list stands for
    itself, a dictionary at the end for keyword arguments if there are no others."""
    args = tuple(args) if isinstance(args, Sequence) and not isinstance(args, str) else (args,)
    if not kwargs and args and isinstance(args[-1], dict):
        return args[:-1], dict(args[-1])
    return args, dict(kwargs or {})


def where_the_model_is(model: nn.Module, inputs: Inputs) -> Inputs:
    """The inputs, on the meta device if all of the model is there: tensors without data mix with no others."""
    devices = {tensor.device.type for tensor in itertools.chain(model.parameters(), model.buffers())}
    if devices == {"meta"}:
        inputs = tree_map_only(torch.Tensor, lambda tensor: tensor.to("meta"), inputs)
    return inputs


def fresh(inputs: Inputs) -> Inputs:
    """A copy for one run, which may write into it: caches that grow, operators in place. What cannot be copied is
    handed on."""
    try:
        # What autograd made cannot be copied before it is detached.
        detached: Inputs = tree_map_only(torch.Tensor, lambda t: t if t.is_leaf else t.detach(), inputs)
        return copy.deepcopy(detached)
    except Exception:
        return inputs
