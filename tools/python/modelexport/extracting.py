"""One module as a model of its own: the program's command `extract`."""

from __future__ import annotations

import os
import pathlib

from .program import run_program
from .tagging import operand

Source = str | os.PathLike[str]
WORDS = ("tags", "embedded", "names")  # In place of the path of a hierarchy: what the file itself says.


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
    of a module that is called more than once, from 0; `all_calls=True` takes all of them together. `hierarchy` is as in `analyze`. `untyped=True` writes inputs and
    outputs of unknown type too, which ONNX Runtime loads and onnx's checker refuses. Weights that `onnx` stores in other
    files are copied to `<out>.data`, as far as they are used.

    Raises ModelExportError, with the program's message and exit code; `out` is then as it was.
    """
    flags = [f"--module={module}", f"--untyped={'true' if untyped else 'false'}", "--quiet"]
    if call is not None:
        flags.append(f"--call={call}")
    if all_calls:
        flags.append("--all_calls")
    if hierarchy is not None:
        flags.append(f"--hierarchy={operand(hierarchy, WORDS)}")
    run_program(["extract", *flags, "--", operand(onnx), operand(out)])
    return pathlib.Path(out)
