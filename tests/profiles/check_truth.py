#!/usr/bin/env python3
"""How much of the time of real profiles is given to a wrong module, on the corpus of tests/accuracy/make_corpus.py.

    python tests/profiles/check_truth.py [--variants=plain,ort_basic,ort_extended] [--corpus=DIRECTORY] [--runs=8]

Each file of the corpus is tagged, run as it is in ONNX Runtime with its profiler, and given to `profile`. Prints a line for
each exporter and variant: how many files ran, the kernels' share that has a truth, and of that the share of time that
`profile` gives to another module than the true one. Exits 1 if that is more than 0.5 %, or less than 99.9 % of the time
is attributed.

Needs onnx, onnxruntime, and the program, built, in the environment variable MODELEXPORT or in
.bazel/bin/tools/modelexport.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import Any

import numpy
import onnx
import onnxruntime

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("MODELEXPORT", str(REPOSITORY / ".bazel/bin/tools/modelexport"))
sys.path[:0] = [str(REPOSITORY / "tests" / "accuracy"), str(REPOSITORY / "testdata")]

import ground_truth

MOST_WRONG, LEAST_ATTRIBUTED = 0.005, 0.999
KINDS = {"tensor(float)": numpy.float32, "tensor(int64)": numpy.int64, "tensor(bool)": numpy.bool_}


@dataclasses.dataclass
class Times:
    """Sums over kernels, in microseconds."""

    files: int = 0
    all: int = 0
    attributed: int = 0
    known: int = 0
    wrong: int = 0

    def add(self, other: Times) -> None:
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def run(model: pathlib.Path, runs: int) -> pathlib.Path:
    """The profile of some runs of the file as it is."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    options.enable_profiling, options.profile_file_prefix = True, str(model.with_suffix(""))
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    random = numpy.random.default_rng(0)
    feeds: dict[str, Any] = {}
    for value in session.get_inputs():
        kind = KINDS[value.type]
        feeds[value.name] = random.integers(0, 2, value.shape).astype(kind)
    for _ in range(runs):
        session.run(None, feeds)
    return pathlib.Path(session.end_profiling())


def truths(case: pathlib.Path) -> dict[str, set[str]]:
    """By name of a node the modules that are right, where that is known."""
    rows = [line.split("\t") for line in (case / "owners.tsv").read_text(encoding="utf-8").splitlines()]
    nodes = [node for _, node in ground_truth.all_nodes(onnx.load(case / "model.onnx", load_external_data=False))]
    right: dict[str, set[str]] = {}
    for node, (_, _, module, _, _, _, also) in zip(nodes, rows, strict=True):
        if module != ground_truth.UNKNOWN:
            modules = {module, *(also.split(",") if also != "-" else [])}
            right[node.name] = {"" if path == "." else path for path in modules}
    return right


def measure(case: pathlib.Path, runs: int, folder: pathlib.Path) -> Times:
    tagged = folder / "tagged.onnx"
    subprocess.run([PROGRAM, "tag", "--quiet", case / "model.onnx", case.parent / "hierarchy.json", tagged], check=True)
    command = [PROGRAM, "profile", tagged, f"--events={run(tagged, runs)}", "--format=folded", "--min_attributed=0"]
    right = truths(case)
    times = Times(files=1)
    for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
        stack, _, written = line.rpartition(" ")
        modules, _, kernel = stack.rpartition(";")
        time = int(written)
        times.all += time
        times.attributed += 0 if modules == "(not attributed)" else time
        if kernel in right:
            times.known += time
            path = ".".join(modules.split(";")[1:])
            times.wrong += 0 if path in right[kernel] else time
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variants", default="plain,ort_basic,ort_extended")
    parser.add_argument("--corpus", type=pathlib.Path, default=REPOSITORY / ".bazel" / "corpus")
    parser.add_argument("--runs", type=int, default=8)
    arguments = parser.parse_args()
    sums: dict[tuple[str, str], Times] = collections.defaultdict(Times)
    for variant in arguments.variants.split(","):
        for owners in sorted(arguments.corpus.glob(f"*/*/{variant}/owners.tsv")):
            with tempfile.TemporaryDirectory() as folder:
                try:
                    times = measure(owners.parent, arguments.runs, pathlib.Path(folder))
                except Exception as error:  # pylint: disable=broad-except
                    print(f"{owners.parent}: does not run: {str(error).splitlines()[0][:100]}", file=sys.stderr)
                    continue
            sums[owners.parent.parts[-2], variant].add(times)
    good = True
    print("exporter     variant        files  attributed   with truth    wrong")
    for (exporter, variant), times in sorted(sums.items()):
        attributed, wrong = times.attributed / times.all, times.wrong / times.known
        good = good and wrong <= MOST_WRONG and attributed >= LEAST_ATTRIBUTED
        known = times.known / times.all
        print(f"{exporter:11}  {variant:13}  {times.files:5}  {100 * attributed:9.2f}%  {100 * known:9.2f}%  {100 * wrong:6.3f}%")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
