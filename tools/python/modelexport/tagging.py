"""Tags an ONNX file: the program's command `tag`."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, Unpack, get_args, get_origin, get_type_hints

from .errors import ModelExportError
from .program import program_path, run_program

Strategy = Literal["auto", "name_scope", "usage", "trace", "fx"]


class TagFlags(TypedDict, total=False):
    """The flags of `tag` but `quiet`, by their names. What is not given, or None, has the program's default."""

    strategy: Strategy | None
    keys: str | Sequence[str] | None
    replace_foreign: bool | None
    nn_modules: Literal["hide", "show"] | None
    report: str | os.PathLike[str] | None
    report_times: bool | None
    trace: str | os.PathLike[str] | None
    min_coverage: float | int | None
    min_confidence: float | int | None
    validate: Literal["standard", "full", "off"] | None
    embed_hierarchy: bool | None
    raise_ir_version: bool | None
    external_data: Literal["copy", "leave"] | None
    data_files: str | os.PathLike[str] | None
    fsync: bool | None
    allow_over_2gib: bool | None
    force: bool | None


_FLAGS = get_type_hints(TagFlags)
WORDS = ("embedded", "names")  # In place of a path: what the model itself says.


@dataclasses.dataclass(frozen=True)
class TagResult:
    """A file that was tagged."""

    model: pathlib.Path
    """The tagged file."""
    hierarchy: pathlib.Path | None
    """The sidecar; None if what the model itself says was taken."""
    nodes: int
    """Nodes of the main graph, of bodies and of functions."""
    coverage: float
    """The share of nodes that something speaks for which is not doubtful, from 0 to 1."""
    expected_exact: float
    """The share of nodes whose owner is expected to be right, from 0 to 1."""
    evidence: Mapping[str, int]
    """Nodes by kind of evidence, strongest first; `none` are those that nothing speaks for."""
    warnings: tuple[str, ...]
    """What the user should judge: of the sidecar's writer, of the program."""
    report: Mapping[str, Any] = dataclasses.field(repr=False)
    """All that the program reports (docs/report.md)."""


@dataclasses.dataclass(frozen=True)
class ExportResult(TagResult):
    """A model that was exported and tagged."""

    external_data: tuple[pathlib.Path, ...]
    """Files with the weights, beside the model; none if it holds them."""


def tag(
    onnx: str | os.PathLike[str],
    hierarchy: str | os.PathLike[str],
    out: str | os.PathLike[str],
    **flags: Unpack[TagFlags],
) -> TagResult:
    """Writes `onnx` to `out` with every node tagged by its module, and validates it before it gets its name.

    `hierarchy` is a sidecar, as write_hierarchy makes one, a tagged model of which a tool made this one, or a word, as a
    string: "embedded" is what the model itself carries, "names" what its names say. `out` may be `onnx`. Flags are those
    of the command: `tag(a, h, b, min_coverage=0.9, keys=["modelexport", "winml"])`. `report` must be a `.json`.

    Raises ModelExportError, with the program's message and exit code; `out` is then as it was.
    """
    arguments = [operand(onnx), operand(hierarchy, WORDS), operand(out), "--quiet"]
    arguments += [text for name, value in flags.items() if (text := _flag(name, value)) and name != "report"]
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
        if not report.is_file():
            raise ModelExportError(f"{program_path()} wrote no report: it is another program", 0)
        return _result(hierarchy, out, json.loads(report.read_text(encoding="utf-8")))


def _result(
    hierarchy: str | os.PathLike[str], out: str | os.PathLike[str], report: Mapping[str, Any]
) -> TagResult:
    return TagResult(
        model=pathlib.Path(out),
        hierarchy=None if hierarchy in WORDS else pathlib.Path(hierarchy),
        nodes=report["nodes"],
        coverage=report["coverage"],
        expected_exact=report["expected_exact"],
        evidence=report["evidence"],
        warnings=tuple(report["warnings"]),
        report=report,
    )


def operand(path: str | os.PathLike[str], words: Sequence[str] = ()) -> str:
    """A path as the program takes it: one that begins with a dash is no flag, a pathlib.Path none of the words."""
    text = os.fspath(path)
    is_path = text.startswith("-") or (text in words and not isinstance(path, str))
    return os.path.join(os.curdir, text) if is_path else text


def _flag(name: str, value: Any) -> str:
    """`--name=value`; empty for None. Of other types the program would see a text that means something else."""
    if name not in _FLAGS:
        raise TypeError(f"tag has no flag {name!r}")
    kinds = get_args(_FLAGS[name])
    if not isinstance(value, tuple(str if get_origin(kind) is Literal else get_origin(kind) or kind for kind in kinds)):
        raise TypeError(f"{name}={value!r}: the flag is {_FLAGS[name]}")
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"--{name}={'true' if value else 'false'}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"--{name}={','.join(map(str, value))}"
    return f"--{name}={os.fspath(value) if isinstance(value, os.PathLike) else value}"
