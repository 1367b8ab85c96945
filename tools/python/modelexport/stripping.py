"""Removes the tags of a file: the program's command `strip`."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Sequence

from .program import run_program
from .tagging import operand


def strip(
    onnx: str | os.PathLike[str], out: str | os.PathLike[str], *, keys: str | Sequence[str] | None = None
) -> pathlib.Path:
    """Writes `onnx` to `out` without the tags, and without anything else of this program: byte for byte what was tagged.

    `keys` are presets whose keys are removed, whoever wrote them; by default those that the file lists, where this
    program wrote them. `out` may be `onnx`. Returns the path of `out`.

    Raises ModelExportError, with the program's message and exit code; `out` is then as it was.
    """
    arguments = ["strip", operand(onnx), operand(out), "--quiet"]
    if keys is not None:
        arguments.append(f"--keys={keys if isinstance(keys, str) else ','.join(keys)}")
    run_program(arguments)
    return pathlib.Path(out)
