#!/usr/bin/env python3
"""How often the owner is right when a tool has changed all names of a file alike. Prints a table of docs/accuracy.md.

    python tests/accuracy/respelled.py [--corpus DIRECTORY] [--variants plain,ort_extended,qdq,dynquant]

Takes files of the corpus of make_corpus.py, changes their names in each way of CHANGES, and scores them with the whole
sidecar and with one that has no `ops`. The goal is what the unchanged file reaches, within 0.2 points.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator

import onnx
from judge import REPOSITORY, Case, Settings
from score import EXPORTERS, micro, score_all, table
from stripped import graphs

Rename = Callable[[str], str]


def mangled(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


def wrapped(name: str) -> str:
    """As in an export of a module within two others."""
    if name.startswith("/"):
        return f"/outer/net{name}"
    return f"outer.net.{name}" if "." in name and ":" not in name else name


CHANGES: dict[str, Rename] = {
    "unchanged": lambda name: name,
    "`m1_` before each name": lambda name: f"m1_{name}",
    "`onnx::` before each name": lambda name: f"onnx::{name}",
    "`_` for other characters": mangled,
    "`outer.net` around the model": wrapped,
}


def rename_all(model: onnx.ModelProto, rename: Rename) -> None:
    """Of nodes and values; names that would become equal stay apart."""
    new: dict[str, str] = {"": ""}
    taken: set[str] = set()

    def renamed(name: str) -> str:
        if name not in new:
            candidate = rename(name)
            while candidate in taken:
                candidate += "_"
            taken.add(candidate)
            new[name] = candidate
        return new[name]

    for graph in graphs(model):
        for node in graph.node:
            node.name = rename(node.name) if node.name else ""
            for names in (node.input, node.output):
                names[:] = [renamed(name) for name in names]
        for tensor in graph.initializer:
            tensor.name = renamed(tensor.name)
        for value in (*graph.input, *graph.output, *graph.value_info):
            value.name = renamed(value.name)


def write_changed(case: Case, rename: Rename, folder: pathlib.Path) -> Case:
    target = folder / case.model / case.exporter / case.variant
    target.mkdir(parents=True)
    model = onnx.load(case.folder / "model.onnx", load_external_data=False)
    rename_all(model, rename)
    onnx.save(model, target / "model.onnx")
    shutil.copy(case.folder / "owners.tsv", target)
    shutil.copy(case.folder.parent / "hierarchy.json", target.parent)
    return Case(target)


def cells(cases: list[Case], rename: Rename) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        changed = [write_changed(case, rename, pathlib.Path(scratch)) for case in cases]
        for without in (frozenset[str](), frozenset({"ops"})):
            scores = score_all(changed, Settings(without=without))
            yield f"{micro(scores, 'exact'):.2f} / {micro(scores, 'wrong'):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=pathlib.Path, default=REPOSITORY / ".bazel" / "corpus")
    parser.add_argument("--variants", default="plain,ort_extended,qdq,dynquant", help="default: %(default)s")
    arguments = parser.parse_args()
    rows = []
    for exporter in EXPORTERS:
        for variant in arguments.variants.split(","):
            cases = [Case(path.parent) for path in sorted(arguments.corpus.glob(f"*/{exporter}/{variant}/owners.tsv"))]
            if not cases:
                sys.exit(f"{arguments.corpus} has no {exporter}/{variant}")
            rows += [[exporter, variant, change, *cells(cases, rename)] for change, rename in CHANGES.items()]
    print(table(["exporter", "variant", "names", "exact / wrong %", "without `ops`"], rows))


if __name__ == "__main__":
    main()
