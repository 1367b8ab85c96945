#!/usr/bin/env python3
"""Extracts the calls of the modules of models and runs them against the whole models.

    python tests/extraction/check_extract.py MODEL.onnx:HIERARCHY.json... [--corpus=DIRECTORY] [--most=N]
        [--chains=N]

Of each model each call of each module that has nodes is extracted, and all calls together where there are several.
onnx's checker judges the result, with shape inference. ONNX Runtime, optimisation off, runs it with the values that the
whole model has where the module begins, and the outputs must be those of the whole model bit for bit. Every node and
initializer must be needed by an output. Then each model is split along the modules that one module calls, once for each
of the --chains modules that call most, and the pieces, run one after the other, must give the whole model's outputs bit
for bit.
--corpus takes the `plain` exports of a corpus that tests/accuracy/make_corpus.py made.

Prints a line for each model and one for each call that fails; exits 1 if any does. Needs onnx, ONNX Runtime, and the
program, built, in the environment variable MODELEXPORT or in .bazel/bin/tools/modelexport.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import numpy
import onnx
import onnxruntime

PROGRAM = os.environ.get("MODELEXPORT", str(pathlib.Path(__file__).parents[2] / ".bazel/bin/tools/modelexport"))

# Equal too, but no type is known of some input or output, so that the checker is not asked.
UNTYPED = "equal without types"

# Why a call may have no model of its own: what is printed, in short.
REASONS = {
    r"has no nodes": "no nodes",
    r"not depend on any input": "constant",
    r"makes nothing that is read outside": "not read",
    r"not known in which of its": "calls unknown",
    r"nodes in several graphs": "in several graphs",
    r"is not known, first of": UNTYPED,
}


@dataclasses.dataclass
class Tally:
    equal: int = 0
    chains: int = 0
    pieces: int = 0
    refused: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    failures: list[str] = dataclasses.field(default_factory=list)


def run_program(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


def session_of(model: bytes | str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def random_inputs(model: onnx.ModelProto, seed: int) -> dict[str, numpy.ndarray]:
    """Numbers that any of these models may be given: whole ones are 0 or 1."""
    generator = numpy.random.default_rng(seed)
    initializers = {tensor.name for tensor in model.graph.initializer}
    inputs = {}
    for value in model.graph.input:
        if value.name in initializers:
            continue
        tensor = value.type.tensor_type
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        shape = [dim.dim_value or 2 for dim in tensor.shape.dim]
        if numpy.issubdtype(dtype, numpy.floating):
            inputs[value.name] = generator.standard_normal(shape).astype(dtype)
        else:
            inputs[value.name] = generator.integers(0, 2, shape).astype(dtype)
    return inputs


def all_values(path: str, seed: int) -> dict[str, numpy.ndarray]:
    """By name, every value that the model's own graph makes or is given."""
    model = onnx.load(path)
    outputs = [value.name for value in model.graph.output]
    made = [name for node in model.graph.node for name in node.output if name and name not in outputs]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in made)
    inputs = random_inputs(model, seed)
    return {**inputs, **dict(zip(outputs + made, session_of(model.SerializeToString()).run(outputs + made, inputs)))}


def reads_of(node: onnx.NodeProto) -> Iterator[str]:
    yield from node.input
    for attribute in node.attribute:
        for graph in [*attribute.graphs, *([attribute.g] if attribute.HasField("g") else [])]:
            for inner in graph.node:
                yield from reads_of(inner)


def unneeded(model: onnx.ModelProto) -> list[str]:
    needed = {value.name for value in model.graph.output}
    names = []
    for node in reversed(model.graph.node):
        if needed.isdisjoint(node.output):
            names.append(f"node {node.name}")
        needed.update(reads_of(node))
    names += [f"initializer {tensor.name}" for tensor in model.graph.initializer if tensor.name not in needed]
    return names + [f"input {value.name}" for value in model.graph.input if value.name not in needed]


def same(a: object, b: object) -> bool:
    if isinstance(a, list) or isinstance(b, list):
        return isinstance(a, list) and isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    a, b = numpy.asarray(a), numpy.asarray(b)
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def fault_of(path: str, runs: list[dict[str, numpy.ndarray]], typed: bool = True) -> str:
    """What is wrong with an extracted model; "" if nothing is."""
    if typed:
        onnx.checker.check_model(path, full_check=True)
    model = onnx.load(path)
    if names := unneeded(model):
        return f"not needed: {', '.join(names[:3])}"
    session = session_of(path)
    outputs = [output.name for output in session.get_outputs()]
    for values in runs:
        missing = [each.name for each in session.get_inputs() if each.name not in values]
        if missing:
            return f"inputs that the model's graph does not make: {missing[:3]}"
        results = session.run(outputs, {each.name: values[each.name] for each in session.get_inputs()})
        for name, result in zip(outputs, results):
            if not same(result, values[name]):
                return f"{name} has other values"
    return ""


def calls_of(hierarchy: pathlib.Path) -> list[list[str]]:
    """Flags for each module; of those that are called more than once for each call, and for all together."""
    flags = []
    for module in json.loads(hierarchy.read_text())["modules"]:
        count, path = module.get("calls", 1), f"--module={module['path'] or '.'}"
        if count == 1:
            flags.append([path])
        elif count > 1:
            flags += [*([path, f"--call={call}"] for call in range(count)), [path, "--all_calls"]]
    return flags


def chains_of(hierarchy: pathlib.Path, tagged: str, most: int) -> list[list[str]]:
    """Lists of modules that one call called, one after the other, of those that have nodes and are called once."""
    calls = json.loads(hierarchy.read_text()).get("calls", [])
    counts = collections.Counter(call["module"] for call in calls)
    owners = {
        entry.value
        for node in onnx.load(tagged, load_external_data=False).graph.node
        for entry in node.metadata_props
        if entry.key == "modelexport.module"
    }
    below: dict[int, list[str]] = collections.defaultdict(list)
    for call in calls:
        path = call["module"]
        has_nodes = any(owner == path or owner.startswith(f"{path}.") for owner in owners)
        if path and counts[path] == 1 and has_nodes and "parent" in call:
            below[call["parent"]].append(path)
    chains = [modules for modules in below.values() if len(modules) > 1]
    return sorted(chains, key=lambda modules: -len(modules))[:most]


def fault_of_chain(pieces: list[str], outputs: list[str], runs: list[dict[str, numpy.ndarray]], inputs: list[str]) -> str:
    """What is wrong with the pieces of a model, given what the whole computes; "" if nothing is."""
    for piece in pieces:
        onnx.checker.check_model(piece, full_check=True)
    for values in runs:
        known = {name: values[name] for name in inputs}
        for piece in pieces:
            session = session_of(piece)
            if missing := [each.name for each in session.get_inputs() if each.name not in known]:
                return f"{pathlib.Path(piece).name} reads what no piece before it makes: {missing[:3]}"
            names = [output.name for output in session.get_outputs()]
            known.update(zip(names, session.run(names, {each.name: known[each.name] for each in session.get_inputs()})))
        for name in outputs:
            if not same(known.get(name), values[name]):
                return f"{name} has other values"
    return ""


def check_chains(tagged: str, hierarchy: pathlib.Path, runs: list[dict[str, numpy.ndarray]], most: int, tally: Tally) -> None:
    graph = onnx.load(tagged, load_external_data=False).graph
    initializers = {tensor.name for tensor in graph.initializer}
    inputs = [value.name for value in graph.input if value.name not in initializers]
    outputs = [value.name for value in graph.output]
    for modules in chains_of(hierarchy, tagged, most):
        with tempfile.TemporaryDirectory() as folder:
            flag = f"--split={','.join(modules)}"
            result = run_program("extract", tagged, f"{folder}/piece.onnx", flag, "--quiet")
            if result.returncode == 1 and (reason := reason_of(result.stderr)):
                tally.refused[f"chain: {reason}"] += 1
                continue
            pieces = [f"{folder}/piece.{i}.onnx" for i in range(len(modules))]
            try:
                fault = result.stderr.strip() if result.returncode else fault_of_chain(pieces, outputs, runs, inputs)
            except Exception as error:  # pylint: disable=broad-exception-caught
                fault = f"{type(error).__name__}: {error}"
            if fault:
                tally.failures.append(f"{flag}: {fault}")
            else:
                tally.chains += 1
                tally.pieces += len(pieces)


def reason_of(error: str) -> str:
    return next((short for pattern, short in REASONS.items() if re.search(pattern, error)), "")


def check(model: pathlib.Path, hierarchy: pathlib.Path, most: int, chains: int = 3) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        tagged, part = f"{folder}/tagged.onnx", f"{folder}/part.onnx"
        result = run_program("tag", str(model), str(hierarchy), tagged, "--quiet")
        if result.returncode:
            tally.failures.append(result.stderr.strip())
            return tally
        runs = [all_values(tagged, seed) for seed in (1, 2)]
        for flags in calls_of(hierarchy)[:most]:
            result = run_program("extract", tagged, part, *flags, "--quiet")
            reason = reason_of(result.stderr) if result.returncode == 1 else ""
            if reason and reason != UNTYPED:
                tally.refused[reason] += 1
                continue
            if reason:
                result = run_program("extract", tagged, part, *flags, "--quiet", "--untyped")
            try:
                fault = result.stderr.strip() if result.returncode else fault_of(part, runs, typed=not reason)
            except Exception as error:  # pylint: disable=broad-exception-caught
                fault = f"{type(error).__name__}: {error}"
            if fault:
                tally.failures.append(f"{' '.join(flags)}: {fault}")
            elif reason:
                tally.refused[reason] += 1
            else:
                tally.equal += 1
        check_chains(tagged, hierarchy, runs, chains, tally)
    return tally


def corpus_models(corpus: pathlib.Path) -> Iterator[tuple[str, pathlib.Path, pathlib.Path]]:
    for model in sorted(corpus.glob("*/*/plain/model.onnx")):
        exporter = model.parent.parent
        yield f"{exporter.parent.name}, {exporter.name}", model, exporter / "hierarchy.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", metavar="MODEL:HIERARCHY")
    parser.add_argument("--corpus", type=pathlib.Path)
    parser.add_argument("--most", type=int, default=10**9, help="calls of each model")
    parser.add_argument("--chains", type=int, default=3, help="splits of each model")
    arguments = parser.parse_args()
    models = [(pair, *map(pathlib.Path, pair.split(":", 1))) for pair in arguments.models]
    models += corpus_models(arguments.corpus) if arguments.corpus else []
    total = Tally()
    print("| model | equal | others | pieces of chains |\n|---|---|---|---|")
    for name, model, hierarchy in models:
        tally = check(model, hierarchy, arguments.most, arguments.chains)
        refused = ", ".join(f"{count} {reason}" for reason, count in sorted(tally.refused.items()))
        print(f"| {name} | {tally.equal} | {refused} | {tally.pieces} of {tally.chains} |", flush=True)
        for failure in tally.failures:
            print(f"{name}: {failure}", file=sys.stderr, flush=True)
        total.equal += tally.equal
        total.refused += tally.refused
        total.failures += tally.failures
        total.pieces += tally.pieces
        total.chains += tally.chains
    refused = ", ".join(f"{count} {reason}" for reason, count in sorted(total.refused.items()))
    print(f"| all | {total.equal} | {refused} | {total.pieces} of {total.chains} |\n\n{len(total.failures)} failures")
    return 1 if total.failures else 0


if __name__ == "__main__":
    sys.exit(main())
