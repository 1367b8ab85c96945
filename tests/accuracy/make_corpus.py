#!/usr/bin/env python3
"""Makes the corpus that score.py reads: models, exported both ways, in variants that lost names or were optimised.

    python tests/accuracy/make_corpus.py [--models bert,gpt2] [--variants plain,anon] [--out DIRECTORY] [--jobs 2]

Writes <model>/<exporter>/hierarchy.json, <model>/<exporter>/<variant>/{model.onnx,owners.tsv} and <model>/log.txt. The
owners of an export are those of testdata (ground_truth.py there); variant_owners.py follows them into optimised files.
Needs requirements.txt beside it; a variant whose tool is missing or fails is skipped, and the log says why. Every model
is made in a process of its own.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import copy
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback
import warnings
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(HERE), str(REPOSITORY / "testdata"), str(REPOSITORY / "tools" / "python")]

DEFAULT_OUT = REPOSITORY / ".bazel" / "corpus"


def main() -> int:
    import corpus_models
    from optimised import OPTIMISED
    from stripped import STRIPPED

    variants = [*STRIPPED, *OPTIMISED]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(corpus_models.NAMES), help="comma-separated, default all of NAMES")
    parser.add_argument("--variants", default=",".join(variants), help="comma-separated, default all")
    parser.add_argument("--out", type=pathlib.Path, default=DEFAULT_OUT)
    parser.add_argument("--jobs", type=int, default=1, help="models made at the same time")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    models, wanted = arguments.models.split(","), arguments.variants.split(",")
    if unknown := {*models} - {*corpus_models.NAMES, *corpus_models.MORE} | {*wanted} - {*variants}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if arguments.one:
        make_model(arguments.one, wanted, arguments.out / arguments.one)
        return 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        return max(pool.map(lambda name: _run_one(name, wanted, arguments.out), models))


def _run_one(name: str, variants: list[str], out: pathlib.Path) -> int:
    (out / name).mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, "--one", name, "--variants", ",".join(variants), "--out", str(out)]
    with open(out / name / "log.txt", "w", encoding="utf-8") as log:
        status = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
    made = len(list((out / name).glob("*/*/owners.tsv")))
    print(f"{name}: {made} files" + (f", failed: {out / name / 'log.txt'}" if status else ""), flush=True)
    return 1 if status else 0


def make_model(name: str, variants: list[str], folder: pathlib.Path) -> None:
    """Writes the variants of all exports of one model, skipping those that a tool cannot make."""
    import corpus_models
    import make_fixtures
    import torch
    from modelexport.sidecar import build_hierarchy, format_hierarchy

    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    torch.backends.mha.set_fastpath_enabled(False)  # the fused kernel has no ONNX form
    fixture = corpus_models.make(name)
    hierarchy = build_hierarchy(fixture.model, fixture.args, fixture.kwargs, ops=fixture.ops)
    for exporter in fixture.exporters:
        export = make_fixtures.MAKERS[exporter](fixture, hierarchy)
        if export.program is not None:  # the names of its operators are those of the file's values
            hierarchy = build_hierarchy(fixture.model, fixture.args, fixture.kwargs, program=export.program)
        (folder / exporter).mkdir(parents=True, exist_ok=True)
        (folder / exporter / "hierarchy.json").write_text(format_hierarchy(hierarchy), encoding="utf-8")
        for variant in variants:
            if variant == "meta" and exporter == "torchscript":
                continue  # has none
            try:
                model, owners = make_variant(variant, export, [*fixture.args, *fixture.kwargs.values()])
            except (Exception, SystemExit):
                print(f"{exporter}/{variant}: skipped", flush=True)
                traceback.print_exc()
                continue
            _write(model, owners, folder / exporter / variant)


def make_variant(variant: str, export: Any, inputs: list[Any]) -> tuple[Any, list[Any]]:
    """One variant of a make_fixtures.Export and its owners."""
    import onnx
    from optimised import OPTIMISED
    from stripped import STRIPPED, plain
    from variant_owners import owners_of_variant

    model = copy.deepcopy(export.model)
    if variant in STRIPPED:
        return STRIPPED[variant](model), export.owners
    with tempfile.TemporaryDirectory() as scratch:
        source, target = pathlib.Path(scratch) / "plain.onnx", pathlib.Path(scratch) / "variant.onnx"
        onnx.save(plain(model), source)
        OPTIMISED[variant](source, target, inputs)
        optimised = onnx.load(target)
    return optimised, owners_of_variant(export.model, export.owners, optimised)


def _write(model: Any, owners: list[Any], folder: pathlib.Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    (folder / "owners.tsv").write_text("".join(owner.row() + "\n" for owner in owners), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
