#!/usr/bin/env python3
"""How many nodes of a file that ONNX Runtime optimised have no source: by names and initializers, and by modelexport.

    python tests/accuracy/rival.py [--modelexport=PROGRAM]

Qualcomm's onnxruntime-qnn has a tool that maps the nodes of an optimised file to those of its source
(qcom/tools/op_trace_matcher). Its README describes the strategies by which it finds a node's sources; they are made
again here from that description, and not its program run. Where the description leaves something open, what finds more
is taken. modelexport tags the source with a sidecar, and the optimised file with the tagged source.

For each model of testdata and each exporter the script optimises the file with all of ONNX Runtime's optimisations for
CPU, and prints a row.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import pathlib
import subprocess
import tempfile
from collections.abc import Iterable

import onnx
import onnxruntime
from onnx import numpy_helper

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
MODELS = ("bert_tiny", "resnet50", "sam_vision")

# Chains of operators of the source, the first one first, by the operator that replaces them.
CHAINS = {
    "Gemm": [("MatMul", "Add")],
    "Gelu": [("Div", "Erf", "Add", "Mul", "Mul"), ("Div", "Erf", "Add", "Mul"), ("Mul", "Erf", "Add", "Mul", "Mul")],
    "FastGelu": [("Pow", "Mul", "Add", "Mul", "Tanh", "Add", "Mul", "Mul"), ("Mul", "Tanh", "Add", "Mul", "Mul")],
    "QuickGelu": [("Mul", "Sigmoid", "Mul"), ("Sigmoid", "Mul")],
    "BiasGelu": [("Add", "Div", "Erf", "Add", "Mul", "Mul"), ("Add", "Gelu")],
    "BiasSoftmax": [("Add", "Softmax")],
    "SkipLayerNormalization": [("Add", "LayerNormalization"), ("Add", "Add", "LayerNormalization")],
    "FusedMatMul": [("Transpose", "MatMul"), ("MatMul", "Mul"), ("MatMul", "Div"), ("Mul", "MatMul"), ("Div", "MatMul")],
}


class Source:
    """A file, looked up in the ways in which the strategies do."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.by_name = {(node.name, node.op_type) for node in model.graph.node}
        self.by_signature = {signature(node) for node in model.graph.node}
        self.readers = collections.defaultdict(list)
        for node in model.graph.node:
            for value in node.input:
                self.readers[value].append(node)
        self.initializers = digests(model)
        self.named = collections.defaultdict(list)
        for name, digest in self.initializers.items():
            self.named[digest].append(name)

    def has_chain(self, value: str, operators: Iterable[str]) -> bool:
        """Whether the operators follow each other, the first of them reading `value`."""
        values = [value]
        for operator in operators:
            nodes = [node for each in values for node in self.readers[each] if node.op_type == operator]
            values = [output for node in nodes for output in node.output]
            if not nodes:
                return False
        return True


def signature(node: onnx.NodeProto) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return node.op_type, tuple(node.input), tuple(node.output)


def digests(model: onnx.ModelProto) -> dict[str, str]:
    """Of the elements of initializers, by name."""
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    return {
        name: hashlib.sha256(str((array.dtype, array.shape)).encode() + array.tobytes()).hexdigest()
        for name, array in arrays.items()
    }


def method_of(node: onnx.NodeProto, source: Source, initializers: dict[str, str]) -> str | None:
    """The first strategy that finds a source of the node."""
    if (node.name, node.op_type) in source.by_name:
        return "exact name"
    if signature(node) in source.by_signature:
        return "inputs and outputs"
    read = [value for value in node.input if value in initializers]
    if any(source.readers[value] for value in read if value in source.initializers):
        return "initializer's name"
    if any(source.readers[name] for value in read for name in source.named[initializers[value]]):
        return "initializer's hash"
    if any(source.has_chain(value, chain) for value in node.input for chain in CHAINS.get(node.op_type, ())):
        return "pattern"
    return None


def without_source(source: onnx.ModelProto, optimised: onnx.ModelProto) -> int:
    lookup, initializers = Source(source), digests(optimised)
    return sum(method_of(node, lookup, initializers) is None for node in optimised.graph.node)


def without_owner(program: pathlib.Path, original: pathlib.Path, sidecar: pathlib.Path, optimised: pathlib.Path) -> int:
    """Nodes of the optimised file that a tagged original leaves without evidence."""
    tagged, out, report = (optimised.with_name(name) for name in ("tagged.onnx", "out.onnx", "report.json"))
    subprocess.run([program, "tag", original, sidecar, tagged, "--quiet"], check=True)
    subprocess.run([program, "tag", optimised, tagged, out, "--quiet", f"--report={report}"], check=True)
    counts = json.loads(report.read_text())
    return counts["nodes"] - sum(count for kind, count in counts["evidence"].items() if kind != "none")


def optimise(original: pathlib.Path, target: pathlib.Path) -> None:
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(target)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(original, options, providers=["CPUExecutionProvider"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modelexport", type=pathlib.Path, default=REPOSITORY / ".bazel/bin/tools/modelexport")
    program = parser.parse_args().modelexport.resolve()
    print("| model | exporter | nodes | without source, strategies of op_trace_matcher | without owner, modelexport |")
    print("| --- | --- | --- | --- | --- |")
    for model in MODELS:
        for exporter in ("torchscript", "dynamo"):
            original = REPOSITORY / "testdata" / model / exporter / "model.onnx"
            sidecar = original.parent.parent / "hierarchy.json"
            with tempfile.TemporaryDirectory() as folder:
                optimised = pathlib.Path(folder, "optimised.onnx")
                optimise(original, optimised)
                after = onnx.load(optimised)
                theirs = without_source(onnx.load(original), after)
                ours = without_owner(program, original, sidecar, optimised)
            print(f"| `{model}` | {exporter} | {len(after.graph.node)} | {theirs} | {ours} |")


if __name__ == "__main__":
    main()
