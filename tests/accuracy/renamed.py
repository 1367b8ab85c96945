#!/usr/bin/env python3
"""How many nodes still say their module by name after other tools worked on a renamed export.

    python tests/accuracy/renamed.py CORPUS [--variants ort_basic,onnxsim] [--program .bazel/bin/tools/modelexport]
    python tests/accuracy/renamed.py CORPUS --lost    # every surviving node whose own name does not say it

CORPUS is what make_corpus.py made. Each plain export is tagged with its sidecar and renamed, without and with --values;
each tool works on both results. The nodes with one certain true owner count, as in score.py, and of several modules
that are equally right each is right. A node has survived if the renamed export has one of the same operator that makes
the same value; others the tool made.

A name says a module if the longest scope of the renamed export that it begins with is that module's. A node says it by
its name, or by its names: that of the first value that it makes and that says any module, where its own name does not
end in its operator. That is how `--hierarchy=names` reads names.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import io
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

import onnx
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from optimised import OPTIMISED, Inputs

FLAGS: tuple[tuple[str, ...], ...] = ((), ("--values",))
HEADER = "nodes that survived | by name | by names | nodes that the tool made | by name | by names"


@dataclass
class Verdict:
    """A node of what a tool wrote."""

    text: str
    survived: bool
    by_name: bool
    by_names: bool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--variants", default=",".join(OPTIMISED))
    parser.add_argument("--program", default=str(HERE.parents[1] / ".bazel/bin/tools/modelexport"))
    parser.add_argument("--lost", action="store_true")
    arguments = parser.parse_args()
    verdicts: dict[tuple[str, str], list[list[Verdict]]] = collections.defaultdict(lambda: [[] for _ in FLAGS])
    skipped = 0
    for export in sorted(arguments.corpus.glob("*/*/")):
        for variant in arguments.variants.split(","):
            if not (export / variant / "owners.tsv").is_file():
                continue
            try:
                judged = [judge(arguments.program, export, variant, flags) for flags in FLAGS]
            except Exception as error:
                print(f"{export} {variant}: skipped: {str(error)[:100]}", file=sys.stderr)
                skipped += 1
                continue
            for key in ((export.name, variant), ("all", "all")):
                for known, more in zip(verdicts[key], judged):
                    known += more
    if arguments.lost:
        print(*(v.text for v in verdicts["all", "all"][0] if v.survived and not v.by_name), sep="\n")
        return 0
    print(f"| exporter | tool | {HEADER} |")
    print("|---|---|" + "---|" * len(HEADER.split("|")))
    for key in sorted(verdicts, key=lambda key: (key[0] == "all", key)):
        print("|", " | ".join([*key, *cells(verdicts[key], survived=True), *cells(verdicts[key], survived=False)]), "|")
    if skipped:
        print(f"The table is without {skipped} files.")
    return 1 if skipped else 0


def cells(verdicts: list[list[Verdict]], survived: bool) -> list[str]:
    """How many nodes there are, and which share of them says its module, by each of FLAGS."""
    groups = [[verdict for verdict in group if verdict.survived == survived] for group in verdicts]
    numbers = dict.fromkeys(str(len(group)) for group in groups)
    return [
        " / ".join(numbers),
        " / ".join(share([verdict.by_name for verdict in group]) for group in groups) + " %",
        " / ".join(share([verdict.by_names for verdict in group]) for group in groups) + " %",
    ]


def share(right: list[bool]) -> str:
    return f"{100 * sum(right) / len(right):.1f}" if right else "-"


def judge(program: str, export: pathlib.Path, variant: str, flags: tuple[str, ...]) -> list[Verdict]:
    with tempfile.TemporaryDirectory() as folder:
        renamed, optimised = pathlib.Path(folder, "renamed.onnx"), pathlib.Path(folder, "optimised.onnx")
        plain, sidecar = export / "plain" / "model.onnx", export / "hierarchy.json"
        subprocess.run([program, "tag", plain, sidecar, renamed, "--quiet"], check=True)
        subprocess.run([program, "rename", renamed, renamed, "--quiet", *flags], check=True)
        with contextlib.redirect_stdout(io.StringIO()):
            OPTIMISED[variant](renamed, optimised, example_inputs(renamed))
        before = onnx.load(renamed, load_external_data=False)
        nodes = onnx.load(optimised, load_external_data=False).graph.node
    module_of = {scope: module for module, scope in scopes(before).items()}
    made = {(node.op_type, output) for node in before.graph.node for output in node.output}
    verdicts = []
    for place, op_type, owners in true_owners(export / variant / "owners.tsv"):
        node = nodes[place]
        if node.op_type != op_type:
            raise ValueError("the tool's result is another one than that of the corpus")
        by_name, by_names = modules_said(node, module_of)
        case = f"{export.parent.name}/{export.name}/{variant}"
        verdicts.append(
            Verdict(
                f'{case} #{place} {op_type} "{node.name}", not {owners[0] or "."}',
                any((op_type, output) in made for output in node.output),
                by_name in owners,
                by_names in owners,
            )
        )
    return verdicts


def modules_said(node: onnx.NodeProto, module_of: dict[str, str]) -> tuple[str | None, str | None]:
    """The modules that the name of a node says, and that its names say; None for none."""
    by_name = module_of.get(longest(node.name, module_of))
    by_value = next(filter(None.__ne__, (module_of.get(longest(value, module_of)) for value in node.output)), None)
    names_operator = re.fullmatch(rf"{re.escape(node.op_type)}(_\d+)?", node.name.rpartition("/")[2])
    return by_name, by_value if by_value is not None and not (by_name is not None and names_operator) else by_name


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


def true_owners(path: pathlib.Path) -> Iterator[tuple[int, str, list[str]]]:
    """Position, operator and the equally right owners of the nodes of the main graph that are certain to have one."""
    for line in path.read_text(encoding="utf-8").splitlines():
        place, op_type, owner, _, softness, _, also = line.split("\t")
        if place.startswith("#") and owner not in ("-", "?") and softness != "soft":
            owners = [owner, *(path for path in also.split(",") if path != "-")]
            yield int(place[1:]), op_type, ["" if path == "." else path for path in owners]


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
