"""Tags an ONNX file: the program's command `tag`."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, Unpack

from .program import ModelExportError, run_program

Strategy = Literal["auto", "name_scope", "usage", "trace", "fx"]


class TagFlags(TypedDict, total=False):
    """The flags of the command `tag`, by their names. What is not given, or None, has the program's default."""

    strategy: Strategy
    keys: str | Sequence[str]
    replace_foreign: bool
    nn_modules: Literal["hide", "show"]
    report: str | os.PathLike[str]
    trace: str | os.PathLike[str]
    min_coverage: float
    validate: Literal["standard", "full", "off"]
    embed_hierarchy: bool
    raise_ir_version: bool
    external_data: Literal["copy", "leave"]
    fsync: bool
    allow_over_2gib: bool
    force: bool


@dataclasses.dataclass(frozen=True)
class TagResult:
    """A file that was tagged."""

    model: pathlib.Path
    """The tagged file."""
    hierarchy: pathlib.Path | None
    """The sidecar; None if the model's own hierarchy was taken."""
    nodes: int
    """Nodes of the main graph, of bodies and of functions."""
    coverage: float
    """The share of nodes that something speaks for, from 0 to 1."""
    evidence: Mapping[str, int]
    """Nodes by kind of evidence, strongest first; `none` are those that nothing speaks for."""
    warnings: tuple[str, ...]
    """What the user should judge: of the sidecar's writer, of the program."""
    report: Mapping[str, Any] = dataclasses.field(repr=False)
    """All that the program reports (docs/report.md)."""


def tag(
    onnx: str | os.PathLike[str],
    hierarchy: str | os.PathLike[str],
    out: str | os.PathLike[str],
    **flags: Unpack[TagFlags],
) -> TagResult:
    """Writes `onnx` to `out` with every node tagged by its module, and validates it before it gets its name.

    `hierarchy` is a sidecar, as write_hierarchy makes one, or the word "embedded": what the model itself carries. `out`
    may be `onnx`. Flags are those of the command: `tag(a, h, b, min_coverage=0.9, keys=["modelexport", "winml"])`.
    `report` must be a `.json`.

    Raises ModelExportError, with the program's message and exit code; `out` is then as it was.
    """
    arguments = [_operand(onnx), _operand(hierarchy), _operand(out), "--quiet"]
    arguments += [_flag(name, value) for name, value in flags.items() if name != "report" and value is not None]
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(flags.get("report") or os.path.join(folder, "report.json"))
        if report.suffix != ".json":
            raise ValueError(f"report={str(report)!r}: the name must end in .json; the result has the report too")
        try:
            run_program(["tag", *arguments, f"--report={report}"])
        except ModelExportError as error:
            # A model that was judged and fell short has a report: it says why.
            if error.exit_code == 1 and report.is_file():
                error.report = json.loads(report.read_text(encoding="utf-8"))
            raise
        return _result(hierarchy, out, json.loads(report.read_text(encoding="utf-8")))


def _result(
    hierarchy: str | os.PathLike[str], out: str | os.PathLike[str], report: Mapping[str, Any]
) -> TagResult:
    return TagResult(
        model=pathlib.Path(out),
        hierarchy=None if hierarchy == "embedded" else pathlib.Path(hierarchy),
        nodes=report["nodes"],
        coverage=report["coverage"],
        evidence=report["evidence"],
        warnings=tuple(report["warnings"]),
        report=report,
    )


def _operand(path: str | os.PathLike[str]) -> str:
    """A path as the program takes it: one that begins with a dash is no flag."""
    text = os.fspath(path)
    return os.path.join(os.curdir, text) if text.startswith("-") else text


def _flag(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}={'true' if value else 'false'}"
    if isinstance(value, (list, tuple)):
        return f"--{name}={','.join(value)}"
    return f"--{name}={os.fspath(value) if isinstance(value, os.PathLike) else value}"
