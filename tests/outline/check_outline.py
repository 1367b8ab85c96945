#!/usr/bin/env python3
"""Outlines models and proves that nothing else has changed.

    python tests/outline/check_outline.py MODEL.onnx:HIERARCHY.json... [--corpus=DIRECTORY] [--flags="--nested"]

Each model is tagged and outlined. Then
- onnx's checker judges the result, with shape inference;
- ONNX Runtime gives the original's outputs bit for bit, without optimisation and with all of it;
- onnx's inliner gives the original's nodes back: the same operators, attributes and wiring;
- `tag`, of what the inliner made and of what ONNX Runtime saves, gives nodes the owners of the original's.

--corpus takes the `plain` exports of a corpus that tests/accuracy/make_corpus.py made. Prints a line for each model, with
the share of nodes that get their owner back, and one for each failure; exits 1 if there is one. Needs onnx, ONNX Runtime,
and the program, built, in the environment variable MODELEXPORT or in .bazel/bin/tools/modelexport.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import hashlib
import pathlib
import re
import sys
import tempfile

import onnx
import onnx.inliner
import onnxruntime

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "extraction"))
import check_extract  # noqa: E402  pylint: disable=wrong-import-position

LEVELS = {
    "without optimisation": onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL,
    "optimised": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL,
}


@dataclasses.dataclass
class Row:
    """What is said of one model."""

    nodes: int = 0
    left_in_main: int = 0
    in_functions: int = 0
    functions: str = "none"
    owners: list[int] = dataclasses.field(default_factory=lambda: [0, 0])
    owners_saved: list[int] = dataclasses.field(default_factory=lambda: [0, 0])
    failures: list[str] = dataclasses.field(default_factory=list)


def digest(*parts: object) -> str:
    return hashlib.sha1(repr(parts).encode()).hexdigest()


def tensor_digest(tensor: onnx.TensorProto) -> str:
    array = onnx.numpy_helper.to_array(tensor)
    return digest("constant", str(array.dtype), array.shape, hashlib.sha1(array.tobytes()).hexdigest())


class Meaning:
    """Values and nodes by what they compute, whatever they are called; perhaps without attributes."""

    def __init__(self, model: onnx.ModelProto, attributes: bool = True):
        self.attributes = attributes
        self.nodes: dict[str, list[onnx.NodeProto]] = collections.defaultdict(list)
        values = {"": ""}
        self._enter(model.graph, values)
        for value in model.graph.input:
            values.setdefault(value.name, digest("input", value.name))
        self._run(model.graph, values, self.nodes)
        self.outputs = [values[output.name] for output in model.graph.output]

    def counts(self) -> dict[str, int]:
        return {key: len(nodes) for key, nodes in self.nodes.items()}

    @staticmethod
    def _enter(graph: onnx.GraphProto, values: dict[str, str]) -> None:
        for tensor in graph.initializer:
            values[tensor.name] = tensor_digest(tensor)

    def _run(self, graph: onnx.GraphProto, values: dict[str, str], nodes: dict[str, list[onnx.NodeProto]]) -> None:
        for node in graph.node:
            if node.op_type == "Constant" and len(node.attribute) == 1:
                values[node.output[0]] = self._constant(node.attribute[0])
                continue
            attributes = sorted((each.name, self._attribute(each, values)) for each in node.attribute)
            attributes = attributes if self.attributes else []
            key = digest(node.op_type, node.domain, attributes, [values[name] for name in node.input])
            nodes[key].append(node)
            for i, name in enumerate(node.output):
                if name:
                    values[name] = digest(key, i)

    @staticmethod
    def _constant(attribute: onnx.AttributeProto) -> str:
        if attribute.type == onnx.AttributeProto.TENSOR:
            return tensor_digest(attribute.t)
        return digest(attribute.name, onnx.helper.get_attribute_value(attribute))

    def _attribute(self, attribute: onnx.AttributeProto, values: dict[str, str]) -> str:
        if attribute.type == onnx.AttributeProto.GRAPH:
            inner = dict(values)
            self._enter(attribute.g, inner)
            inner.update({value.name: digest("given", i) for i, value in enumerate(attribute.g.input)})
            nodes: dict[str, list[onnx.NodeProto]] = collections.defaultdict(list)
            self._run(attribute.g, inner, nodes)
            counts = sorted((key, len(each)) for key, each in nodes.items())
            return digest(counts, [inner[output.name] for output in attribute.g.output])
        if attribute.type == onnx.AttributeProto.TENSOR:
            return tensor_digest(attribute.t)
        return digest(onnx.helper.get_attribute_value(attribute))


def difference(a: Meaning, b: Meaning) -> str:
    """ "" if both compute the same with the same nodes."""
    if a.outputs != b.outputs:
        return "outputs are computed otherwise"
    if a.counts() != b.counts():
        odd = [key for key in {*a.nodes, *b.nodes} if a.counts().get(key) != b.counts().get(key)]
        return f"{len(odd)} nodes differ, first {[node.op_type for node in (a.nodes.get(odd[0]) or b.nodes[odd[0]])]}"
    return ""


def owner_of(node: onnx.NodeProto) -> str:
    tags = {entry.key: entry.value for entry in node.metadata_props}
    return f'{tags.get("modelexport.module")} {tags.get("modelexport.call", "")}'


def same_owners(a: Meaning, b: Meaning) -> list[int]:
    """Of the nodes that both have, how many have the same owner in both, and how many there are."""
    same = total = 0
    for key, nodes in a.nodes.items():
        if key not in b.nodes:
            continue
        others = collections.Counter(owner_of(node) for node in b.nodes.get(key, []))
        mine = collections.Counter(owner_of(node) for node in nodes)
        same += sum((mine & others).values())
        total += len(nodes)
    return [same, total]


def run(model: str, level: onnxruntime.GraphOptimizationLevel, inputs: dict, save: str = "") -> list:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    if save:
        options.optimized_model_filepath = save
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"]).run(None, inputs)


def owners_again(original: onnx.ModelProto, path: str, hierarchy: str, attributes: bool, row: Row) -> list[int]:
    """ONNX Runtime adds attributes that have their default, and folds constants: what it saves is compared without
    attributes, and as far as it is there."""
    again = f"{path}.again"
    result = check_extract.run_program("tag", path, hierarchy, again, "--quiet")
    if result.returncode:
        row.failures.append(f"tag: {result.stderr.strip()}")
        return [0, 0]
    return same_owners(Meaning(original, attributes), Meaning(onnx.load(again), attributes))


def compare(tagged: str, outlined: str, hierarchy: str, folder: str, row: Row) -> None:
    original = onnx.load(tagged)
    meaning = Meaning(original)
    try:
        onnx.checker.check_model(outlined, full_check=True)
    except Exception as error:  # pylint: disable=broad-exception-caught
        row.failures.append(f"checker: {str(error)[:300]}")
    inputs = check_extract.random_inputs(original, 1)
    for name, level in LEVELS.items():
        save = f"{folder}/saved.onnx" if name == "without optimisation" else ""
        expected = run(tagged, level, inputs)
        try:
            got = run(outlined, level, inputs, save)
        except Exception as error:  # pylint: disable=broad-exception-caught
            row.failures.append(f"ONNX Runtime, {name}: {str(error)[:300]}")
            continue
        if not all(map(check_extract.same, expected, got)):
            row.failures.append(f"ONNX Runtime, {name}: other values")
    model = onnx.load(outlined)
    row.left_in_main = len(model.graph.node)
    row.in_functions = sum(len(function.node) for function in model.functions if function.domain == "modelexport")
    inlined = f"{folder}/inlined.onnx"
    onnx.save(onnx.inliner.inline_local_functions(model), inlined)
    if fault := difference(meaning, Meaning(onnx.load(inlined))):
        row.failures.append(f"inlined: {fault}")
    row.owners = owners_again(original, inlined, hierarchy, True, row)
    if pathlib.Path(f"{folder}/saved.onnx").exists():
        row.owners_saved = owners_again(original, f"{folder}/saved.onnx", hierarchy, False, row)


def check(model: pathlib.Path, hierarchy: pathlib.Path, flags: list[str]) -> Row:
    row = Row()
    with tempfile.TemporaryDirectory() as folder:
        tagged, outlined = f"{folder}/tagged.onnx", f"{folder}/outlined.onnx"
        result = check_extract.run_program("tag", str(model), str(hierarchy), tagged, "--quiet")
        if result.returncode:
            row.failures.append(result.stderr.strip())
            return row
        row.nodes = row.left_in_main = len(onnx.load(tagged, load_external_data=False).graph.node)
        result = check_extract.run_program("outline", tagged, outlined, *flags)
        if result.returncode == 1 and re.search("no block of nodes repeats|none of the modules", result.stderr):
            return row
        if result.returncode:
            row.failures.append(result.stderr.strip())
            return row
        found = re.findall(r"^(?:functions)? +(\S+) +(\d+) calls?,", result.stdout, re.MULTILINE)
        row.functions = ", ".join(f"{name} {calls}" for name, calls in found[:4])
        if len(found) > 4:
            row.functions += f" and {len(found) - 4} more"
        if check_extract.run_program("validate", outlined).returncode:
            row.failures.append("validate finds errors")
        compare(tagged, outlined, str(hierarchy), folder, row)
    return row


def percent(counts: list[int]) -> str:
    return f"{100 * counts[0] / counts[1]:.1f}" if counts[1] else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", metavar="MODEL:HIERARCHY")
    parser.add_argument("--corpus", type=pathlib.Path)
    parser.add_argument("--flags", default="", help="of outline")
    arguments = parser.parse_args()
    models = [(pair, *map(pathlib.Path, pair.split(":", 1))) for pair in arguments.models]
    models += check_extract.corpus_models(arguments.corpus) if arguments.corpus else []
    failures, totals = 0, [[0, 0], [0, 0]]
    print("| model | nodes | main graph | functions | calls of each | owners, inliner | owners, ONNX Runtime |")
    print("|---|---|---|---|---|---|---|")
    for name, model, hierarchy in models:
        row = check(model, hierarchy, arguments.flags.split())
        print(
            f"| {name} | {row.nodes} | {row.left_in_main} | {row.in_functions} | {row.functions} "
            f"| {percent(row.owners)} | {percent(row.owners_saved)} |",
            flush=True,
        )
        for failure in row.failures:
            print(f"{name}: {failure}", file=sys.stderr, flush=True)
        failures += len(row.failures)
        for total, counts in zip(totals, (row.owners, row.owners_saved)):
            total[:] = [total[0] + counts[0], total[1] + counts[1]]
    print(f"| all | | | | | {percent(totals[0])} | {percent(totals[1])} |\n\n{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
