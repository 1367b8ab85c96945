"""Where the time of a model goes in ONNX Runtime, by module."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .analysis import analyze
from .ort_session import make_feeds, make_options, make_session
from .program import run_program
from .tagging import operand, tag
from .time_profile import Profile, ProfileRow

if TYPE_CHECKING:
    import torch

Level = Literal["disable", "basic", "extended", "all"]
_LEVELS = {
    "disable": "ORT_DISABLE_ALL",
    "basic": "ORT_ENABLE_BASIC",
    "extended": "ORT_ENABLE_EXTENDED",
    "all": "ORT_ENABLE_ALL",
}


def profile(
    model: str | os.PathLike[str] | torch.nn.Module,
    inputs: Any,
    *,
    hierarchy: str | os.PathLike[str] | None = None,
    providers: Sequence[Any] | None = None,
    level: Level = "all",
    runs: int = 20,
    warmup: int = 1,
    threads: int | None = None,
    free_dimensions: Mapping[str, int] | None = None,
    configure: Callable[[Any], None] | None = None,
    progress: bool | None = None,
) -> Profile:
    """Runs a model in ONNX Runtime, `runs` times after `warmup` others, and sums up the time of its kernels by module.

    `model` is an ONNX file, or a torch.nn.Module, which is exported for it. `inputs` of a file are arrays by the names of
    its inputs, or in their order; of a module what export_model takes as `args`. `hierarchy` says where the modules of a
    file come from, as in `analyze`; by default from the file itself. `providers` are those of InferenceSession, `level` is
    the level of optimisation that is measured, `threads` those within a kernel, `free_dimensions` sizes by the names of
    dimensions. `configure` may set further options of the sessions. `progress` shows the runs on standard error; by
    default where that is a terminal.

    ONNX Runtime optimises the model once; the graph that it saves is tagged from the original and run as it is, so every
    kernel is a node of a tagged file. All files are temporary. Needs onnxruntime. Raises ModelExportError, with the
    program's message and exit code; what ONNX Runtime raises is passed on.
    """
    if runs < 1 or warmup < 0:
        raise ValueError(f"runs={runs}, warmup={warmup}: at least one run is measured")
    if level not in _LEVELS:
        raise ValueError(f"level={level!r}: is none of {', '.join(_LEVELS)}")
    with tempfile.TemporaryDirectory(prefix="modelexport-") as name:
        folder = pathlib.Path(name)
        path, given = _file_and_inputs(model, inputs, folder)
        tagged = _tagged(path, hierarchy, folder)

        def session(file: pathlib.Path, chosen: str, **more: str) -> Any:
            options = make_options(chosen, threads, free_dimensions, configure)
            for option, value in more.items():
                setattr(options, option, value)
            options.enable_profiling = "profile_file_prefix" in more
            return make_session(file, options, providers)

        prefix = str(folder / "profile")
        optimised = folder / "optimised.onnx"
        notes: tuple[str, ...] = ()
        try:
            first = session(path, _LEVELS[level], optimized_model_filepath=str(optimised))
        except Exception as error:  # Whatever a provider raises for a graph that it has compiled.
            ran = tagged
            running = session(path, _LEVELS[level], profile_file_prefix=prefix)
            notes = (f"the optimised graph cannot be saved: kernels are found by names of the original ({error})",)
            feeds, expected = make_feeds(running, given), None
        else:
            feeds = make_feeds(first, given)
            expected = first.run(None, feeds)
            del first
            ran = tag(optimised, tagged, folder / "ran.onnx", external_data="leave").model
            running = session(ran, "ORT_DISABLE_ALL", profile_file_prefix=prefix)
        got = _run(running, feeds, warmup + runs, sys.stderr.isatty() if progress is None else progress)
        events = pathlib.Path(running.end_profiling())
        del running
        if expected is not None and not _equal(expected, got):
            notes = ("the saved graph gives other outputs than the session that saved it",)
        return _profile(ran, events, warmup, notes, by_names=expected is None)


def _profile(
    ran: pathlib.Path, events: pathlib.Path, warmup: int, notes: tuple[str, ...], *, by_names: bool
) -> Profile:
    flags = [f"--events={events}", f"--warmup={warmup}", *(["--min_attributed=0"] if by_names else [])]

    def output(form: str) -> str:
        return run_program(["profile", operand(ran), *flags, f"--format={form}"])

    answer = json.loads(output("json"))
    rows = tuple(
        ProfileRow(
            row["module"], row["class"], row["own_us"], row["total_us"], row["share"], row["kernels"], row["shared_us"]
        )
        for row in answer["rows"]
    )
    return Profile(
        rows=rows,
        attributed=answer["attributed"],
        kernel_us=answer["kernel_us"],
        outside_us=answer["outside_us"],
        runs=answer["runs"],
        runs_seen=answer["runs_seen"],
        notes=notes,
        _texts={form: output(form) for form in ("text", "folded", "trace")},
    )


def _file_and_inputs(model: Any, inputs: Any, folder: pathlib.Path) -> tuple[pathlib.Path, Any]:
    """An ONNX file, and what to feed it with."""
    if isinstance(model, (str, os.PathLike)):
        return pathlib.Path(model), inputs
    from .export import export_model

    path = export_model(model, inputs, folder / "model.onnx").model
    return path, _tensors(inputs)


def _tensors(value: Any) -> list[Any]:
    """All tensors within, in their order."""
    if isinstance(value, Mapping):
        return [tensor for item in value.values() for tensor in _tensors(item)]
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item)]
    return [value] if hasattr(value, "detach") else []


def _tagged(path: pathlib.Path, hierarchy: str | os.PathLike[str] | None, folder: pathlib.Path) -> pathlib.Path:
    """The model with tags: itself, if it has them and no other hierarchy is asked for."""
    source = analyze(path).hierarchy if hierarchy is None else operand(hierarchy, ("tags", "embedded", "names"))
    if source == "tags":
        return path
    return tag(path, source, folder / "tagged.onnx", external_data="leave").model


def _run(session: Any, feeds: Mapping[str, Any], count: int, progress: bool) -> Any:
    """Runs the model; returns what it gave last."""
    outputs = None
    with _progress(count, progress) as show:
        for done in range(count):
            show(done)
            outputs = session.run(None, dict(feeds))
    return outputs


@contextlib.contextmanager
def _progress(count: int, wanted: bool) -> Iterator[Callable[[int], None]]:
    """What shows, from one second on, how many runs are done."""
    begin = time.monotonic()
    shown = False

    def show(done: int) -> None:
        nonlocal shown
        if wanted and time.monotonic() - begin > 1:
            shown = True
            print(f"\rrun {done + 1} of {count} ", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shown:
            print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)


def _equal(expected: Sequence[Any], got: Sequence[Any]) -> bool:
    import numpy

    def same(a: Any, b: Any) -> bool:
        if not isinstance(a, numpy.ndarray) or a.dtype.kind not in "fc":
            return True  # Sequences and texts are not looked at.
        return a.shape == b.shape and bool(numpy.allclose(a, b, rtol=1e-3, atol=1e-3, equal_nan=True))

    return all(same(a, b) for a, b in zip(expected, got))
