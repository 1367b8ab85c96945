"""Makes the outputs of modules outputs of a model: the program's command `tap`."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
from collections.abc import Mapping
from typing import Any

from .analysis import hierarchy_flags
from .program import run_program
from .tagging import operand

Source = str | os.PathLike[str]


@dataclasses.dataclass(frozen=True)
class TappedValue:
    """One value that a call of a module gives out."""

    value: str
    type: str | None
    """As `float[1, 16, 128]`; None if it is not known."""
    node: str | None
    """The place of the node that makes it, as `#3`; None if it is an input or an initializer."""
    op_type: str | None
    result: int | None
    """Which of that node's outputs it is, from 0."""
    was_output: bool
    """Whether the model gives it out in any case."""
    feeds: tuple[int, ...]
    """Positions of the call's values that the call computes from this one."""


@dataclasses.dataclass(frozen=True)
class TappedCall:
    """One call of a module."""

    module: str
    module_class: str | None
    call: int | None
    """Which call of the module it is, from 0; None if the calls are not known."""
    values: tuple[TappedValue, ...]
    why: str | None
    """Why there are no values, or not all."""


@dataclasses.dataclass(frozen=True)
class Taps:
    """The values that the calls of modules give out, call by call, in the order in which the calls end."""

    model: pathlib.Path | None
    """The copy that was written, if any."""
    hierarchy: str
    """Where the modules come from: a path, or "tags", "embedded" or "names"."""
    calls: tuple[TappedCall, ...]
    added: tuple[str, ...]
    """The values that became outputs, after those that there were."""
    warnings: tuple[str, ...]


def tap(
    onnx: Source,
    out: Source | None = None,
    *,
    modules: str = "**",
    hierarchy: Source | None = None,
    untyped: bool = False,
) -> Taps:
    """Writes to `out` a copy of `onnx` that gives out what its modules do, too. Without `out` it only says what that is.

    `modules` is a pattern (`modelexport help select`); modules below one that matches are not meant. `hierarchy` is a
    sidecar, another tagged model, or a word, as a string: "tags", "embedded" or "names"; by default the first of these
    that the file has. `untyped=True` gives out values of unknown type too, which ONNX Runtime loads and onnx's checker
    refuses. Raises ModelExportError, with the program's message and exit code; `out` is then as it was.
    """
    paths = [operand(onnx), *([] if out is None else [operand(out)])]
    flags = ["--format=json", "--quiet", f"--modules={modules}", f"--untyped={'true' if untyped else 'false'}"]
    answer = json.loads(run_program(["tap", *flags, *hierarchy_flags(hierarchy), "--", *paths]))
    return Taps(
        model=None if out is None else pathlib.Path(out),
        hierarchy=answer["hierarchy"],
        calls=tuple(_call(call) for call in answer["calls"]),
        added=tuple(answer["added"]),
        warnings=tuple(answer["warnings"]),
    )


def _call(call: Mapping[str, Any]) -> TappedCall:
    values = tuple(TappedValue(**{**value, "feeds": tuple(value["feeds"])}) for value in call["outputs"])
    return TappedCall(call["module"], call["class"], call["call"], values, call["why"])
