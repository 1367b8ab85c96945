"""Where the time of a model goes in ONNX Runtime, by module."""

from __future__ import annotations

import contextlib
import dataclasses
import html
import json
import os
import pathlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .analysis import analyze
from .errors import ModelExportError
from .program import run_program
from .tagging import operand, tag

if TYPE_CHECKING:
    import onnxruntime
    import pandas
    import torch

Level = Literal["disable", "basic", "extended", "all"]
_LEVELS = {
    "disable": "ORT_DISABLE_ALL",
    "basic": "ORT_ENABLE_BASIC",
    "extended": "ORT_ENABLE_EXTENDED",
    "all": "ORT_ENABLE_ALL",
}
_SHOWN_ROWS = 200  # In a notebook.


@dataclasses.dataclass(frozen=True)
class ProfileRow:
    """One module. Times are microseconds of a run: the mean of the kept ones."""

    module: str | None
    """The path, "" for the root; None for what nothing attributes to a module."""
    module_class: str | None
    own_us: float
    """Kernels of the module itself, and, in `total_us`, of the modules below it too."""
    total_us: float
    share: float | None
    """Of `total_us` in the time of all kernels."""
    kernels: float
    """How many a run has."""


@dataclasses.dataclass(frozen=True)
class Profile:
    """Modules by their time, the greatest among those of one parent first; a parent comes before its children."""

    rows: tuple[ProfileRow, ...]
    attributed: float | None
    """The share of the kernel time that is attributed to modules."""
    kernel_us: float
    """All kernels of a run."""
    outside_us: float | None
    """Time of a run without a kernel; None where kernels run beside each other."""
    runs: int
    """The kept ones: without the warm-up, between the quartiles. `runs_seen` are all."""
    runs_seen: int
    notes: tuple[str, ...]
    """What the user should know of how this was measured."""
    _texts: Mapping[str, str] = dataclasses.field(repr=False, compare=False)

    def table(self) -> str:
        """The table as text, 80 characters wide."""
        return self._texts["text"]

    def frame(self) -> pandas.DataFrame:
        """The rows; needs pandas."""
        import pandas

        return pandas.DataFrame([dataclasses.asdict(row) for row in self.rows], columns=_columns())

    def folded(self, path: str | os.PathLike[str]) -> pathlib.Path:
        """Writes collapsed stacks, for speedscope and flamegraph.pl."""
        return self._write("folded", path)

    def trace(self, path: str | os.PathLike[str]) -> pathlib.Path:
        """Writes Chrome trace events, for Perfetto: modules are spans around their kernels."""
        return self._write("trace", path)

    def _write(self, form: str, path: str | os.PathLike[str]) -> pathlib.Path:
        pathlib.Path(path).write_text(self._texts[form], encoding="utf-8")
        return pathlib.Path(path)

    def __str__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("module", "class", "own us", "total us", "share", "kernels"))
        lines = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in _cells(row))}</tr>" for row in self.rows[:_SHOWN_ROWS]]
        if len(self.rows) > _SHOWN_ROWS:
            lines.append(f"<tr><td>{len(self.rows) - _SHOWN_ROWS} more</td></tr>")
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


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
    configure: Callable[[onnxruntime.SessionOptions], None] | None = None,
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

        def options(chosen: str) -> onnxruntime.SessionOptions:
            return _options(chosen, threads, free_dimensions, configure)

        first = options(_LEVELS[level])
        optimised = folder / "optimised.onnx"
        first.optimized_model_filepath = str(optimised)
        first.add_session_config_entry("session.optimized_model_external_initializers_file_name", "optimised.data")
        first.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "65536")
        session = _session(path, first, providers)
        feeds = _feeds(session, given)
        expected = session.run(None, feeds)
        del session
        ran = tag(optimised, tagged, folder / "ran.onnx", external_data="leave").model
        second = options("ORT_DISABLE_ALL")
        second.enable_profiling = True
        second.profile_file_prefix = str(folder / "profile")
        session = _session(ran, second, providers)
        got = _run(session, feeds, warmup + runs, sys.stderr.isatty() if progress is None else progress)
        events = session.end_profiling()
        del session
        notes = () if _equal(expected, got) else ("the saved graph gives other outputs than the session that saved it",)
        return _profile(ran, pathlib.Path(events), warmup, notes)


def _profile(ran: pathlib.Path, events: pathlib.Path, warmup: int, notes: tuple[str, ...]) -> Profile:
    def output(form: str) -> str:
        return run_program(["profile", ran, f"--events={events}", f"--warmup={warmup}", f"--format={form}"])

    answer = json.loads(output("json"))
    rows = tuple(
        ProfileRow(row["module"], row["class"], row["own_us"], row["total_us"], row["share"], row["kernels"])
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


def _options(
    level: str,
    threads: int | None,
    free_dimensions: Mapping[str, int] | None,
    configure: Callable[[onnxruntime.SessionOptions], None] | None,
) -> onnxruntime.SessionOptions:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # It warns that a saved graph is for this computer alone, which is what it is for.
    if threads is not None:
        options.intra_op_num_threads = threads
    for name, size in (free_dimensions or {}).items():
        options.add_free_dimension_override_by_name(name, size)
    if configure is not None:
        configure(options)
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
    return options


def _session(
    path: pathlib.Path, options: onnxruntime.SessionOptions, providers: Sequence[Any] | None
) -> onnxruntime.InferenceSession:
    import onnxruntime

    return onnxruntime.InferenceSession(str(path), options, providers=providers or ["CPUExecutionProvider"])


def _feeds(session: onnxruntime.InferenceSession, inputs: Any) -> dict[str, Any]:
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


def _run(session: onnxruntime.InferenceSession, feeds: Mapping[str, Any], count: int, progress: bool) -> Any:
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


def _columns() -> list[str]:
    return [field.name for field in dataclasses.fields(ProfileRow)]


def _cells(row: ProfileRow) -> tuple[str, ...]:
    name = {None: "(not attributed)", "": "(root)"}.get(row.module, row.module)
    share = "?" if row.share is None else f"{100 * row.share:.1f}%"
    module_class = (row.module_class or "?").rpartition(".")[2]
    texts = (str(name), module_class, f"{row.own_us:.1f}", f"{row.total_us:.1f}", share, f"{row.kernels:g}")
    return tuple(html.escape(text) for text in texts)


__all__ = ["Level", "ModelExportError", "Profile", "ProfileRow", "profile"]
