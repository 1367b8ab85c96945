"""Which module call every node of an exported file came from, by means that the program under test does not use.

TorchScript: the model is exported a second time with a scope name of its own for every call of every module. The
two files must be the same graph, node by node; the owner is read from the second one.

Dynamo: the deepest module of `pkg.torch.onnx.name_scopes`, which the exporter itself wrote into the file. Nodes that
its optimiser made are compared with an export that was not optimised.

Both: one more export without common-subexpression elimination shows which nodes stand for equal nodes of several
modules. The truth of those is arbitrary: `soft`.
"""

from __future__ import annotations

import ast
import collections
import contextlib
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import onnx
import torch
from torch import nn

UNKNOWN = "?"


@dataclass
class Owner:
    """Owner of one node. `module` is None where the exporter gives no truth."""

    place: str
    operator: str
    module: str | None = None
    call: int | None = None
    reason: str = ""  # why there is no truth, or why it is arbitrary
    soft: bool = False
    also: list[str] = field(default_factory=list)  # modules that are as right as `module`

    def row(self) -> str:
        module = UNKNOWN if self.module is None else self.module or "."
        call = "-" if self.call is None else str(self.call)
        also = ",".join(path or "." for path in self.also) or "-"
        return "\t".join(
            (self.place, self.operator, module, call, "soft" if self.soft else "-", self.reason or "-", also)
        )

    def make_soft(self, reason: str) -> None:
        if not self.soft:
            self.soft, self.reason = True, reason


# --- places ---------------------------------------------------------------------------------------------------------


def all_nodes(model: onnx.ModelProto) -> Iterator[tuple[str, onnx.NodeProto]]:
    """(place, node) of the main graph, of subgraph bodies at any depth, and of function bodies.

    `#3` is node 3 of the main graph, `/7:then_branch#0` node 0 of a body of node 7, `/7:then_branch/2:body#1` one
    level deeper; in a function body the place starts with `function:<domain>:<name>:<overload>`.
    """

    def visit(prefix: str, nodes: Any) -> Iterator[tuple[str, onnx.NodeProto]]:
        for index, node in enumerate(nodes):
            yield f"{prefix}#{index}", node
        for index, node in enumerate(nodes):
            for attribute in node.attribute:
                if attribute.type == onnx.AttributeProto.GRAPH:
                    yield from visit(f"{prefix}/{index}:{attribute.name}", attribute.g.node)

    yield from visit("", model.graph.node)
    for function in model.functions:
        yield from visit(f"function:{function.domain}:{function.name}:{function.overload}", function.node)


def structure(model: onnx.ModelProto) -> list[Any]:
    """Everything of the graphs but names: equal for two exports of the same graph."""
    numbers: dict[str, int] = {}

    def number(value: str) -> int | None:
        return numbers.setdefault(value, len(numbers)) if value else None

    result: list[Any] = [[number(value.name) for value in model.graph.input]]
    result += [(number(tensor.name), _digest(tensor)) for tensor in model.graph.initializer]
    for place, node in all_nodes(model):
        attributes = sorted((a.name, a.type, _attribute_digest(a)) for a in node.attribute)
        inputs, outputs = list(map(number, node.input)), list(map(number, node.output))
        result.append((place, node.domain, node.op_type, inputs, outputs, attributes))
    result.append([number(value.name) for value in model.graph.output])
    return result


def _digest(tensor: onnx.TensorProto) -> str:
    content = onnx.numpy_helper.to_array(tensor)
    return hashlib.sha256(repr((tensor.data_type, list(tensor.dims))).encode() + content.tobytes()).hexdigest()


def _attribute_digest(attribute: onnx.AttributeProto) -> str:
    if attribute.type == onnx.AttributeProto.GRAPH:
        return "graph"  # its nodes are places of their own
    if attribute.type == onnx.AttributeProto.TENSOR:
        return _digest(attribute.t)
    return attribute.SerializeToString(deterministic=True).hex()


def value_numbers(model: onnx.ModelProto) -> dict[str, str]:
    """place -> hash of what a node of the main graph computes; equal for equal subexpressions."""
    values = {value.name: f"input {value.name}" for value in model.graph.input}
    values |= {tensor.name: _digest(tensor) for tensor in model.graph.initializer}
    result = {}
    for index, node in enumerate(model.graph.node):
        attributes = sorted((a.name, _attribute_digest(a)) for a in node.attribute)
        has_body = any(a.type == onnx.AttributeProto.GRAPH for a in node.attribute)
        key = (node.domain, node.op_type, attributes, [values.get(v, v) for v in node.input], has_body and index)
        digest = hashlib.sha256(repr(key).encode()).hexdigest()
        result[f"#{index}"] = digest
        values |= {value: f"{digest}:{i}" for i, value in enumerate(node.output)}
    return result


# --- TorchScript ----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def unique_scopes(model: nn.Module) -> Iterator[None]:
    """Makes the tracer name the scope of call k of module i (in the order of `modules()`) `m<i>k<k>`."""
    calls: collections.Counter[int] = collections.Counter()
    numbers = {module: index for index, module in enumerate(model.modules())}

    def name_scope(module: nn.Module, _: Any) -> None:
        if module is model:
            calls.clear()  # a run before the trace does not count
        scopes = torch.jit._trace._trace_module_map
        if scopes is not None:
            scopes[module] = f"scope::m{numbers[module]}k{calls[numbers[module]]}"
        calls[numbers[module]] += 1

    handles = [module.register_forward_pre_hook(name_scope, prepend=True) for module in numbers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def torchscript_owners(model: nn.Module, scoped: onnx.ModelProto) -> list[Owner]:
    """Owners by the scopes of an export made under `unique_scopes`."""
    paths = [path for path, _ in model.named_modules()]
    owners = []
    for place, node in all_nodes(scoped):
        owner = Owner(place, node.op_type, reason="the exporter gives it no scope")
        scope, slash, _ = node.name.rpartition("/")
        if slash:
            number, call = re.fullmatch(r"m(\d+)k(\d+)", scope.rpartition("/")[2]).groups()
            owner = Owner(place, node.op_type, paths[int(number)], int(call))
        owners.append(owner)
    _own_scripted_code(owners)
    return owners


def _own_scripted_code(owners: list[Owner]) -> None:
    """Code of a scripted function has no scope. Its nodes, which have control flow among them, are a run between two
    nodes of the module that called the function."""
    main = [owner for owner in owners if owner.place.startswith("#")]
    runs = [list(run) for _, run in itertools.groupby(main, key=lambda owner: owner.module is None)]
    for before, run, after in zip(runs, runs[1:], runs[2:]):
        control_flow = {owner.operator for owner in run} & {"If", "Loop"}
        if run[0].module is not None or not control_flow or before[-1].module != after[0].module:
            continue
        bodies = tuple(f"/{owner.place[1:]}:" for owner in run)
        for owner in run + [owner for owner in owners if owner.place.startswith(bodies)]:
            if owner.module is None:
                owner.module, owner.call = before[-1].module, before[-1].call
                owner.make_soft("scripted function, between two nodes of the module")


# --- dynamo ---------------------------------------------------------------------------------------------------------


_NAME_SCOPES = "pkg.torch.onnx.name_scopes"


def dynamo_owners(model: nn.Module, exported: onnx.ModelProto, calls: dict[str, dict[str, int]]) -> list[Owner]:
    """Owners by the exporter's own metadata; `calls` is from `fx_calls`."""
    canonical = _canonical_paths(model)
    owners = []
    for place, node in all_nodes(exported):
        owner = Owner(place, node.op_type)
        *stack, fx_name = ast.literal_eval(_metadata(node).get(_NAME_SCOPES, "[None]"))
        if not stack:
            owner.reason = "no metadata" if fx_name is None else "no module in the metadata"
        elif stack[-1] not in canonical:
            owner.reason = f"not a module: {stack[-1]}"
        else:
            owner.module = canonical[stack[-1]]
            owner.call = calls.get(fx_name, {}).get(owner.module)
        owners.append(owner)
    return owners


def fx_calls(
    model: nn.Module, program: torch.export.ExportedProgram, hierarchy: dict[str, Any]
) -> dict[str, dict[str, int]]:
    """FX node name -> {path of each module that it ran in: which call of it}.

    The keys of `nn_module_stack` differ from call to call. Modules with calls that left no operator are left out, as
    their calls cannot be counted.
    """
    canonical = _canonical_paths(model)
    frames: dict[str, list[Any]] = collections.defaultdict(list)
    result: dict[str, dict[str, int]] = {}
    for node in program.graph.nodes:
        stack: tuple[Any, ...] = ()
        for key, (path, _) in (node.meta.get("nn_module_stack") or {}).items():
            stack += (key,)
            module = canonical.get(path.partition("@")[0])
            if module is None:
                continue
            if stack not in frames[module]:
                frames[module].append(stack)
            result.setdefault(node.name, {})[module] = frames[module].index(stack)
    recorded = {module["path"]: module["calls"] for module in hierarchy["modules"]}
    return {
        name: {module: call for module, call in calls.items() if len(frames[module]) == recorded[module]}
        for name, calls in result.items()
    }


def _canonical_paths(model: nn.Module) -> dict[str, str]:
    """Every qualified name -> the first one of the same module."""
    first: dict[nn.Module, str] = {}
    return {path: first.setdefault(module, path) for path, module in model.named_modules(remove_duplicate=False)}


def _metadata(node: onnx.NodeProto) -> dict[str, str]:
    return {entry.key: entry.value for entry in node.metadata_props}


def review_rewritten(
    owners: list[Owner], exported: onnx.ModelProto, plain: onnx.ModelProto, plain_owners: list[Owner]
) -> None:
    """Compares nodes that the optimiser made with the nodes of the unoptimised export `plain` that it stands for.

    Those are found by value names, which the optimiser keeps: from the node's outputs back to values that exist in the
    optimised graph too. Constant subexpressions are left out, as the optimiser computes them itself. Only nodes that
    say that a rewrite rule made them, or say nothing, can stand for others.
    """
    producer = {value: i for i, node in enumerate(plain.graph.node) for value in node.output if value}
    variable = {value.name for value in plain.graph.input}
    for node in plain.graph.node:
        if variable & set(node.input):
            variable |= set(node.output)
    known = {value for node in exported.graph.node for value in node.output}

    def replaced(outputs: list[str]) -> set[int]:
        found, pending = set(), list(outputs)
        while pending:
            index = producer.get(pending.pop())
            if index is None or index in found or not variable & set(plain.graph.node[index].input):
                continue
            found.add(index)
            pending += [value for value in plain.graph.node[index].input if value not in known]
        return found

    for owner, node in zip(owners, exported.graph.node):
        if owner.module is not None and "pkg.onnxscript.rewriter.rule_name" not in _metadata(node):
            continue
        # An Identity, such as dropout leaves, does nothing that another node could do in its place.
        nodes = [i for i in replaced(list(node.output)) if plain.graph.node[i].op_type != "Identity"]
        modules = {plain_owners[i].module for i in nodes} - {None}
        others = sorted(modules - {owner.module})
        if owner.module is None and others:
            owner.module = others.pop(0)
            owner.make_soft("no metadata; from the unoptimised export")
        elif others:
            owner.make_soft("made by the optimiser from nodes of several modules")
        owner.also += others


# --- both -----------------------------------------------------------------------------------------------------------


def soften_merged(
    owners: list[Owner], exported: onnx.ModelProto, full: onnx.ModelProto, full_owners: list[Owner]
) -> None:
    """Flags nodes that stand for equal nodes of several modules; `full` is exported without merging them.

    Where the merged nodes are of several calls of one module, the owner is hard and its call unknown.
    """
    owners_of = collections.defaultdict(list)
    owner_at = {owner.place: owner for owner in full_owners}
    for place, number in value_numbers(full).items():
        owners_of[number].append(owner_at[place])
    numbers = value_numbers(exported)
    survivors = collections.Counter(numbers.values())
    for owner in owners:
        if owner.place not in numbers or owner.module is None:
            continue
        equal = owners_of[numbers[owner.place]]
        if len(equal) <= survivors[numbers[owner.place]]:
            continue  # nothing was merged into it
        if len({other.call for other in equal if other.module == owner.module}) > 1:
            owner.call = None
        others = sorted({other.module for other in equal if other.module is not None} - {owner.module, *owner.also})
        if others:
            owner.make_soft("stands for equal nodes of several modules")
            owner.also += others


def soften_constants(owners: list[Owner], exported: onnx.ModelProto) -> None:
    """Flags constants: which of their users the exporter names them after is chance."""
    constants = {tensor.name for tensor in exported.graph.initializer}
    for owner, (_, node) in zip(owners, all_nodes(exported)):
        if node.op_type == "Constant" or (node.op_type == "Identity" and node.input[0] in constants):
            constants.update(node.output)
            if owner.module is not None:
                owner.soft, owner.reason = True, "constant"
