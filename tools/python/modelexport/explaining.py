"""Why a node has its module: the program's command `explain`."""

from __future__ import annotations

import os

from .program import run_program
from .tagging import WORDS, Strategy, operand


def explain(
    onnx: str | os.PathLike[str], hierarchy: str | os.PathLike[str], node: str, *, strategy: Strategy = "auto"
) -> str:
    """The text that says which modules were proposed for a node, why, and what `tag` takes.

    `node` is a place, as `#62` (NodeTags.place), else a value that the node makes, else the node's name. `hierarchy` and
    `strategy` are as in `tag`. Raises ModelExportError, with the program's message and exit code.
    """
    return run_program(["explain", f"--strategy={strategy}", "--", operand(onnx), operand(hierarchy, WORDS), node])
