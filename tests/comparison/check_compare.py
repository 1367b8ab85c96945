#!/usr/bin/env python3
"""Compares the exports of a corpus with the PyTorch models that they were made from, call by call.

    python tests/comparison/check_compare.py CORPUS [--models=bert,gpt2] [--variants=plain] [--damages=N] [--tolerance=0.001]

CORPUS is what tests/accuracy/make_corpus.py made. Of each export it prints how many calls of modules compare_outputs
compares, and why it does not compare the others. With --damages it also changes the weights of N modules, each in a copy
of its own: the first output beyond the tolerance must be that module's, or that of a module whose work the changed node
does, too.

Exits 1 if an output of an export that is not damaged is beyond the tolerance, or a damage is not found. Needs torch,
transformers, onnx, ONNX Runtime, and the program, built, in the environment variable MODELEXPORT or in
.bazel/bin/tools/modelexport.
"""

from __future__ import annotations

import argparse
import collections
import os
import pathlib
import random
import re
import sys
import tempfile
import warnings

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / part) for part in ("tests/accuracy", "testdata", "tools/python")]
os.environ.setdefault(
    "MODELEXPORT_PROGRAM", os.environ.get("MODELEXPORT", str(REPOSITORY / ".bazel/bin/tools/modelexport"))
)

import corpus_models  # noqa: E402
import damage  # noqa: E402
import modelexport  # noqa: E402
import torch  # noqa: E402

# What is printed of `why`, in short.
REASONS = {
    r"gives its input back": "input given back",
    r"has no nodes": "no nodes",
    r"depends on no input": "constant",
    r"its work is part of|another node": "in another call's node",
    r"does not call it": "not called",
    r"makes nothing that is read": "not read",
    r"used nowhere else": "output not used",
    r"no value of this shape": "other shape",
    r"ambiguous": "ambiguous",
    r"not known in which|does not list": "calls unknown",
    r"body of If": "in a body",
}


def reason_of(why: str) -> str:
    return next((short for pattern, short in REASONS.items() if re.search(pattern, why)), why)


def compared(fixture, onnx: pathlib.Path, hierarchy: pathlib.Path | None, tolerance: float, local: int = 0):
    return modelexport.compare_outputs(
        fixture.model,
        fixture.args,
        onnx,
        kwargs=fixture.kwargs,
        hierarchy=hierarchy,
        tolerance=tolerance,
        local=local,
    )


def by_call(result) -> tuple[int, collections.Counter[str]]:
    calls: dict[tuple[str, int], list] = collections.defaultdict(list)
    for row in result.rows:
        calls[row.module, row.call].append(row)
    good = sum(any(row.compared for row in rows) for rows in calls.values())
    others = [rows[0].why or "" for rows in calls.values() if not any(row.compared for row in rows)]
    return good, collections.Counter(map(reason_of, others))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--models", default=",".join(corpus_models.NAMES))
    parser.add_argument("--variants", default="plain")
    parser.add_argument("--damages", type=int, default=0)
    parser.add_argument("--tolerance", type=float, default=1e-3)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    failures: list[str] = []
    totals: collections.Counter[str] = collections.Counter()
    head = "| damages found " if arguments.damages else ""
    print(f"| model | compared | others {head}|\n|---|---|---|{'---|' if head else ''}")
    for name in arguments.models.split(","):
        folders = sorted((arguments.corpus / name).glob("*/hierarchy.json"))
        for hierarchy in folders:
            for variant in arguments.variants.split(","):
                onnx = hierarchy.parent / variant / "model.onnx"
                if not onnx.exists():
                    continue
                label = f"{name}, {hierarchy.parent.name}" + (f", {variant}" if variant != "plain" else "")
                fixture = corpus_models.make(name)
                with tempfile.TemporaryDirectory() as folder:
                    tagged = pathlib.Path(folder, "tagged.onnx")
                    modelexport.tag(onnx, hierarchy, tagged)
                    try:
                        result = compared(fixture, tagged, None, arguments.tolerance)
                    except Exception as error:  # pylint: disable=broad-exception-caught
                        failures.append(f"{label}: {type(error).__name__}: {str(error)[:300]}")
                        continue
                    good, others = by_call(result)
                    if result.first is not None:
                        failures.append(f"{label}: {result.summary().splitlines()[0]}")
                    found = ""
                    if arguments.damages:
                        hits, misses = find_damages(fixture, tagged, arguments, label, folder)
                        failures += misses
                        totals["hits"] += hits
                        totals["damages"] += hits + len(misses)
                        found = f" {hits} of {hits + len(misses)} |"
                totals["good"] += good
                totals.update({f"other {reason}": count for reason, count in others.items()})
                listed = ", ".join(f"{count} {reason}" for reason, count in sorted(others.items()))
                print(f"| {label} | {good} | {listed} |{found}", flush=True)
    listed = ", ".join(
        f"{count} {reason.removeprefix('other ')}" for reason, count in sorted(totals.items()) if reason[:6] == "other "
    )
    found = f" {totals['hits']} of {totals['damages']} |" if arguments.damages else ""
    print(f"| all | {totals['good']} | {listed} |{found}\n\n{len(failures)} failures")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def find_damages(fixture, tagged: pathlib.Path, arguments, label: str, folder: str) -> tuple[int, list[str]]:
    targets = damage.targets_of(tagged)
    random.Random(label).shuffle(targets)
    hits, misses = 0, []
    for number, target in enumerate(targets[: arguments.damages]):
        broken = pathlib.Path(folder, "broken.onnx")
        damage.write(tagged, target, broken, seed=number)
        first = compared(fixture, broken, None, arguments.tolerance).first
        if first is not None and first.module in target.modules:
            hits += 1
        else:
            misses.append(f"{label}: {target.weight} of {target.modules[0]} changed, found at {first and first.name}")
    return hits, misses


if __name__ == "__main__":
    sys.exit(main())
