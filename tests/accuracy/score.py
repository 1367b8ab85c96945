"""How often the owner is right on the models of testdata, as exported and with evidence taken away.

    TAG_ONNX=.bazel/bin/tools/tag_onnx python tests/accuracy/score.py

Needs the package onnx. Prints the tables of docs/accuracy.md: for each variant of the files the share of nodes with a
hard truth (testdata/README.md) whose owner is exact, an ancestor other than the root, the root, or wrong; and for each
kind of evidence how often it was right.
"""

from __future__ import annotations

import collections
import os
import pathlib
import subprocess
import sys
import tempfile

import onnx

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / "testdata"
sys.path.insert(0, str(TESTDATA))

VERDICTS = ("exact", "ancestor", "root", "wrong")
Counts = collections.Counter


def strip_metadata(model: onnx.ModelProto, nodes: list[onnx.NodeProto]) -> None:
    for node in nodes:
        node.ClearField("metadata_props")


def strip_node_names(model: onnx.ModelProto, nodes: list[onnx.NodeProto]) -> None:
    strip_metadata(model, nodes)
    for node in nodes:
        node.ClearField("name")


def strip_value_names(model: onnx.ModelProto, nodes: list[onnx.NodeProto]) -> None:
    """Renames what nodes of the main graph and bodies make, but for graph outputs; tensors keep their names."""
    strip_node_names(model, nodes)
    kept = {output.name for output in model.graph.output}
    names = {name: f"v{i}" for i, name in enumerate(n for node in nodes for n in node.output) if name not in kept}
    for node in nodes:
        for values in (node.input, node.output):
            values[:] = [names.get(name, name) for name in values]
        for attribute in node.attribute:
            for value in attribute.g.output:
                value.name = names.get(value.name, value.name)


VARIANTS = {
    "as exported": lambda model, nodes: None,
    "without metadata": strip_metadata,
    "without node names too": strip_node_names,
    "tensor names alone": strip_value_names,
}


def judge(found: str, owner: str, also: list[str]) -> str:
    if found == owner or found in also:
        return "exact"
    if found == "":
        return "root"
    return "ancestor" if f"{owner}.".startswith(f"{found}.") else "wrong"


def score(source: pathlib.Path, variant: str, by_kind: dict[str, Counts[str]]) -> Counts[str]:
    import ground_truth

    model = onnx.load(source / "model.onnx")
    VARIANTS[variant](model, [node for _, node in ground_truth.all_nodes(model)])
    verdicts: Counts[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        plain, tagged = f"{folder}/in.onnx", f"{folder}/out.onnx"
        onnx.save(model, plain)
        command = [os.environ["TAG_ONNX"], plain, source.parent / "hierarchy.json", tagged, "--quiet", "--force"]
        subprocess.run(command, check=True)
        nodes = [node for _, node in ground_truth.all_nodes(onnx.load(tagged))]
    rows = [line.split("\t") for line in (source / "owners.tsv").read_text(encoding="utf-8").splitlines()]
    for node, (_, _, owner, _, softness, _, also) in zip(nodes, rows, strict=True):
        if owner == "?" or softness == "soft":
            continue
        tags = {entry.key: entry.value for entry in node.metadata_props}
        verdict = judge(tags["modelexport.module"], "" if owner == "." else owner, also.split(","))
        verdicts[verdict] += 1
        by_kind[tags["modelexport.evidence"]][verdict] += 1
    return verdicts


def row(name: str, counts: Counts[str]) -> str:
    total = sum(counts.values())
    shares = " | ".join(f"{100 * counts[verdict] / total:.1f}" for verdict in VERDICTS)
    return f"| {name} | {total} | {shares} |"


def main() -> None:
    head = "nodes | exact % | ancestor % | root % | wrong % |\n|---|---|---|---|---|---|"
    by_kind: dict[str, Counts[str]] = collections.defaultdict(collections.Counter)
    print(f"| exporter, variant | {head}")
    for exporter in ("torchscript", "dynamo"):
        for variant in VARIANTS:
            counts: Counts[str] = collections.Counter()
            for source in sorted(TESTDATA.glob(f"*/{exporter}")):
                counts += score(source, variant, by_kind)
            print(row(f"{exporter}, {variant}", counts))
    print(f"\n| evidence | {head}")
    for kind, counts in sorted(by_kind.items(), key=lambda item: -sum(item[1].values())):
        print(row(f"`{kind}`", counts))


if __name__ == "__main__":
    main()
