"""Variants of an export that lost names: what is left of its evidence goes down from `meta` to `anon`.

Every function takes a model, changes it in place and returns it. Nodes keep their order, and so their owners.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import onnx


def graphs(model: onnx.ModelProto) -> Iterator[onnx.GraphProto]:
    """The main graph, and bodies at any depth behind the graph that they are in."""
    pending = [model.graph]
    while pending:
        graph = pending.pop()
        yield graph
        attributes = [attribute for node in graph.node for attribute in node.attribute]
        pending += [attribute.g for attribute in attributes if attribute.type == onnx.AttributeProto.GRAPH]


def meta(model: onnx.ModelProto) -> onnx.ModelProto:
    return model


def plain(model: onnx.ModelProto) -> onnx.ModelProto:
    """Without metadata and doc strings."""
    for function in model.functions:
        for item in (function, *function.node, *function.value_info):
            _clear_notes(item)
    for graph in graphs(model):
        for item in (graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
            _clear_notes(item)
    _clear_notes(model)
    return model


def nonodenames(model: onnx.ModelProto) -> onnx.ModelProto:
    """Without names of nodes either."""
    return without_node_names(plain(model))


def onlyparams(model: onnx.ModelProto) -> onnx.ModelProto:
    """Values have numbers for names, but for initializers and the model's inputs and outputs."""
    return number_values(nonodenames(model), keep_initializers=True)


def anon(model: onnx.ModelProto) -> onnx.ModelProto:
    """Initializers have numbers too: contents, operators and their wiring are left."""
    return number_values(nonodenames(model), keep_initializers=False)


STRIPPED = {step.__name__: step for step in (meta, plain, nonodenames, onlyparams, anon)}


def without_node_names(model: onnx.ModelProto) -> onnx.ModelProto:
    for graph in graphs(model):
        for node in graph.node:
            node.ClearField("name")
    return model


def number_values(model: onnx.ModelProto, keep_initializers: bool) -> onnx.ModelProto:
    """Numbers for names of values, except the model's inputs and outputs."""
    kept = {"", *(value.name for value in (*model.graph.input, *model.graph.output))}
    initializers = {tensor.name for graph in graphs(model) for tensor in graph.initializer}
    if keep_initializers:
        kept |= initializers
    new: dict[str, str] = {name: name for name in kept}
    numbers = {prefix: itertools.count() for prefix in "vw"}

    def rename(name: str) -> str:
        if name not in new:
            prefix = "w" if name in initializers else "v"
            fresh = (f"{prefix}{number}" for number in numbers[prefix])
            new[name] = next(candidate for candidate in fresh if candidate not in kept)
        return new[name]

    for graph in graphs(model):
        for item in (*graph.initializer, *graph.input, *graph.output, *graph.value_info):
            item.name = rename(item.name)
        for node in graph.node:
            node.input[:] = map(rename, node.input)
            node.output[:] = map(rename, node.output)
    return model


def _clear_notes(item: onnx.NodeProto) -> None:
    item.ClearField("metadata_props")
    item.ClearField("doc_string")
