"""Compares what the modules of an ONNX file compute with what they compute in PyTorch, or in another file."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .comparison.figures import Array, Figures, figures_of
from .comparison.local_runs import LocalRun, run_alone
from .comparison.matching import Matching, Signature, match
from .comparison.onnx_runs import OnnxRun, pattern_of, signature_of, temporary
from .comparison.references import Key, OnnxReference, Reference, ReferenceCall, TorchReference
from .comparison.rows import ComparedOutput, OutputComparison
from .tapping import TappedCall, Taps, tap

if TYPE_CHECKING:
    import pandas
    from torch import nn

Source = str | os.PathLike[str]


@dataclasses.dataclass(frozen=True)
class _Settings:
    onnx: Source
    modules: str
    tolerance: float
    atol: float
    batch: int
    local: int | None
    providers: tuple[str, ...]
    progress: bool


def compare_outputs(
    model: nn.Module | Source,
    args: Any,
    onnx: Source,
    *,
    kwargs: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
    hierarchy: Source | None = None,
    modules: str = "**",
    tolerance: float = 1e-3,
    atol: float = 1e-5,
    batch: int = 1 << 30,
    local: int | None = 8,
    providers: Sequence[str] = ("CPUExecutionProvider",),
    progress: bool = False,
) -> OutputComparison:
    """Runs a PyTorch model and an ONNX file, and compares what each call of each module gives out.

    `model(*args, **kwargs)` is run as `export_model` would export it. `inputs` gives inputs of the ONNX file, by name,
    where the arguments do not show which they are. `model` may be another ONNX file: `args` are then its inputs, arrays by
    name.

    `hierarchy` says where the modules of the file, or of both files, come from, as in `analyze`; by default their tags. An
    `onnx` without tags gets the modules of what it is compared with. `modules` is a pattern: calls of others are left out.

    An output is beyond the tolerance if its largest error is over `atol + tolerance * r`, where r is the largest absolute
    value of the reference. The first `local` calls beyond it, None for all, are run alone, too, on the inputs that they
    have in the reference: that tells errors that they make from those that they inherit.

    ONNX Runtime, which must be installed, runs the file with optimisation off and without what it would fuse: give a
    graph that it has optimised and saved to look into that one. Of the outputs of the ONNX calls about `batch` bytes are
    held at once; more take further runs of both. `progress=True` writes to standard error what is being run. The model is
    as before afterwards, also on failure.

    Raises ModelExportError for what the program refuses, ValueError where the inputs are not clear; what torch and ONNX
    Runtime raise is passed on.
    """
    settings = _Settings(onnx, modules, tolerance, atol, batch, local, tuple(providers), progress)
    reference: Reference
    if isinstance(model, (str, os.PathLike)):
        reference = OnnxReference(model, args, hierarchy, settings.providers)
    else:
        from .hierarchy_writer.inputs import arguments

        reference = TorchReference(model, arguments(args, kwargs), inputs)
    with contextlib.ExitStack() as stack:
        taps = tap(onnx, modules=modules, hierarchy=hierarchy, untyped=True)
        if hierarchy is None and taps.hierarchy != "tags" and (described := reference.hierarchy()) is not None:
            hierarchy = stack.enter_context(described)
            taps = dataclasses.replace(
                tap(onnx, modules=modules, hierarchy=hierarchy, untyped=True), hierarchy=f"the modules of {reference.name}"
            )
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rows = _Comparing(settings, reference, taps, hierarchy, folder).rows()
    return OutputComparison(os.fspath(onnx), reference.name, taps.hierarchy, tolerance, atol, tuple(rows))


class _Comparing:
    """One run of compare_outputs."""

    def __init__(
        self, settings: _Settings, reference: Reference, taps: Taps, hierarchy: Source | None, folder: pathlib.Path
    ) -> None:
        self._settings, self._reference, self._hierarchy, self._folder = settings, reference, hierarchy, folder
        self._calls = {(call.module, call.call or 0): call for call in taps.calls}
        self._without_calls = {call.module for call in taps.calls if call.call is None}
        self._sizes: dict[Key, int] = {}  # In the order in which the calls end in the reference.
        self._idle: dict[Key, str] = {}  # Calls that give out nothing of their own, and why.
        self._rows: dict[Key, list[ComparedOutput]] = {}
        self._sources: dict[str, tuple[Key, int]] = {}
        self._feeds: dict[str, Array] = {}

    def rows(self) -> list[ComparedOutput]:
        def note(call: ReferenceCall) -> None:
            self._sizes[call.key] = call.bytes
            if why := _why_idle(call):
                self._idle[call.key] = why

        self._reference.run(None, note)
        batches = self._batches()
        for number, modules in enumerate(batches, start=1):
            self._say(f"batch {number} of {len(batches)}: {len(modules)} modules")
            self._compare(modules)
        for key, call in self._calls.items():
            if key not in self._rows:
                missing = "" if key in self._sizes else f"{self._reference.name} does not call it"
                self._rows[key] = [_row(key, call, why=self._idle.get(key) or call.why or missing)]
        # Calls that the reference makes come in its order, others where the file has them.
        order = {key: position for position, key in enumerate(self._sizes)}
        keys = [key for key in order if key in self._rows] + [key for key in self._rows if key not in order]
        self._run_alone(keys)
        return [row for key in keys for row in self._rows[key]]

    def _batches(self) -> list[list[str]]:
        sizes: dict[str, int] = {}
        for (module, _), call in self._calls.items():
            if call.values:
                sizes.setdefault(module, 0)
        for (module, _), size in self._sizes.items():
            if module in sizes:
                sizes[module] += size
        batches: list[list[str]] = []
        held = 0
        for module, size in sizes.items():
            if not batches or held + size > self._settings.batch:
                batches.append([])
                held = 0
            batches[-1].append(module)
            held += size
        return batches

    def _compare(self, modules: Sequence[str]) -> None:
        path = temporary(self._folder, "tapped")
        tap(self._settings.onnx, path, modules=pattern_of(modules), hierarchy=self._hierarchy, untyped=True)
        run = OnnxRun(path, self._settings.providers)
        self._feeds = self._reference.feeds(run.inputs)
        arrays = run.run(self._feeds)
        for file in self._folder.iterdir():
            file.unlink()

        def see(call: ReferenceCall) -> None:
            if call.key in self._calls and self._is_the_only_call(call.key):
                self._rows[call.key] = self._rows_of(call, self._calls[call.key], arrays)

        self._reference.run(set(modules), see)

    def _is_the_only_call(self, key: Key) -> bool:
        """Where the file does not say which calls there are, a module that is called once is that call."""
        return key[0] not in self._without_calls or (key[0], 1) not in self._sizes

    def _rows_of(self, call: ReferenceCall, tapped: TappedCall, arrays: Mapping[str, Any]) -> list[ComparedOutput]:
        values = [(each.value, signature) for each in tapped.values if (signature := signature_of(arrays[each.value]))]
        if why := _why_idle(call):
            return [_row(call.key, tapped, why=why)]
        if not values:
            return [_row(call.key, tapped, why=tapped.why or "gives out no tensor in the ONNX file")]
        matching = self._matching(call, tapped, values)
        rows = []
        for position, signature in enumerate(call.signatures):
            pair = dict(matching.pairs).get(position)
            if pair is None:
                why = matching.without[position]
                rows.append(_row(call.key, tapped, output=position, shape=signature[0], why=why))
                continue
            value = values[pair][0]
            self._sources.setdefault(value, (call.key, position))
            row = _row(call.key, tapped, output=position, shape=signature[0], value=value)
            figures = figures_of(arrays[value], call.array(position))
            rows.append(row.with_figures(figures, self._is_beyond(figures)))
        return rows

    def _matching(self, call: ReferenceCall, tapped: TappedCall, values: Sequence[tuple[str, Signature]]) -> Matching:
        names = [name for name, _ in values]
        if call.key[0] == "" and call.flat is not None and self._fits([call.signatures[i] for i in call.flat], values):
            pairs = {position: place for place, position in reversed(list(enumerate(call.flat)))}
            return Matching(tuple(sorted(pairs.items())), {})
        if None not in call.names and set(call.names) <= set(names):
            by_name = {position: names.index(name) for position, name in enumerate(call.names) if name is not None}
            if all(call.signatures[position] == values[place][1] for position, place in by_name.items()):
                return Matching(tuple(by_name.items()), {})
        kept = [each for each in tapped.values if each.value in set(names)]
        places = {tapped.values.index(each): place for place, each in enumerate(kept)}
        feeds = [[places[feed] for feed in each.feeds if feed in places] for each in kept]
        return match(call.signatures, [signature for _, signature in values], feeds)

    @staticmethod
    def _fits(signatures: Sequence[Signature], values: Sequence[tuple[str, Signature]]) -> bool:
        return list(signatures) == [signature for _, signature in values]

    def _is_beyond(self, figures: Figures) -> bool:
        return figures.max_abs > self._settings.atol + self._settings.tolerance * figures.reference_largest

    def _run_alone(self, keys: Sequence[Key]) -> None:
        suspects = [key for key in keys if any(row.beyond for row in self._rows[key])][: self._settings.local]
        values: dict[Key, dict[str, int]] = {
            key: {row.value: row.output for row in self._rows[key] if row.value is not None and row.output is not None}
            for key in suspects
        }
        if not suspects:
            return
        self._say(f"{len(suspects)} calls alone")
        results = run_alone(
            self._settings.onnx,
            self._hierarchy,
            self._reference,
            values,
            self._sources,
            self._feeds,
            self._folder,
            self._settings.providers,
        )
        for key in suspects:
            self._rows[key] = [self._with_local(row, results[key]) for row in self._rows[key]]

    def _with_local(self, row: ComparedOutput, run: LocalRun) -> ComparedOutput:
        if not row.compared:
            return row
        figures = run.figures.get(row.value or "")
        if figures is None:
            return dataclasses.replace(row, why=run.why)
        origin = "local" if self._is_beyond(figures) else "inherited"
        return dataclasses.replace(row, local=figures.relative, origin=origin)

    def _say(self, what: str) -> None:
        if self._settings.progress:
            print(f"compare_outputs: {what}", file=sys.stderr, flush=True)


def _why_idle(call: ReferenceCall) -> str | None:
    if call.signatures:
        return None
    return "gives its input back" if call.given_back else "gives out no tensor"


def _row(
    key: Key,
    call: TappedCall,
    *,
    output: int | None = None,
    value: str | None = None,
    shape: tuple[int, ...] | None = None,
    why: str | None = None,
) -> ComparedOutput:
    return ComparedOutput(key[0], call.module_class, key[1], output, value, shape, why=why)
