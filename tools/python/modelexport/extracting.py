"""One module as a model of its own, or the whole in pieces: the program's command `extract`."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Sequence

from .analysis import hierarchy_flags
from .program import run_program
from .tagging import operand

Source = str | os.PathLike[str]


def extract(
    onnx: Source,
    out: Source,
    module: str,
    *,
    call: int | None = None,
    all_calls: bool = False,
    hierarchy: Source | None = None,
    untyped: bool = False,
) -> pathlib.Path:
    """Writes to `out` what `onnx` does in one call of a module, as a model that runs alone. Returns the path of `out`.

    `module` is a path ("." is the whole model), a range of siblings (`encoder.layer.0..3`) or a pattern, `call` which call
    of a module that is called more than once, from 0; `all_calls=True` takes all of them together. `hierarchy` is as in
    `analyze`. `untyped=True` writes inputs and outputs of unknown type too, which ONNX Runtime loads and onnx's checker
    refuses. Weights that `onnx` stores in other files are copied to `<out>.data`, as far as they are used.

    Raises ModelExportError, with the program's message and exit code; `out` is then as it was.
    """
    flags = [f"--module={module}"]
    if call is not None:
        flags.append(f"--call={call}")
    if all_calls:
        flags.append("--all_calls")
    _run(onnx, out, flags, hierarchy, untyped)
    return pathlib.Path(out)


def split(
    onnx: Source, out: Source, modules: Sequence[str], *, hierarchy: Source | None = None, untyped: bool = False
) -> list[pathlib.Path]:
    """Writes `onnx` as pieces that run one after the other, one for each of `modules`, in this order. Returns their paths:
    for the `out` "piece.onnx" these are "piece.0.onnx", "piece.1.onnx" and so on.

    A piece has all that its module does, in all its calls; what belongs to none of the modules is in the earliest piece
    that can have it. What a piece reads by a name is an input of the model or an output of a piece before it. A module may
    be given as in `extract`; `hierarchy` and `untyped` are the same.

    Raises ModelExportError, with the program's message and exit code; no piece has its name then; ValueError if
    `modules` is no list of modules.
    """
    if isinstance(modules, str) or not modules:
        raise ValueError(f"modules is {modules!r}; a list of modules is wanted, one for each piece")
    if any("," in module for module in modules):
        raise ValueError("modules: each is one module, without a comma")
    _run(onnx, out, [f"--split={','.join(modules)}"], hierarchy, untyped)
    name = operand(out).removesuffix(".onnx")
    end = operand(out)[len(name) :]
    return [pathlib.Path(f"{name}.{piece}{end}") for piece in range(len(modules))]


def _run(onnx: Source, out: Source, flags: Sequence[str], hierarchy: Source | None, untyped: bool) -> None:
    arguments = [*flags, f"--untyped={'true' if untyped else 'false'}", "--quiet", *hierarchy_flags(hierarchy)]
    run_program(["extract", *arguments, "--", operand(onnx), operand(out)])
