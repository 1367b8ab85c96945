"""Variants of an export that other tools made: a function for each, from one path to another.

The tools are imported where they are used: a variant whose tool is missing is skipped by the caller.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import numpy
import onnx
import torch

# Example inputs of a model, in the order of its graph inputs.
Inputs = list[torch.Tensor]


def _onnxruntime(level: str) -> Callable[[pathlib.Path, pathlib.Path, Inputs], None]:
    def optimise(source: pathlib.Path, target: pathlib.Path, _: Inputs) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
        options.optimized_model_filepath = str(target)
        options.log_severity_level = 3
        onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])

    return optimise


def _onnxsim(source: pathlib.Path, target: pathlib.Path, _: Inputs) -> None:
    import onnxsim

    model, same = onnxsim.simplify(str(source))
    if not same:
        raise RuntimeError("onnxsim found that its result computes something else")
    onnx.save(model, target)


def _onnxslim(source: pathlib.Path, target: pathlib.Path, _: Inputs) -> None:
    import onnxslim

    onnx.save(onnxslim.slim(onnx.load(source)), target)


def _fp16(source: pathlib.Path, target: pathlib.Path, _: Inputs) -> None:
    from onnxconverter_common import float16

    onnx.save(float16.convert_float_to_float16(onnx.load(source), keep_io_types=True), target)


def _qdq(source: pathlib.Path, target: pathlib.Path, inputs: Inputs) -> None:
    from onnxruntime import quantization

    names = [value.name for value in onnx.load(source).graph.input]
    if len(names) != len(inputs):
        raise RuntimeError(f"{len(names)} graph inputs, {len(inputs)} example inputs")
    reader = _Calibration(names, inputs)
    quantization.quantize_static(str(source), str(target), reader, quant_format=quantization.QuantFormat.QDQ)


def _dynquant(source: pathlib.Path, target: pathlib.Path, _: Inputs) -> None:
    from onnxruntime import quantization

    quantization.quantize_dynamic(str(source), str(target))


OPTIMISED = {
    "ort_basic": _onnxruntime("ORT_ENABLE_BASIC"),
    "ort_extended": _onnxruntime("ORT_ENABLE_EXTENDED"),
    "onnxsim": _onnxsim,
    "onnxslim": _onnxslim,
    "fp16": _fp16,
    "qdq": _qdq,
    "dynquant": _dynquant,
}

# With convolutions in blocks of channels: files for one processor, which are no variant of the corpus.
LAYOUT = _onnxruntime("ORT_ENABLE_ALL")


class _Calibration:
    """The example inputs, then noise of the same shapes: what onnxruntime asks a reader of calibration data for."""

    def __init__(self, names: list[str], inputs: Inputs) -> None:
        noise = numpy.random.default_rng(3)
        examples = [value.numpy() for value in inputs]
        others = [noise.standard_normal(x.shape).astype(x.dtype) if x.dtype.kind == "f" else x for x in examples]
        self._batches = iter([dict(zip(names, examples)), dict(zip(names, others))])

    def get_next(self) -> dict[str, Any] | None:
        return next(self._batches, None)
