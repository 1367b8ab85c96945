"""Names nodes by their modules: the program's command `rename`."""

from __future__ import annotations

import os
import pathlib

from .analysis import hierarchy_flags
from .program import run_program
from .tagging import operand


def rename(
    onnx: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    hierarchy: str | os.PathLike[str] | None = None,
    values: bool = False,
    undo: bool = False,
) -> pathlib.Path:
    """Writes `onnx` to `out` with each node named by its module: `/encoder/layer.0/output/dense/MatMul`.

    `hierarchy`, as in `analyze`, says the modules; by default it is what `onnx` itself says, its tags first. `values=True` names what nodes make too, but for inputs and outputs of graphs. Old names are kept in the file:
    `undo=True` gives them back. `out` may be `onnx`. Returns the path of `out`.

    Raises ModelExportError, with the program's message and exit code; `out` is then as it was.
    """
    flags = [f"--{name}" for name, value in {"values": values, "undo": undo}.items() if value]
    run_program(["rename", operand(onnx), operand(out), "--quiet", *flags, *hierarchy_flags(hierarchy)])
    return pathlib.Path(out)
