#!/usr/bin/env python3
"""Compares the MACs of optimised and quantized variants of a model with what torch counts of the model.

    python tests/costs/check_variants.py [--models=NAME;...]

Prints a line for each variant of both exports of the small models of check_costs.py: how many modules were compared and
how many differ, and the MACs of the whole if those differ. Needs what tests/accuracy/make_corpus.py needs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import pathlib
import sys
import tempfile

import onnx
import onnxruntime
from check_costs import REPOSITORY, SMALL, differences, export, onnx_macs, torch_macs
from modelexport.sidecar import write_hierarchy
from onnxruntime import quantization

sys.path.insert(0, str(REPOSITORY / "tests" / "accuracy"))

import optimised  # noqa: E402  pylint: disable=wrong-import-position


def ort_all(source: pathlib.Path, target: pathlib.Path, _: optimised.Inputs) -> None:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def qoperator(source: pathlib.Path, target: pathlib.Path, inputs: optimised.Inputs) -> None:
    names = [value.name for value in onnx.load(source).graph.input]
    reader = optimised._Calibration(names, inputs)  # pylint: disable=protected-access
    quantization.quantize_static(str(source), str(target), reader, quant_format=quantization.QuantFormat.QOperator)


def matmulnbits(source: pathlib.Path, target: pathlib.Path, _: optimised.Inputs) -> None:
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    quantizer = MatMulNBitsQuantizer(onnx.load(source), block_size=32, bits=4)
    quantizer.process()
    onnx.save(quantizer.model.model, target)


VARIANTS = {
    **{name: make for name, make in optimised.OPTIMISED.items() if name != "fp16"},
    "ort_all": ort_all,
    "qoperator": qoperator,
    "matmulnbits": matmulnbits,
}


def check(name: str, dynamo: bool) -> None:
    fixture = SMALL[name]()
    expected = torch_macs(fixture)
    with tempfile.TemporaryDirectory() as folder:
        model, hierarchy, target = (pathlib.Path(folder, file) for file in ("in.onnx", "h.json", "out.onnx"))
        export(fixture, model, dynamo)
        write_hierarchy(fixture.model, fixture.args, hierarchy)
        for variant, make in VARIANTS.items():
            start = f"| {name} | {'dynamo' if dynamo else 'TorchScript'} | {variant} |"
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    make(model, target, fixture.args)
            except Exception as error:  # pylint: disable=broad-exception-caught
                print(start, f"not made: {type(error).__name__} | |")
                continue
            found = onnx_macs(target, hierarchy)
            whole = "" if found[""] == expected[""] else f"{found['']}, not {expected['']}"
            print(start, f"{len(differences(expected, found))} of {len(expected)} | {whole} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=";".join(SMALL), help=f"of {'; '.join(SMALL)}; default all")
    models = parser.parse_args().models.split(";")
    logging.disable(logging.WARNING)
    print("| model | exporter | variant | modules that differ | MACs of the whole |\n|---|---|---|---|---|")
    for name in models:
        for dynamo in (False, True):
            check(name, dynamo)


if __name__ == "__main__":
    main()
