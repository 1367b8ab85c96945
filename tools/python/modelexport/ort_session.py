"""Sessions of ONNX Runtime, and what they are fed with."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def make_options(
    level: str,
    threads: int | None,
    free_dimensions: Mapping[str, int] | None,
    configure: Callable[[Any], None] | None,
) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # It warns that a saved graph is for this computer alone, which is what it is for.
    if threads is not None:
        options.intra_op_num_threads = threads
    for name, size in (free_dimensions or {}).items():
        options.add_free_dimension_override_by_name(name, size)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", "optimised.data")
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "65536")
    if configure is not None:
        configure(options)
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
    return options


def make_session(path: pathlib.Path, options: Any, providers: Sequence[Any] | None) -> Any:
    import onnxruntime

    return onnxruntime.InferenceSession(str(path), options, providers=providers or ["CPUExecutionProvider"])


def make_feeds(session: Any, inputs: Any) -> dict[str, Any]:
    names = [value.name for value in session.get_inputs()]
    if not isinstance(inputs, Mapping):
        values = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        if len(values) != len(names):
            raise ValueError(f"the model has {len(names)} inputs ({', '.join(names)}), {len(values)} are given")
        inputs = dict(zip(names, values))
    return {name: _array(value) for name, value in inputs.items()}


def _array(value: Any) -> Any:
    import numpy

    return numpy.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
