"""Completes the truth of a corpus of the shape that tests/README.md describes, for nodes of several modules.

usage: complete_truth.py CORPUS COMPLETED TOOLS

Exporters fold a BatchNorm into the convolution before it. The truth of CORPUS says so where it was compared with an
export without optimization, which one exporter alone offers; the other's convolutions have the convolution as their
only module. This script adds what is missing: an operator of the sidecar that reads tensors, and whose module has no
node at all, was done by the node of the operator whose result it reads. COMPLETED gets the new truths beside links to
the models. Optimized variants get their truth from that of the plain export anew, by `variant_truth()` of the folder
TOOLS, which made CORPUS.
"""

from __future__ import annotations

import collections
import json
import pathlib
import sys

import onnx

WHY = "fused: an operator of the sidecar without a node"


def call_numbers(calls: list[dict]) -> list[tuple[str, int]]:
    """By call: its module, and which of the module's calls it is."""
    count: collections.Counter[str] = collections.Counter()
    numbers = []
    for call in calls:
        numbers.append((call["module"], count[call["module"]]))
        count[call["module"]] += 1
    return numbers


def operand(ops: list[dict], op: dict) -> dict | None:
    """The one operator whose result is read, through those that take one result of several."""
    reads = [read for read in op.get("reads", []) if isinstance(read, int)]
    if len(reads) != 1:
        return None
    found = ops[reads[0]]
    return operand(ops, found) if found["op"] == "operator.getitem" else found


def complete(model: onnx.ModelProto, nodes: list[dict], sidecar: dict) -> int:
    """Adds to the truth of the plain export; returns to how many nodes."""
    stored = {tensor.name for tensor in model.graph.initializer}
    owners = {entry["module"] for entry in nodes}
    readers = collections.defaultdict(list)
    for entry in nodes:
        if entry["graph"] == "" and stored & set(model.graph.node[entry["index"]].input):
            readers[entry["module"], entry.get("call", 0)].append(entry)
    numbers = call_numbers(sidecar.get("calls", []))
    added = 0
    for op in sidecar.get("ops", []):
        module = numbers[op["call"]][0]
        before = operand(sidecar["ops"], op)
        if module in owners or before is None or not any(isinstance(read, str) for read in op.get("reads", [])):
            continue
        entries = readers[numbers[before["call"]]]
        if len(entries) == 1 and module not in entries[0].get("also", []):
            entry = entries[0]
            entry.update(soft=True, also=sorted({module, *entry.get("also", [])}))
            entry.setdefault("why", WHY)
            added += 1
    return added


def share_all(nodes: list[dict], base: list[dict]) -> None:
    """What a fused node absorbed with a node of several modules is the work of all of these."""
    kinds = ("fused", "rewritten")
    others = {entry["module"]: entry["also"] for entry in base
              if entry.get("also") and str(entry.get("why", "")).startswith(kinds)}
    for entry in nodes:
        if not str(entry.get("why", "")).startswith("fused") or not entry.get("also"):
            continue
        found = {path for module in (entry["module"], *entry["also"]) for path in others.get(module, ())}
        entry["also"] = sorted({*entry["also"], *found} - {entry["module"]})


def main(corpus: pathlib.Path, completed: pathlib.Path, tools: pathlib.Path) -> None:
    sys.path.insert(0, str(tools))
    from variants import variant_truth  # type: ignore[import-not-found]

    for folder in sorted(path.parent for path in corpus.glob("*/*/hierarchy.json")):
        out = completed / folder.relative_to(corpus)
        out.mkdir(parents=True, exist_ok=True)
        text = (folder / "hierarchy.json").read_text(encoding="utf-8")
        (out / "hierarchy.json").write_text(text, encoding="utf-8")
        base = onnx.load(folder / "plain" / "model.onnx", load_external_data=False)
        truth = json.loads((folder / "plain" / "truth.json").read_text(encoding="utf-8"))
        added = complete(base, truth["nodes"], json.loads(text))
        for variant in sorted(path.parent for path in folder.glob("*/truth.json")):
            data = json.loads((variant / "truth.json").read_text(encoding="utf-8"))
            if added:
                same = len(data["nodes"]) == len(truth["nodes"]) and variant.name in (
                    "plain", "meta", "nonodenames", "onlyparams", "anon")
                proto = onnx.load(variant / "model.onnx", load_external_data=False)
                data["nodes"] = truth["nodes"] if same else variant_truth(base, truth["nodes"], proto)
            share_all(data["nodes"], truth["nodes"])
            target = out / variant.name
            target.mkdir(exist_ok=True)
            (target / "truth.json").write_text(json.dumps(data), encoding="utf-8")
            for name in ("model.onnx", "weights.bin"):
                link = target / name
                if (variant / name).exists() and not link.exists():
                    link.symlink_to((variant / name).resolve())
        print(f"{folder.relative_to(corpus)}: {added} nodes")


if __name__ == "__main__":
    main(*(pathlib.Path(argument) for argument in sys.argv[1:]))
