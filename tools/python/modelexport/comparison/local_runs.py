"""Runs single calls alone, on what the reference gave them."""

from __future__ import annotations

import dataclasses
import os
import pathlib
from collections.abc import Mapping, Sequence

import numpy

from ..errors import ModelExportError
from ..extracting import extract
from .figures import Array, Figures, figures_of
from .onnx_runs import OnnxRun, signature_of
from .references import Key, Reference, ReferenceCall


@dataclasses.dataclass(frozen=True)
class LocalRun:
    """The figures of the values that a call makes when it runs alone, by name; or why there are none."""

    figures: Mapping[str, Figures]
    why: str | None = None


@dataclasses.dataclass
class _Part:
    """The model of one call."""

    run: OnnxRun
    values: Mapping[str, int]  # What it makes, and which tensors of the call that is to be.
    result: LocalRun


def run_alone(
    onnx: str | os.PathLike[str],
    hierarchy: str | os.PathLike[str] | None,
    reference: Reference,
    calls: Mapping[Key, Mapping[str, int]],
    sources: Mapping[str, tuple[Key, int]],
    model_inputs: Mapping[str, Array],
    folder: pathlib.Path,
    providers: Sequence[str],
) -> dict[Key, LocalRun]:
    """`calls` says of each call which of its values are which of its tensors; `sources` of which call and tensor any value
    is. What a part needs beside these and the inputs of the model it gets from the arguments of the call, where just one
    other has the shape."""
    results: dict[Key, LocalRun] = {}
    parts: dict[Key, _Part] = {}
    for key, values in calls.items():
        try:
            parts[key] = _Part(_extracted(onnx, hierarchy, key, folder, providers), values, LocalRun({}))
        except ModelExportError as error:
            results[key] = LocalRun({}, f"not run alone: {error.message.splitlines()[0].rpartition(': ')[2]}")
        except Exception as error:  # of ONNX Runtime
            results[key] = LocalRun({}, f"not run alone: {type(error).__name__}")
    if not parts:
        return results
    needed = {name for part in parts.values() for name in part.run.inputs}
    wanted: dict[Key, list[tuple[str, int]]] = {}
    for name in needed & sources.keys():
        key, position = sources[name]
        wanted.setdefault(key, []).append((name, position))
    known = dict(model_inputs)

    def see(call: ReferenceCall) -> None:
        part = parts.get(call.key)
        if part is not None:
            part.result = _run(part, call, known)
        for name, position in wanted.get(call.key, ()):
            known[name] = call.array(position).copy()

    reference.run({path for path, _ in (*parts, *wanted)}, see)
    return results | {key: part.result for key, part in parts.items()}


def _extracted(
    onnx: str | os.PathLike[str],
    hierarchy: str | os.PathLike[str] | None,
    key: Key,
    folder: pathlib.Path,
    providers: Sequence[str],
) -> OnnxRun:
    path, call = key
    out = folder / "part.onnx"
    for old in (out, folder / "part.onnx.data"):
        old.unlink(missing_ok=True)
    try:
        extract(onnx, out, path or ".", call=call, hierarchy=hierarchy, untyped=True)
    except ModelExportError:
        if call:
            raise
        # Where calls are not known, none can be asked for.
        extract(onnx, out, path or ".", hierarchy=hierarchy, untyped=True)
    return OnnxRun(out, providers)


def _run(part: _Part, call: ReferenceCall, known: Mapping[str, Array]) -> LocalRun:
    feeds = {name: known[name] for name in part.run.inputs if name in known}
    missing = [name for name in part.run.inputs if name not in known]
    arguments = [each for each in call.inputs() if not any(_same(each, feed) for feed in feeds.values())]
    for name in missing:
        fitting = [each for each in arguments if part.run.takes(name, each)]
        if len(fitting) != 1 or sum(part.run.takes(other, fitting[0]) for other in missing) != 1:
            return LocalRun({}, f"not run alone: no module gives out {name}")
        feeds[name] = fitting[0]
    try:
        made = part.run.run(feeds)
    except Exception as error:  # of ONNX Runtime, for shapes that do not fit
        return LocalRun({}, f"not run alone: {type(error).__name__}")
    figures = {}
    for name, position in part.values.items():
        array = call.array(position)
        if name in made and signature_of(made[name]) == signature_of(array):
            figures[name] = figures_of(made[name], array)
    return LocalRun(figures)


def _same(one: Array, other: Array) -> bool:
    return one.shape == other.shape and one.dtype == other.dtype and bool(numpy.array_equal(one, other))
