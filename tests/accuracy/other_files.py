#!/usr/bin/env python3
"""How often the owner is right on other files than exports with their own sidecar. Prints a table of docs/accuracy.md.

    python tests/accuracy/other_files.py [--corpus DIRECTORY] [--out DIRECTORY] [--makers siblings,parts] [--lost]

Takes files of the corpus of make_corpus.py, and makes others from the models of corpus_models.py and other_models.py
(other_makers.py says how). What --out has already is not made again. `--lost` prints every node that is not exact, too.
The maker `builder` needs the package onnxruntime-genai: `pip install --no-deps onnxruntime-genai`.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
from dataclasses import dataclass

from judge import REPOSITORY, Case, Score, Settings
from score import micro, score_all, table

sys.path.insert(0, str(REPOSITORY / "tools" / "python"))

MAKERS = "siblings parts scripts builder in_parts two_losses no_contents helpers wrapped_models".split()
MODULES_ALONE = frozenset({"ops", "ops_source", "calls", "tensors"})
TOLERANCE = 0.3  # points, of rows that are to be as another


@dataclass(frozen=True)
class Row:
    """A line of the table. Its files are in the folder of this name, or, if `corpus` is given, those of the corpus."""

    kind: str
    folder: str
    # Exact at least and wrong at most, or the folder of the row that it is to be as good as.
    goal: tuple[float, float] | str | None
    corpus: str = ""
    without: frozenset[str] = frozenset()


def _parts() -> list[Row]:
    kinds = {
        "itself": "the model itself",
        "part": "a part of the sidecar's model",
        "wrapping": "a model around the sidecar's",
    }
    return [
        Row(f"{said}, {variant}", f"{kind}_{variant}", None if kind == "itself" else f"itself_{variant}")
        for variant in ("plain", "meta", "ort_extended", "dynquant", "anon")
        for kind, said in kinds.items()
    ]


def _in_parts() -> list[Row]:
    names = {"GroupNorm": "GroupNorm", "LSTM": "LSTM", "LSTMCell": "LSTMCell in a loop", "LayerNorm": "LayerNorm, GELU"}
    return [
        Row(f"operators in parts: {said}{more}", f"in_parts_{name}{suffix}", (99, 0.3))
        for name, said in names.items()
        for more, suffix in (("", ""), (", nameless", "_anon"))
    ]


ROWS = [
    *(
        Row(f"sidecar of a sibling export: {said}{more}", f"sibling{suffix}_{pair}", goal)
        for pair, said in {"past": "file with past", "no_past": "file without past", "longer": "longer"}.items()
        for more, suffix, goal in (("", "", (99.5, 0.3)), (", nameless", "_anon", (97, 1)))
    ),
    *_parts(),
    Row("ScriptModule", "script", (100, 0)),
    Row("ScriptModule, nameless", "script_anon", None),
    Row("ONNX Runtime GenAI's builder", "builder", (97, 0.5)),
    Row("ONNX Runtime GenAI's builder, nameless", "builder_anon", (90, 2)),
    *(
        Row(
            f"sidecar of modules alone: dynamo {variant}",
            f"modules/{variant}",
            f"no_ops/{variant}",
            variant,
            MODULES_ALONE,
        )
        for variant in ("plain", "ort_extended", "dynquant")
    ),
    *_in_parts(),
    *(
        Row(f"{variant}, then nameless", f"two_{variant}", (98, 0.7))
        for variant in ("ort_extended", "onnxslim", "dynquant", "qdq")
    ),
    Row("a file's second half", "half_plain", (98, 0.7)),
    Row("a file's second half, nameless", "half_anon", (98, 0.7)),
    *(
        Row(f"{said}, {names}", f"{kind}_{variant}", goal)
        for kind, said in {"inputs": "weights as inputs", "trained": "trained on"}.items()
        for names, variant, goal in (("names of parameters", "onlyparams", (99, 1)), ("nameless", "anon", (96, 1)))
    ),
    Row("helpers that tools add", "helpers", (99, 0.3)),
    Row("convolutions in blocks of channels", "layout", (99, 0.3)),
    *(
        Row(
            f"sidecar of the model{said}{more}",
            f"{kind}{suffix}",
            None if kind == "unwrapped" else f"unwrapped{suffix}",
        )
        for more, suffix in (("", ""), (", nameless", "_anon"))
        for kind, said in {"unwrapped": "", "compiled": " in torch.compile", "parallel": " in DataParallel"}.items()
    ),
]


def make(maker: str, corpus: pathlib.Path, out: pathlib.Path) -> None:
    """Writes what one maker makes, with a mark at the end that it is all."""
    import warnings

    import onnx
    import other_makers
    import torch

    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    torch.backends.mha.set_fastpath_enabled(False)  # the fused kernel has no ONNX form
    for made in other_makers.MAKERS[maker](corpus):
        folder = out / made.row / made.model / made.exporter
        (folder / made.variant).mkdir(parents=True, exist_ok=True)
        (folder / "hierarchy.json").write_text(json.dumps(made.hierarchy), encoding="utf-8")
        onnx.save(made.file, folder / made.variant / "model.onnx")
        rows = "".join(owner.row() + "\n" for owner in made.owners)
        (folder / made.variant / "owners.tsv").write_text(rows, encoding="utf-8")
    (out / f"{maker}.made").touch()


def make_all(makers: list[str], arguments: argparse.Namespace) -> bool:
    """Each in a process of its own. Returns whether all succeeded."""

    def run(maker: str) -> int:
        command = [sys.executable, __file__, "--make", maker, f"--corpus={arguments.corpus}", f"--out={arguments.out}"]
        with open(arguments.out / f"{maker}.log", "w", encoding="utf-8") as log:
            return subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode

    arguments.out.mkdir(parents=True, exist_ok=True)
    missing = [maker for maker in makers if not (arguments.out / f"{maker}.made").exists()]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        failed = [maker for maker, status in zip(missing, pool.map(run, missing)) if status]
    for maker in failed:
        print(f"{maker}: failed, {arguments.out / maker}.log: the table is without its rows", file=sys.stderr)
    return not failed


class Table:
    """Scores rows, each once."""

    def __init__(self, corpus: pathlib.Path, out: pathlib.Path) -> None:
        self._corpus, self._out = corpus, out

    def scores(self, row: Row) -> list[Score]:
        if row.corpus:
            paths = self._corpus.glob(f"*/dynamo/{row.corpus}/owners.tsv")
        else:
            paths = (self._out / row.folder).glob("*/*/*/owners.tsv")
        return score_all([Case(path.parent) for path in sorted(paths)], Settings(without=row.without))

    def cells(self, row: Row) -> list[str] | None:
        scores = self.scores(row)
        if not scores:
            return None
        found = micro(scores, "exact"), micro(scores, "wrong")
        goal, met = self._goal(row), "-"
        if goal is not None:
            met = "met" if found[0] >= goal[0] - 1e-9 and found[1] <= goal[1] + 1e-9 else "missed"
        shown = "-" if goal is None else f"{goal[0]:.4g} / {goal[1]:.3g}"
        nodes = sum(one.nodes for one in scores)
        return [row.kind, str(len(scores)), str(nodes), f"{found[0]:.2f} / {found[1]:.2f}", shown, met]

    def _goal(self, row: Row) -> tuple[float, float] | None:
        if not isinstance(row.goal, str):
            return row.goal
        base = Row("", row.goal, None, row.corpus, frozenset({"ops"}) if row.corpus else frozenset())
        scores = self.scores(base)
        return micro(scores, "exact") - TOLERANCE, micro(scores, "wrong") + TOLERANCE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=pathlib.Path, default=REPOSITORY / ".bazel" / "corpus")
    parser.add_argument("--out", type=pathlib.Path, default=REPOSITORY / ".bazel" / "other_files")
    parser.add_argument("--makers", default=",".join(MAKERS), help="comma-separated, default all")
    parser.add_argument("--rows", default="", help="only rows whose folders begin with this")
    parser.add_argument("--jobs", type=int, default=1, help="makers that run at the same time")
    parser.add_argument("--lost", action="store_true")
    parser.add_argument("--make", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ.setdefault("TAG_ONNX", str(REPOSITORY / ".bazel/bin/tools/tag_onnx"))
    if arguments.make:
        make(arguments.make, arguments.corpus, arguments.out)
        return 0
    made_all = make_all(arguments.makers.split(","), arguments)
    scored = Table(arguments.corpus, arguments.out)
    rows = [row for row in ROWS if row.folder.startswith(arguments.rows)]
    cells = [line for row in rows if (line := scored.cells(row))]
    print(table(["kind", "files", "hard nodes", "exact / wrong %", "goal: exact ≥ / wrong ≤", ""], cells))
    if arguments.lost:
        print("\n".join(f"{row.folder} {line}" for row in rows for one in scored.scores(row) for line in one.lost))
    return 0 if made_all else 1


if __name__ == "__main__":
    sys.exit(main())
