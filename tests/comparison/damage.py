"""Changes the weights of one module in a tagged ONNX file."""

from __future__ import annotations

import collections
import dataclasses
import json
import pathlib

import numpy
import onnx
from onnx import numpy_helper

SMALLEST = 8  # elements of a tensor that is a weight; of a bias, errors may be below what quantisation makes


@dataclasses.dataclass(frozen=True)
class Target:
    """A weight that nodes of just one module read, in one call."""

    weight: str
    modules: tuple[str, ...]  # The owner of the nodes, and the other modules whose work these do.


def targets_of(path: pathlib.Path) -> list[Target]:
    """Weights of the main graph, in its order, whose nodes depend on the model's inputs or serve such nodes alone."""
    graph = onnx.load(path).graph
    weights = {
        tensor.name: tensor
        for tensor in graph.initializer
        if len(tensor.dims) > 1 and numpy.prod(tensor.dims) >= SMALLEST and _is_weight(tensor.data_type)
    }
    readers: dict[str, set[tuple[str, ...]]] = collections.defaultdict(set)
    times: collections.Counter[str] = collections.Counter()
    users = collections.defaultdict(list)
    for node in graph.node:
        for name in node.input:
            users[name].append(node)
    for node in graph.node:
        for name in node.input:
            if name in weights:
                # A quantised weight works in the nodes that read what it stands for.
                works_in = [node, *(users[node.output[0]] if node.op_type == "DequantizeLinear" else ())]
                readers[name].add(tuple(dict.fromkeys(module for each in works_in for module in _modules_of(each))))
                times[name] += 1
    return [
        Target(name, next(iter(modules)))
        for name, modules in readers.items()
        if len(modules) == 1 and times[name] == 1 and next(iter(modules))[0] is not None
    ]


def _is_weight(data_type: int) -> bool:
    kinds = onnx.TensorProto
    return data_type in (kinds.FLOAT, kinds.FLOAT16, kinds.INT8, kinds.UINT8)


def _modules_of(node: onnx.NodeProto) -> tuple[str, ...]:
    entries = {entry.key: entry.value for entry in node.metadata_props}
    if entries.get("modelexport.evidence") == "none":
        return (None,)
    return (entries.get("modelexport.module"), *json.loads(entries.get("modelexport.also", "[]")))


def write(path: pathlib.Path, target: Target, out: pathlib.Path, seed: int) -> None:
    """Turns half of the weight's elements, chosen at random, into others of about the same size."""
    model = onnx.load(path)
    generator = numpy.random.default_rng(seed)
    for tensor in model.graph.initializer:
        if tensor.name != target.weight:
            continue
        array = numpy_helper.to_array(tensor).copy()
        chosen = generator.random(array.shape) < 0.5
        if array.dtype.kind == "f":
            spread = float(numpy.abs(array.astype(numpy.float64)).mean()) or 1.0
            array[chosen] += (generator.standard_normal(array.shape) * spread).astype(array.dtype)[chosen]
        else:
            limits = numpy.iinfo(array.dtype)
            array[chosen] = generator.integers(limits.min, limits.max + 1, array.shape).astype(array.dtype)[chosen]
        tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))
    onnx.save(model, out)
