#!/usr/bin/env python3
"""How many nodes still say their module by name after other tools worked on a renamed export.

    python tests/accuracy/renamed.py CORPUS [--variants ort_basic,onnxsim] [--program .bazel/bin/tools/modelexport]

CORPUS is what make_corpus.py made. Each plain export is tagged with its sidecar and renamed; each tool works on the
result. A node of what a tool wrote says a module if the longest scope of the renamed export that its name begins with
is that module's. Prints, for each exporter and tool, how many nodes do, of those that have a true owner.
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
    said: collections.Counter[tuple[str, str]] = collections.Counter()
    owned: collections.Counter[tuple[str, str]] = collections.Counter()
    for export in sorted(arguments.corpus.glob("*/*/")):
        for variant in arguments.variants.split(","):
            owners = export / variant / "owners.tsv"
            if not owners.is_file():
                continue
            key = (export.name, variant)
            try:
                right, count = score(arguments.program, export, variant, owners)
            except Exception as error:
                print(f"{export} {variant}: skipped: {str(error)[:100]}", file=sys.stderr)
                continue
            said[key] += right
            owned[key] += count
            print(f"{export.parent.name} {export.name} {variant}: {right} of {count}", file=sys.stderr)
    print("| exporter | tool | nodes | named by their module |\n|---|---|---|---|")
    for key, count in sorted(owned.items()):
        print(f"| {key[0]} | {key[1]} | {count} | {100 * said[key] / count:.1f} % |")
    print(f"| all | all | {owned.total()} | {100 * said.total() / max(owned.total(), 1):.1f} % |")
    return 0


def score(program: str, export: pathlib.Path, variant: str, owners: pathlib.Path) -> tuple[int, int]:
    """Nodes whose names say their module, and all that have one."""
    with tempfile.TemporaryDirectory() as folder:
        renamed, optimised = pathlib.Path(folder, "renamed.onnx"), pathlib.Path(folder, "optimised.onnx")
        plain, sidecar = export / "plain" / "model.onnx", export / "hierarchy.json"
        subprocess.run([program, "tag", plain, sidecar, renamed, "--quiet"], check=True)
        subprocess.run([program, "rename", renamed, renamed, "--quiet"], check=True)
        with contextlib.redirect_stdout(io.StringIO()):
            OPTIMISED[variant](renamed, optimised, example_inputs(renamed))
        scope_of = scopes(onnx.load(renamed, load_external_data=False))
        nodes = onnx.load(optimised, load_external_data=False).graph.node
    truth = dict(true_owners(owners))
    if any(nodes[place].op_type != op_type for place, (op_type, _) in truth.items()):
        raise ValueError("the tool's result is another one than that of the corpus")
    module_of = {scope: module for module, scope in scope_of.items()}
    right = sum(module_of.get(longest(nodes[place].name, module_of)) == owner for place, (_, owner) in truth.items())
    return right, len(truth)


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
        if place.startswith("#") and owner != "-":
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
