"""Measures what a sidecar and tags cost, beside the export that they belong to.

    TAG_ONNX=.bazel/bin/tools/tag_onnx python tests/full_size/sidecar_cost.py [--models=bert-tiny] [--rounds=3]

The models are those of full_size.py, exported by torch.onnx.export to a file. write_hierarchy runs the model once more,
reads every weight and, if the export has no program, exports one by torch.export for the operators. Prints the table of
docs/python.md: medians of the rounds, and what they are of the time of the export. Needs the packages of
testdata/requirements.txt.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from typing import Any

import full_size


def seconds(step: Callable[[], Any]) -> tuple[float, Any]:
    """How long `step` took, and its result. What it prints is dropped."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        begin = time.monotonic()
        result = step()
        return time.monotonic() - begin, result


def one_round(fixture: Any, exporter: str, folder: pathlib.Path) -> tuple[float, float, float]:
    """The seconds of the export, of write_hierarchy and of tag_onnx."""
    import make_fixtures
    import modelexport
    import onnx
    import torch

    model, sidecar = folder / "model.onnx", folder / "hierarchy.json"
    program = None
    if exporter == "dynamo":
        options = {"kwargs": fixture.kwargs, "dynamo": True}
        export, made = seconds(lambda: torch.onnx.export(fixture.model, fixture.args, str(model), **options))
        program = made.exported_program
    else:
        export, made = seconds(lambda: make_fixtures.export_torchscript(fixture))
        onnx.save(made, model)
    write, _ = seconds(
        lambda: modelexport.write_hierarchy(
            fixture.model, fixture.args, str(sidecar), kwargs=fixture.kwargs, program=program
        )
    )
    command = [os.environ["TAG_ONNX"], str(model), str(sidecar), str(folder / "out.onnx"), "--quiet"]
    tag, _ = seconds(lambda: subprocess.run(command, check=True))
    return export, write, tag


def main() -> None:
    import fixture_models
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(full_size.MODELS), help="comma-separated, default all")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.backends.mha.set_fastpath_enabled(False)  # the fused kernel has no ONNX form
    print("| model | exporter | export | write_hierarchy | tag | sidecar |")
    print("|---|---|---|---|---|---|")
    for name in arguments.models.split(","):
        fixture_models.FIXTURES[name] = full_size.MODELS[name]
        fixture = fixture_models.make(name)
        for exporter in ("torchscript", "dynamo"):
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder)
                rounds = [one_round(fixture, exporter, path) for _ in range(arguments.rounds)]
                export, write, tag = (statistics.median(times) for times in zip(*rounds, strict=True))
                kilobytes = (path / "hierarchy.json").stat().st_size / 1e3
            print(
                f"| {name} | {exporter} | {export:.1f} s | {write:.1f} s, {100 * write / export:.0f} % "
                f"| {tag:.2f} s, {100 * tag / export:.1f} % | {kilobytes:.0f} kB |",
                flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
