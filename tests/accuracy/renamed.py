#!/usr/bin/env python3
"""How many nodes still say their module by name after other tools worked on a renamed export.

    python tests/accuracy/renamed.py CORPUS [--variants ort_basic,onnxsim] [--program .bazel/bin/tools/modelexport]

CORPUS is what make_corpus.py made. Each plain export is tagged with its sidecar and renamed; each tool works on the
result. A node of what a tool wrote says a module if the longest scope of the renamed export that its name begins with
is that module's. A node has survived if the renamed export has one of the same operator that makes the same value;
others the tool made, and named as it liked. Prints, for each exporter and tool, the nodes that have one true owner and
how many of them say it, for those that survived and for all.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import onnx
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from optimised import OPTIMISED, Inputs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--variants", default=",".join(OPTIMISED))
    parser.add_argument("--program", default=str(HERE.parents[1] / ".bazel/bin/tools/modelexport"))
    arguments = parser.parse_args()
    counts: dict[tuple[str, str], list[int]] = collections.defaultdict(lambda: [0, 0, 0, 0])
    for export in sorted(arguments.corpus.glob("*/*/")):
        for variant in arguments.variants.split(","):
            owners = export / variant / "owners.tsv"
            if not owners.is_file():
                continue
            key = (export.name, variant)
            try:
                scored = score(arguments.program, export, variant, owners)
            except Exception as error:
                print(f"{export} {variant}: skipped: {str(error)[:100]}", file=sys.stderr)
                continue
            for total in (key, ("all", "all")):
                counts[total] = [old + new for old, new in zip(counts[total], scored)]
    print("| exporter | tool | nodes that survived | named by their module | all nodes | named by their module |")
    print("|---|---|---|---|---|---|")
    for key in sorted(counts, key=lambda key: (key[0] == "all", key)):
        survived, said, nodes, all_said = counts[key]
        print(f"| {key[0]} | {key[1]} | {survived} | {share(said, survived)} | {nodes} | {share(all_said, nodes)} |")
    return 0


def share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"


def score(program: str, export: pathlib.Path, variant: str, owners: pathlib.Path) -> tuple[int, int, int, int]:
    """Nodes that survived, those of them whose names say their module; the same of all nodes."""
    with tempfile.TemporaryDirectory() as folder:
        renamed, optimised = pathlib.Path(folder, "renamed.onnx"), pathlib.Path(folder, "optimised.onnx")
        plain, sidecar = export / "plain" / "model.onnx", export / "hierarchy.json"
        subprocess.run([program, "tag", plain, sidecar, renamed, "--quiet"], check=True)
        subprocess.run([program, "rename", renamed, renamed, "--quiet"], check=True)
        with contextlib.redirect_stdout(io.StringIO()):
            OPTIMISED[variant](renamed, optimised, example_inputs(renamed))
        before = onnx.load(renamed, load_external_data=False)
        nodes = onnx.load(optimised, load_external_data=False).graph.node
    truth = dict(true_owners(owners))
    if any(nodes[place].op_type != op_type for place, (op_type, _) in truth.items()):
        raise ValueError("the tool's result is another one than that of the corpus")
    module_of = {scope: module for module, scope in scopes(before).items()}
    made = {(node.op_type, output) for node in before.graph.node for output in node.output}
    survived = [any((nodes[place].op_type, output) in made for output in nodes[place].output) for place in truth]
    right = [module_of.get(longest(nodes[place].name, module_of)) == owner for place, (_, owner) in truth.items()]
    return sum(survived), sum(a and b for a, b in zip(survived, right)), len(truth), sum(right)


def scopes(model: onnx.ModelProto) -> dict[str, str]:
    """The scope of each module that has a node of its own, with a slash at its end."""
    found = {}
    for node in model.graph.node:
        tags = {entry.key: entry.value for entry in node.metadata_props}
        if tags["modelexport.evidence"] != "none":
            found[tags["modelexport.module"]] = node.name[: node.name.rindex("/") + 1]
    return found


def longest(name: str, known: dict[str, str]) -> str:
    """The longest of the scopes that `name` begins with."""
    return next((name[:end] for end in range(len(name), 0, -1) if name[:end] in known), "")


def true_owners(path: pathlib.Path) -> Iterator[tuple[int, tuple[str, str]]]:
    """Position, operator and owner of the nodes of the main graph that have one."""
    for line in path.read_text(encoding="utf-8").splitlines():
        place, op_type, owner, *_ = line.split("\t")
        if place.startswith("#") and owner not in ("-", "?"):
            yield int(place[1:]), (op_type, owner)


def example_inputs(path: pathlib.Path) -> Inputs:
    inputs = []
    for value in onnx.load(path, load_external_data=False).graph.input:
        tensor = value.type.tensor_type
        shape = [dim.dim_value or 1 for dim in tensor.shape.dim]
        is_float = tensor.elem_type == onnx.TensorProto.FLOAT
        inputs.append(torch.rand(shape) if is_float else torch.ones(shape, dtype=torch.int64))
    return inputs


if __name__ == "__main__":
    sys.exit(main())
