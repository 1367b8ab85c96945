#!/usr/bin/env python3
"""Whether more evidence is ever worse on the corpus of make_corpus.py. Prints the table of docs/accuracy.md, in Markdown.

    python tests/accuracy/monotone.py                 # by pair and exporter
    python tests/accuracy/monotone.py --by_variant    # by pair, exporter and variant: the rows with lost nodes
    python tests/accuracy/monotone.py --nodes         # and every lost node

Each file is tagged with the sidecars of SIDECARS and, with each of them, with the names of NAMES: as they are, and less
and less of them. Every pair of PAIRS gives the tagger more and less of one thing. A node is *lost* if it is exact with
less and not with more; it is *wrong* if its owner with more is not even an ancestor of the true one. Only hard nodes
count, as in score.py. Two pairs of the same inputs count once, under the variant with more names.

    --corpus DIRECTORY     what make_corpus.py made with --out DIRECTORY
    --models, --variants   comma-separated: only these

Needs the package onnx; TAG_ONNX is the program, .bazel/bin/tools/tag_onnx if not given.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import onnx
from judge import REPOSITORY, Case, Judged, aliases_of, ground_truth, judged, tag
from score import EXPORTERS, VARIANTS, find_cases, table
from stripped import number_values, plain, without_node_names

# What is hidden of the sidecar. Operators name calls, so they go with them.
SIDECARS: dict[str, tuple[str, ...]] = {
    "all": (),
    "no ops": ("ops", "ops_source"),
    "no calls": ("ops", "ops_source", "calls"),
    "no tensors": ("tensors",),
    "modules": ("ops", "ops_source", "calls", "tensors"),
}


def _numbered(model: onnx.ModelProto, keep_initializers: bool) -> onnx.ModelProto:
    return number_values(without_node_names(model), keep_initializers)


NAMES: dict[str, Callable[[onnx.ModelProto], onnx.ModelProto]] = {
    "all": lambda model: model,
    "no metadata": plain,
    "no node names": without_node_names,
    "parameters": lambda model: _numbered(model, keep_initializers=True),
    "none": lambda model: _numbered(model, keep_initializers=False),
}

# More and less of one thing, with each choice of the other.
SIDECAR_PAIRS = (
    ("all", "no ops"),
    ("all", "no calls"),
    ("all", "no tensors"),
    ("all", "modules"),
    ("no ops", "no calls"),
    ("no calls", "modules"),
    ("no tensors", "modules"),
)
NAME_PAIRS = (
    ("all", "no metadata"),
    ("all", "no node names"),
    ("all", "none"),
    ("no node names", "parameters"),
    ("parameters", "none"),
)


@dataclass(frozen=True)
class State:
    """What the tagger gets of a file and its sidecar."""

    sidecar: str
    names: str

    def __str__(self) -> str:
        return f"sidecar {self.sidecar}, names {self.names}"


PAIRS: list[tuple[str, State, State]] = [
    *((f"sidecar: {more} / {less}", State(more, n), State(less, n)) for more, less in SIDECAR_PAIRS for n in NAMES),
    *((f"names: {more} / {less}", State(s, more), State(s, less)) for more, less in NAME_PAIRS for s in SIDECARS),
]


@dataclass
class Count:
    nodes: int = 0
    lost: int = 0
    wrong: int = 0

    def add(self, other: Count) -> None:
        self.nodes, self.lost, self.wrong = self.nodes + other.nodes, self.lost + other.lost, self.wrong + other.wrong


@dataclass
class Result:
    """Of one case: by pair, and a line for each lost node."""

    counts: dict[str, Count]
    lines: list[str]


class Export:
    """The cases of one model and exporter. Equal files are tagged once."""

    def __init__(self, folder: pathlib.Path, scratch: pathlib.Path) -> None:
        hierarchy = json.loads((folder / "hierarchy.json").read_text(encoding="utf-8"))
        self._scratch = scratch
        self._aliases = aliases_of(hierarchy)
        self._found: dict[tuple[str, str], list[Judged]] = {}
        self._compared: set[tuple[str, ...]] = set()
        for name, hidden in SIDECARS.items():
            shown = {key: value for key, value in hierarchy.items() if key not in hidden}
            (scratch / f"{name}.json").write_text(json.dumps(shown), encoding="utf-8")

    def compare(self, case: Case) -> Result:
        contents = {name: self._changed(case, change) for name, change in NAMES.items()}
        result = Result(collections.defaultdict(Count), [])
        for pair, more, less in PAIRS:
            key = (contents[more.names], more.sidecar, contents[less.names], less.sidecar)
            if key[:2] == key[2:] or key in self._compared:
                continue
            self._compared.add(key)
            sides = [self._judged(case, contents[state.names], state.sidecar) for state in (more, less)]
            result.counts[pair].add(self._count(case, more, less, sides, result.lines))
        return result

    def _count(
        self, case: Case, more: State, less: State, sides: list[list[Judged]], lines: list[str]
    ) -> Count:
        count = Count(len(sides[0]))
        for a, b in zip(*sides, strict=True):
            if b.verdict == "exact" and a.verdict != "exact":
                count.lost += 1
                count.wrong += a.verdict == "wrong"
                lines.append(
                    f"{case} {a.place} {a.operator}: {a.verdict}, {a.found or '.'} by {a.evidence} ({more}); "
                    f"{b.found or '.'} by {b.evidence} ({less})"
                )
        return count

    def _changed(self, case: Case, change: Callable[[onnx.ModelProto], onnx.ModelProto]) -> str:
        """The name of a file in the scratch folder, which has the digest of model and owners in it."""
        model = change(onnx.load(case.folder / "model.onnx", load_external_data=False))
        content = model.SerializeToString(deterministic=True)
        owners = (case.folder / "owners.tsv").read_bytes()
        name = f"{hashlib.sha256(content).hexdigest()}_{hashlib.sha256(owners).hexdigest()}"
        (self._scratch / name).write_bytes(content)
        return name

    def _judged(self, case: Case, content: str, sidecar: str) -> list[Judged]:
        if (content, sidecar) not in self._found:
            source, target = self._scratch / content, self._scratch / "out.onnx"
            run = tag(source, self._scratch / f"{sidecar}.json", target)
            if run.returncode:
                print(f"{case}, sidecar {sidecar}: {run.stderr.strip()}", file=sys.stderr)
            model = onnx.load(source if run.returncode else target, load_external_data=False)
            nodes = ground_truth.all_nodes(model)
            self._found[content, sidecar] = list(judged(case, nodes, self._aliases))
        return self._found[content, sidecar]


def compare_export(folder: pathlib.Path, cases: list[Case]) -> list[Result]:
    with tempfile.TemporaryDirectory() as scratch:
        export = Export(folder, pathlib.Path(scratch))
        return [export.compare(case) for case in cases]


def compare_all(cases: list[Case]) -> Iterator[tuple[Case, Result]]:
    exports = [
        (folder, sorted(group, key=lambda case: VARIANTS.index(case.variant)))
        for folder, group in itertools.groupby(cases, lambda case: case.folder.parent)
    ]
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(compare_export, *zip(*exports))
        for (_, group), found in zip(exports, results):
            yield from zip(group, found)


def rows(results: list[tuple[Case, Result]], by_variant: bool) -> Iterator[list[str]]:
    totals: dict[tuple[str, str, str], Count] = collections.defaultdict(Count)
    for case, result in results:
        for pair, count in result.counts.items():
            totals[pair, case.exporter, case.variant if by_variant else ""].add(count)
            totals["all", "all", "all" if by_variant else ""].add(count)
    pairs = list(dict.fromkeys(pair for pair, _, _ in PAIRS))
    for pair, exporter, variant in [*itertools.product(pairs, EXPORTERS, VARIANTS if by_variant else ("",)), _ALL]:
        key = (pair, exporter, variant if by_variant else "")
        if key in totals and (totals[key].lost or not by_variant):
            count = totals[key]
            yield [*filter(None, key), str(count.nodes), str(count.lost), str(count.wrong)]


_ALL = ("all", "all", "all")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=pathlib.Path, default=REPOSITORY / ".bazel" / "corpus")
    parser.add_argument("--models", default="")
    parser.add_argument("--variants", default="")
    parser.add_argument("--by_variant", action="store_true")
    parser.add_argument("--nodes", action="store_true")
    arguments = parser.parse_args()
    os.environ.setdefault("TAG_ONNX", str(REPOSITORY / ".bazel/bin/tools/tag_onnx"))
    chosen = {key: set(filter(None, getattr(arguments, f"{key}s").split(","))) for key in ("model", "variant")}
    cases = [
        case
        for case in find_cases(arguments.corpus)
        if all(not names or getattr(case, key) in names for key, names in chosen.items())
    ]
    if not cases:
        parser.error(f"{arguments.corpus} has no such models: make_corpus.py makes them")
    results = list(compare_all(cases))
    head = ["more / less", "exporter", *(["variant"] if arguments.by_variant else [])]
    print(table([*head, "nodes", "lost", "of these wrong"], rows(results, arguments.by_variant)))
    if arguments.nodes:
        print(*(line for _, result in results for line in result.lines), sep="\n")


if __name__ == "__main__":
    main()
