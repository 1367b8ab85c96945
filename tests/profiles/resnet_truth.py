"""The true owner of each node of an optimised ResNet of torchvision, without a look at names that modules gave.

A node with a weight belongs to the module whose weight that is: by content, since optimisers fold normalisations into
weights, reorder and pad them. The other nodes follow from the nearest convolution that they depend on, as the model's
source has it: what adds is of the block around it, and so on.
"""

from __future__ import annotations

import numpy
import onnx
import torch
from onnx import numpy_helper

_POOLS = {"MaxPool": "maxpool", "GlobalAveragePool": "avgpool", "ReduceMean": "avgpool", "AveragePool": "avgpool"}


def true_owners(model: onnx.ModelProto, source: torch.nn.Module) -> dict[str, str]:
    """By the name of the node."""
    weights = _weights(source)
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    owner_of: dict[str, str] = {}
    maker: dict[str, str] = {}  # By value: the owner of its node,
    nearest: dict[str, str] = {}  # and that of the last node with a weight up to it.
    for node in model.graph.node:
        first = next((value for value in node.input if value in nearest), None)
        before = "" if first is None else nearest[first]
        owner = _owner_by_weight(node, tensors, weights)
        if owner is not None:
            before = owner
        elif node.op_type == "ReorderOutput":
            owner = maker[node.input[0]]
        else:
            owner = _owner_by_kind(node.op_type, before)
        owner_of[node.name] = owner
        for value in node.output:
            maker[value], nearest[value] = owner, before
    return owner_of


def _weights(source: torch.nn.Module) -> dict[str, numpy.ndarray]:
    """By module, what is in its weight once the normalisation behind it is folded in."""
    weights = {}
    for path, module in source.named_modules():
        if not isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            continue
        weight = module.weight.detach().double()
        norm = _normalization(source, path)
        if norm is not None:
            weight = weight * (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().reshape(-1, 1, 1, 1)
        weights[path] = _content(weight.numpy())
    return weights


def _normalization(source: torch.nn.Module, path: str) -> torch.nn.BatchNorm2d | None:
    """Of `layer1.0.conv2` it is `layer1.0.bn2`, of `layer1.0.downsample.0` it is `layer1.0.downsample.1`."""
    around, _, name = path.rpartition(".")
    follower = f"bn{name[4:]}" if name.startswith("conv") else "1" if name == "0" else ""
    modules = dict(source.named_modules())
    return modules.get(f"{around}.{follower}".lstrip(".")) if follower else None


def _content(values: numpy.ndarray) -> numpy.ndarray:
    """What neither order nor padding changes."""
    return numpy.array([abs(values).sum(), (values**2).sum(), values.sum(), values.max(), values.min()])


def _owner_by_weight(
    node: onnx.NodeProto, tensors: dict[str, onnx.TensorProto], weights: dict[str, numpy.ndarray]
) -> str | None:
    for value in node.input:
        if value not in tensors or len(tensors[value].dims) < 2:
            continue
        content = _content(numpy_helper.to_array(tensors[value]).astype(float))
        for path, weight in weights.items():
            if numpy.allclose(content, weight, rtol=1e-5, atol=1e-3):
                return path
    return None


def _owner_by_kind(op_type: str, before: str) -> str:
    block = before.rpartition(".downsample")[0] if ".downsample" in before else before.rpartition(".")[0]
    if op_type in _POOLS:
        return _POOLS[op_type]
    if op_type == "Relu":
        return f"{block}.relu".lstrip(".")
    if op_type == "Add":
        return block
    if op_type in ("Flatten", "Reshape"):
        return ""
    raise ValueError(f"of no known module: {op_type}")
