#!/usr/bin/env python3
"""Writes a large model and its sidecar, to measure speed on. The same arguments give the same bytes.

    generate.py OUT.onnx OUT.json --nodes=N [--weights=BYTES [--external]]

A chain of nodes in the layers of an encoder, named as torch's TorchScript exporter names them. Without weights Add and
Relu take turns, about 40 nodes and 12 modules in a layer, and the sidecar has the modules alone. With weights every
third node is a MatMul, the matrices have about BYTES together, in the file or in OUT.onnx.data, and the sidecar has
tensors, calls and operators too. Files are written field by field: memory stays small at any size.
"""

from __future__ import annotations

import argparse
import array
import json
import math
import pathlib
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

SCOPES = [
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
]

# The modules of a layer in the order of their calls, and of their registration.
MODULES = [
    "",
    ".attention",
    ".attention.self",
    ".attention.self.query",
    ".attention.self.key",
    ".attention.self.value",
    ".attention.output",
    ".attention.output.dense",
    ".intermediate",
    ".intermediate.dense",
    ".output",
    ".output.dense",
]

CLASSES = {
    "": "model.Model",
    "layer": "torch.nn.modules.container.ModuleList",
    **dict.fromkeys(["query", "key", "value", "dense"], "torch.nn.modules.linear.Linear"),
}

ATEN = {"MatMul": "aten.mm.default", "Add": "aten.add.Tensor", "Relu": "aten.relu.default"}


class Node(NamedTuple):
    op_type: str
    module: str
    name: str
    inputs: list[str]


class Model:
    """What is written, without its bytes."""

    def __init__(self, nodes: int, weights: int = 0, external: bool = False) -> None:
        self.num_nodes = nodes
        self.external = external
        self.op_types = ["MatMul", "Add", "Relu"] if weights else ["Add", "Relu"]
        self.units_in_layer = len(SCOPES) if weights else 20  # A unit is one node of each type.
        tensors = nodes // len(self.op_types) if weights else 0
        self.width = math.isqrt(weights // 4 // tensors) if tensors else 4

    @property
    def tensor_size(self) -> int:
        return 4 * self.width * self.width

    def module(self, unit: int) -> str:
        layer, place = divmod(unit, self.units_in_layer)
        return f"encoder.layer.{layer}.{SCOPES[place % len(SCOPES)]}"

    def nodes(self) -> Iterator[Node]:
        previous = "input"
        for i in range(self.num_nodes):
            unit, step = divmod(i, len(self.op_types))
            op_type, module = self.op_types[step], self.module(unit)
            repeat = unit % self.units_in_layer // len(SCOPES)  # The exporter numbers what repeats in a scope.
            scope = "/" + module.replace(".", "/").replace("/layer/", "/layer.")
            name = f"{scope}/{op_type}" + (f"_{repeat}" if repeat else "")
            second = {"MatMul": [f"{module}.weight"], "Add": ["c"], "Relu": []}[op_type]
            yield Node(op_type, module, name, [previous, *second])
            previous = f"{name}_output_0"

    def tensors(self) -> Iterator[str]:
        return (node.inputs[1] for node in self.nodes() if node.op_type == "MatMul")

    def modules(self) -> Iterator[str]:
        yield from ("", "encoder", "encoder.layer")
        units = -(-self.num_nodes // len(self.op_types))
        for layer in range(-(-units // self.units_in_layer)):
            yield from (f"encoder.layer.{layer}{module}" for module in MODULES)


# Protobuf's encoding (protobuf.dev/programming-guides/encoding). Numbers are those of onnx/onnx-ml.proto.


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def header(field: int, size: int) -> bytes:
    return varint(field << 3 | 2) + varint(size)


def message(field: int, *parts: bytes | str) -> bytes:
    content = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return header(field, len(content)) + content


def node_field(node: Node, output: str) -> bytes:
    inputs = (message(1, name) for name in node.inputs)
    return message(1, *inputs, message(2, output), message(3, node.name), message(4, node.op_type))


def value_field(field: int, name: str, width: int) -> bytes:
    shape = message(2, *(message(1, number(1, dim)) for dim in (1, width)))
    return message(field, message(1, name), message(2, message(1, number(1, 1), shape)))


def tensor_fields(name: str, *dims: int) -> bytes:
    return b"".join(number(1, dim) for dim in dims) + number(2, 1) + message(8, name)


def external_fields(location: str, offset: int, length: int) -> bytes:
    entries = {"location": location, "offset": str(offset), "length": str(length)}
    return number(14, 1) + b"".join(message(13, message(1, key), message(2, value)) for key, value in entries.items())


class Weights:
    """The bytes of every matrix: floats of about 2^-6 that compress badly, one block over and over."""

    def __init__(self, size: int) -> None:
        block = random.Random(1).randbytes(1 << 20)
        words = len(block) // 4
        random_bits = int.from_bytes(b"\xff\xff\x7f\x80" * words, "little")
        exponents = int.from_bytes(b"\x00\x00\x80\x3c" * words, "little")
        self.block = (int.from_bytes(block, "little") & random_bits | exponents).to_bytes(len(block), "little")
        self.size = size

    def pieces(self) -> Iterator[bytes]:
        for begin in range(0, self.size, len(self.block)):
            yield self.block[: self.size - begin]

    def stats(self) -> dict[str, float]:
        least, most, total, squares = math.inf, -math.inf, 0.0, 0.0
        done: dict[int, tuple[float, float, float, float]] = {}
        for piece in self.pieces():
            if len(piece) not in done:
                values = array.array("f", piece)
                sums = math.fsum(values), math.fsum(value * value for value in values)
                done[len(piece)] = (min(values), max(values), *sums)
            low, high, piece_total, piece_squares = done[len(piece)]
            least, most = min(least, low), max(most, high)
            total, squares = total + piece_total, squares + piece_squares
        return {"min": least, "max": most, "mean": total / (self.size // 4), "l2": math.sqrt(squares)}


def graph_fields(model: Model, data_file: str) -> Iterator[bytes | tuple[bytes, int]]:
    """The fields of the graph in order. A tensor with its bytes inside: what stands before them, and their size."""
    for node in model.nodes():
        yield node_field(node, f"{node.name}_output_0")
        last = f"{node.name}_output_0"
    yield message(1, message(1, last), message(2, "output"), message(3, "/Identity"), message(4, "Identity"))
    yield message(2, "main_graph")
    yield message(5, tensor_fields("c"), message(9, array.array("f", [0.5]).tobytes()))
    size = model.tensor_size
    for i, name in enumerate(model.tensors()):
        fields = tensor_fields(name, model.width, model.width)
        if model.external:
            yield message(5, fields, external_fields(data_file, i * size, size))
        else:
            fields += header(9, size)
            yield header(5, len(fields) + size) + fields, size
    yield value_field(11, "input", model.width) + value_field(12, "output", model.width)


def write_model(model: Model, path: pathlib.Path) -> None:
    weights = Weights(model.tensor_size)
    data_path = path.with_name(path.name + ".data")
    # Once for the length that stands before them, once for themselves.
    size = sum(
        len(field) if isinstance(field, bytes) else len(field[0]) + field[1]
        for field in graph_fields(model, data_path.name)
    )
    with path.open("wb", buffering=1 << 20) as file:
        file.write(number(1, 10) + message(2, "generate") + header(7, size))
        for field in graph_fields(model, data_path.name):
            if isinstance(field, bytes):
                file.write(field)
            else:
                file.write(field[0])
                file.writelines(weights.pieces())
        file.write(message(8, message(1, ""), number(2, 17)))
    if model.external:
        with data_path.open("wb", buffering=1 << 20) as file:
            for _ in model.tensors():
                file.writelines(weights.pieces())


def modules_of(model: Model) -> Iterator[dict[str, Any]]:
    for path in model.modules():
        name = path.rpartition(".")[2]
        own_class = "model.Layer" if name.isdigit() else f"model.{name.capitalize()}"
        yield {"path": path, "class": CLASSES.get(name, own_class), "calls": int(path != "encoder.layer")}


def tensors_of(model: Model) -> Iterator[dict[str, Any]]:
    stats = Weights(model.tensor_size).stats()
    for name in model.tensors():
        shape = [model.width, model.width]
        yield {"name": name, "kind": "parameter", "dtype": "float32", "shape": shape, "stats": stats}


class Calls:
    """One call of each module that is called, in order."""

    def __init__(self, model: Model) -> None:
        self.index = {path: i for i, path in enumerate(path for path in model.modules() if path != "encoder.layer")}

    def rows(self) -> Iterator[dict[str, Any]]:
        for path in self.index:
            above = path.rpartition(".")[0]
            parent = "encoder" if above == "encoder.layer" else above
            yield {"module": path, "parent": self.index[parent] if path else None}


def ops_of(model: Model, calls: Calls) -> Iterator[dict[str, Any]]:
    for i, node in enumerate(model.nodes()):
        weight = node.inputs[1:] if node.op_type == "MatMul" else [None] * len(node.inputs[1:])
        reads = [i - 1 if i else None, *weight]
        yield {"op": ATEN[node.op_type], "call": calls.index[node.module], "reads": reads}


def write_sidecar(model: Model, path: pathlib.Path) -> None:
    lists: dict[str, Iterator[dict[str, Any]]] = {"modules": modules_of(model)}
    if "MatMul" in model.op_types:
        calls = Calls(model)
        lists |= {"tensors": tensors_of(model), "calls": calls.rows(), "ops": ops_of(model, calls)}
    with path.open("w", encoding="utf-8") as file:
        file.write('{"schema": "modelexport.hierarchy", "version": 1, "ops_source": "dispatch"')
        for name, rows in lists.items():
            file.write(f',\n"{name}": [\n')
            for i, row in enumerate(rows):
                file.write((",\n" if i else "") + json.dumps(row))
            file.write("]")
        file.write("}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("sidecar", type=pathlib.Path)
    parser.add_argument("--nodes", type=int, required=True)
    parser.add_argument("--weights", type=int, default=0)
    parser.add_argument("--external", action="store_true")
    arguments = parser.parse_args()
    model = Model(arguments.nodes, arguments.weights, arguments.external)
    write_model(model, arguments.model)
    write_sidecar(model, arguments.sidecar)


if __name__ == "__main__":
    main()
