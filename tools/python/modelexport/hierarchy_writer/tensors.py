"""The parameters and buffers of a model, with statistics that survive an export."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from .modules import group_by_object

# Elements converted to float64 at a time: statistics take 8 MiB for each temporary, however large the tensor.
_BLOCK_ELEMENTS = 1 << 20


def named_tensors(model: nn.Module) -> list[tuple[str, torch.Tensor, list[str]]]:
    """(first name, tensor, further names) of the parameters, then of the buffers."""

    def all_names() -> Iterator[tuple[str, torch.Tensor]]:
        yield from model.named_parameters(remove_duplicate=False)
        yield from model.named_buffers(remove_duplicate=False)

    return group_by_object(all_names())


def describe_tensors(model: nn.Module) -> list[dict[str, Any]]:
    """The member `tensors`."""
    parameters = {name for name, _ in model.named_parameters(remove_duplicate=False)}
    entries = []
    for name, tensor, aliases in named_tensors(model):
        if is_lazy(tensor):
            continue  # of a lazy module that was never called: it has no shape yet
        entry: dict[str, Any] = {
            "name": name,
            "kind": "parameter" if name in parameters else "buffer",
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
        }
        if aliases:
            entry["aliases"] = aliases
        stats = tensor_stats(tensor)
        if stats is not None:
            entry["stats"] = stats
        entries.append(entry)
    return entries


def tensor_stats(tensor: torch.Tensor) -> dict[str, float] | None:
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
