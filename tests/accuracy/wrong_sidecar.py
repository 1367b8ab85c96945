#!/usr/bin/env python3
"""Whether `tag` refuses the sidecar of another model, and none that describes the file.

    python tests/accuracy/make_corpus.py --models albert,bert,...,mixer,two_tower,unet --out CORPUS
    python tests/accuracy/wrong_sidecar.py CORPUS [--changed] [--program .bazel/bin/tools/modelexport] [--jobs 2]

CORPUS is what make_corpus.py made. Every file, plain and in the variants that lost most, is tagged with every sidecar of
another model; every file of any variant with its model's own sidecars, those of both exporters. `--changed`: instead, how
the right pairs fare whose file was trained on or renamed, or whose sidecar lacks sections (changed.py). Prints a table and
each pair that is not as it should be; exits with 1 if there is one.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

CROSSED = ("plain", "nonodenames", "anon", "ort_extended")


@dataclass(frozen=True)
class Pair:
    """A file and a sidecar, what they are called, and whether they belong together."""

    model: pathlib.Path
    sidecar: pathlib.Path
    kind: str
    name: str
    belong: bool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--program", default=str(HERE.parents[1] / ".bazel/bin/tools/modelexport"))
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        pairs = changed_pairs(arguments.corpus, pathlib.Path(scratch)) if arguments.changed else crossed(arguments.corpus)
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            results = pool.map(lambda pair: (pair, refusal(arguments.program, pair)), pairs)
            return report(results)


def crossed(corpus: pathlib.Path) -> Iterator[Pair]:
    sidecars = sorted(corpus.glob("*/*/hierarchy.json"))
    for model in sorted(corpus.glob("*/*/*/model.onnx")):
        name, exporter, variant = model.parts[-4:-1]
        for sidecar in sidecars:
            other, other_exporter = sidecar.parts[-3:-1]
            if other == name or variant in CROSSED:
                label = f"{name}/{exporter}/{variant} with {other}/{other_exporter}"
                kind = "its own" if other == name else f"another's, {variant}"
                yield Pair(model, sidecar, kind, label, other == name)


def changed_pairs(corpus: pathlib.Path, scratch: pathlib.Path) -> Iterator[Pair]:
    import changed

    for export in sorted(corpus.glob("*/*/")):
        for variant in CROSSED:
            if not (export / variant / "model.onnx").is_file():
                continue
            where = scratch / export.parent.name / export.name / variant
            for kind, model, sidecar in changed.pairs(export, variant, where):
                yield Pair(model, sidecar, kind, f"{export.parent.name}/{export.name}/{variant}, {kind}", True)


def refusal(program: str, pair: Pair) -> str:
    """What `tag` says if it refuses the pair; "" if it does not."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "tag", pair.model, pair.sidecar, f"{folder}/out.onnx", "--quiet", "--validate=off"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{pair.name}: exit {done.returncode}: {done.stderr}")
    return done.stderr.strip() if done.returncode == 1 else ""


def report(results: Iterator[tuple[Pair, str]]) -> int:
    counts: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    wrong = 0
    for pair, said in results:
        counts[pair.kind][0] += 1
        counts[pair.kind][1] += bool(said)
        if bool(said) == pair.belong:
            wrong += 1
            print(f"{pair.name}: {said or 'written'}", file=sys.stderr)
    print("| sidecar | pairs | refused |\n| --- | --- | --- |")
    for kind, (pairs, refused) in sorted(counts.items()):
        print(f"| {kind} | {pairs} | {refused} |")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
