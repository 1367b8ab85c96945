"""The owners of a file that another tool made of an export, from those of the export.

Tools keep the names of values that go on to exist, so a node is found again by the names of its outputs. A node with
another operator there does the work of several: of those between its outputs and the values that still exist. A node
whose outputs are all new was inserted, and belongs to the module that all nodes behind it stand for, if that is one. Of
what a quantiser or a converter inserts (casts, Q/DQ pairs) nobody is the owner.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable

import onnx
from ground_truth import Owner, all_nodes, value_numbers

CONVERSIONS = {"Cast", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear"}
_NOTHING_DONE = {"Cast", "Identity", "Dropout"}
_NEW = "its outputs are new"

Source = tuple[onnx.NodeProto, Owner]  # a node of the export


def owners_of_variant(base: onnx.ModelProto, base_owners: list[Owner], variant: onnx.ModelProto) -> list[Owner]:
    """The owner of each node of `variant`, in the order of `all_nodes`."""
    export = _Export(base, base_owners, _value_names(variant))
    nodes = [node for _, node in all_nodes(variant)]
    owners = [Owner(place, node.op_type, reason=_NEW) for place, node in all_nodes(variant)]
    stands_for: list[list[str]] = [[] for _ in nodes]  # modules whose work a node does, as far as known
    for node, owner, modules in zip(nodes, owners, stands_for):
        modules += export.judge(node, owner)
    _own_renamed(export, nodes, owners)
    _own_inserted(variant, nodes, owners, stands_for)
    for owner in owners:
        if owner.operator == "Constant" and owner.module is not None:
            owner.soft, owner.reason = True, "constant"
    return owners


class _Export:
    def __init__(self, model: onnx.ModelProto, owners: list[Owner], left: set[str]) -> None:
        self._left = left  # values that the variant still has
        self.source_of: dict[str, Source] = {}
        self._computed = {value.name for value in model.graph.input} - {t.name for t in model.graph.initializer}
        repeated = set()
        for (_, node), owner in zip(all_nodes(model), owners, strict=True):
            for value in filter(None, node.output):
                repeated |= {value} & self.source_of.keys()
                self.source_of[value] = node, owner
            has_body = any(attribute.HasField("g") for attribute in node.attribute)
            if has_body or (self._computed & set(node.input) and node.op_type != "Shape"):
                self._computed |= set(node.output)
        for value in repeated:
            del self.source_of[value]
        self._equal = _equal_nodes(model, owners)

    def judge(self, node: onnx.NodeProto, owner: Owner) -> list[str]:
        """Fills in the owner of a node that has an output of the export; returns the modules that it stands for."""
        source = next((self.source_of[value] for value in node.output if value in self.source_of), None)
        if source is None:
            return []
        if node.op_type in CONVERSIONS and source[0].op_type != node.op_type:
            owner.reason = "inserted conversion"
            return []
        if node.op_type == source[0].op_type:
            _copy(source[1], owner)
            modules = _modules(self._vanished(value for value in source[0].input)) or _modules([source])
        else:
            modules = self._judge_fused(node, owner, source)
        self._add_merged(source, owner)
        return modules

    def _judge_fused(self, node: onnx.NodeProto, owner: Owner, last: Source) -> list[str]:
        work = self._vanished(node.output, whatever=node.output)
        same = [source for source in work if source[0].op_type == node.op_type]
        _copy(same[0][1] if len(same) == 1 else last[1], owner)
        modules = _modules(work) or _modules([last])
        rest = [source for source in work if len(same) != 1 or source is not same[0]]
        others = {m for m in modules if m != owner.module}
        # Besides the one node that it is, it may swallow what does nothing.
        if others and owner.module is not None and any(s[0].op_type not in _NOTHING_DONE for s in rest):
            owner.make_soft("fused from nodes of several modules")
            as_right = {m for _, of_source in work for m in of_source.also}
            owner.also = sorted({*owner.also, *others, *as_right} - {owner.module})
        return modules

    def _vanished(self, values: Iterable[str], whatever: Iterable[str] = ()) -> list[Source]:
        """The nodes that computed these values of values that are left; values in `whatever` count as vanished."""
        whatever, pending, seen, found = set(whatever), list(values), set(), []
        while pending:
            value = pending.pop()
            if value in seen or value not in self.source_of or (value in self._left and value not in whatever):
                continue
            seen.add(value)
            node, owner = source = self.source_of[value]
            if owner.module is not None and self._computed & set(node.output) and all(node is not n for n, _ in found):
                found.append(source)
            pending += node.input
        return found

    def _add_merged(self, source: Source, owner: Owner) -> None:
        """Adds the modules of equal nodes of the export that are gone: the node stands for them too."""
        gone = {
            other.module
            for node, other in self._equal.get(source[1].place, [])
            if other.module is not None and not self._left & set(node.output)
        } - {owner.module}
        if gone and owner.module is not None:
            owner.make_soft("stands for equal nodes of several modules")
            owner.also = sorted({*owner.also, *gone})


def _equal_nodes(model: onnx.ModelProto, owners: list[Owner]) -> dict[str, list[Source]]:
    """place -> the nodes of the main graph that compute the same, itself included."""
    groups: dict[str, list[Source]] = collections.defaultdict(list)
    nodes = {place: node for place, node in all_nodes(model)}
    owner_at = {owner.place: owner for owner in owners}
    numbers = value_numbers(model)
    for place, number in numbers.items():
        groups[number].append((nodes[place], owner_at[place]))
    return {place: groups[number] for place, number in numbers.items()}


def _own_renamed(export: _Export, nodes: list[onnx.NodeProto], owners: list[Owner]) -> None:
    """A conversion that took over the name of a value left the node that makes it with a new one."""
    maker = {value: index for index, node in enumerate(nodes) for value in node.output if value}
    for node, owner in zip(nodes, owners):
        before = maker.get(node.input[0]) if owner.reason == "inserted conversion" else None
        if before is None or owners[before].reason != _NEW:
            continue
        source = next(export.source_of[value] for value in node.output if value in export.source_of)
        if source[0].op_type == owners[before].operator:
            _copy(source[1], owners[before])


def _own_inserted(
    variant: onnx.ModelProto, nodes: list[onnx.NodeProto], owners: list[Owner], stands_for: list[list[str]]
) -> None:
    graph = [owner.place.rpartition("#")[0] for owner in owners]  # tools give values of several bodies one name
    readers = collections.defaultdict(list)
    for index, node in enumerate(nodes):
        for value in node.input:
            readers[graph[index], value].append(index)
    outputs = {value.name for value in variant.graph.output}
    for index in reversed(range(len(nodes))):
        if owners[index].reason != _NEW or outputs & set(nodes[index].output):
            continue
        behind = [stands_for[reader] for value in nodes[index].output for reader in readers[graph[index], value]]
        if behind and len(behind[0]) == 1 and all(modules == behind[0] for modules in behind):
            stands_for[index] = behind[0]
            if nodes[index].op_type not in CONVERSIONS:
                owners[index].module, owners[index].reason = behind[0][0], "inserted before nodes of this module"


def _copy(source: Owner, target: Owner) -> None:
    target.module, target.call, target.reason = source.module, source.call, source.reason
    target.soft, target.also = source.soft, list(source.also)


def _modules(sources: list[Source]) -> list[str]:
    return list(dict.fromkeys(owner.module for _, owner in sources if owner.module is not None))


def _value_names(model: onnx.ModelProto) -> set[str]:
    names = {value.name for value in model.graph.input} | {tensor.name for tensor in model.graph.initializer}
    for _, node in all_nodes(model):
        names.update(node.output)
    return names
