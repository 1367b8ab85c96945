"""Questions to any ONNX file: the program's commands `analyze` and `select`."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from .program import run_program
from .tagging import operand

if TYPE_CHECKING:
    import pandas

Source = str | os.PathLike[str]
COSTS = ("macs", "macs_at_least", "activations", "activations_at_least")
WORDS = ("tags", "embedded", "names")  # In place of the path of a hierarchy: what the file itself says.


@dataclasses.dataclass(frozen=True)
class ModuleFigures:
    """One module of a file. What is unknown is None."""

    module: str | None
    """The path, "" for the root; None for what nothing attributes to a module."""
    module_class: str | None
    calls: int | None
    nodes_own: int
    """Nodes of the module itself, and, in `nodes_total`, of the modules below it too."""
    nodes_total: int
    parameters_own: int | None
    """Elements of the tensors that these nodes read; a tensor counts once for each module that reads it."""
    parameters_total: int | None
    bytes: int | None
    """What these tensors take as stored."""
    operators: Mapping[str, int]
    evidence: Mapping[str, int]
    """Nodes by the kind of evidence that attributes them to the module."""
    precision: Mapping[str, int]
    """Nodes by the type of what they compute with: "float", "int8 QDQ", "4-bit" (docs/commands/analyze.md)."""
    macs: int | None = None
    """Multiply-accumulates of one run, with those of the modules below it; None if some are not known, and without
    `costs`."""
    macs_at_least: int | None = None
    """Those that are known; None without `costs`."""
    activations: int | None = None
    """Bytes of what the nodes compute in one run, likewise."""
    activations_at_least: int | None = None
    placement: Mapping[str, int] | None = None
    """With `placement`: nodes by the execution provider of ONNX Runtime that runs them."""
    line: str | None = None
    """With `lines`: where in the source the nodes were written, as "bert.py:93"."""


@dataclasses.dataclass(frozen=True)
class Analysis:
    """The modules of a file, parents before children, each in the order of the source model."""

    model: pathlib.Path
    hierarchy: str
    """Where the modules come from: a path, or "tags", "embedded" or "names"."""
    nodes: int
    parameters: int | None
    bytes: int | None
    modules: tuple[ModuleFigures, ...]
    macs: int | None = None
    """Of the whole file, as in ModuleFigures; so is `activations`."""
    activations: int | None = None


@dataclasses.dataclass(frozen=True)
class SelectedNode:
    """One node that a pattern selects."""

    place: str
    """Where the node is, as `#3`; unique in the file."""
    name: str
    op_type: str
    module: str | None
    call: int | None
    evidence: str | None
    also: Sequence[str] = ()
    """Paths of the other modules whose work the node does."""
    confidence: float | None = None
    """How likely the module is right, from 0 to 1; None if it is what the file is tagged with."""


@overload
def analyze(
    onnx: Source,
    *,
    hierarchy: Source | None = None,
    filter: str | None = None,
    costs: bool = False,
    dims: Mapping[str, int] | None = None,
    lines: bool = False,
    placement: str | os.PathLike[str] | None = None,
    frame: Literal[False] = False,
) -> Analysis: ...
@overload
def analyze(
    onnx: Source,
    *,
    hierarchy: Source | None = None,
    filter: str | None = None,
    costs: bool = False,
    dims: Mapping[str, int] | None = None,
    lines: bool = False,
    placement: str | os.PathLike[str] | None = None,
    frame: Literal[True],
) -> pandas.DataFrame: ...
@overload
def analyze(
    onnx: Source,
    *,
    hierarchy: Source | None = None,
    filter: str | None = None,
    costs: bool = False,
    dims: Mapping[str, int] | None = None,
    lines: bool = False,
    placement: str | os.PathLike[str] | None = None,
    frame: bool,
) -> Analysis | pandas.DataFrame: ...


def analyze(
    onnx: Source,
    *,
    hierarchy: Source | None = None,
    filter: str | None = None,
    costs: bool = False,
    dims: Mapping[str, int] | None = None,
    lines: bool = False,
    placement: str | os.PathLike[str] | None = None,
    frame: bool = False,
) -> Analysis | pandas.DataFrame:
    """The modules of any ONNX file, with their nodes, parameters, bytes, operators, evidence and precision.

    `costs=True` adds multiply-accumulates and bytes of activations, from shapes that the file declares or that follow
    from them; `dims` has values of dimensions that have names in the file's inputs ("batch"), and implies it.

    `hierarchy` is a sidecar, another tagged model, or a word, as a string: "tags", "embedded" or "names"; by default the
    first of these that the file has. `filter` is a pattern of `select`. `lines` says where in the source modules were
    written, and `placement`, a profile of ONNX Runtime or a list, which execution providers run their nodes. `frame=True`
    gives a pandas.DataFrame of the modules, and needs pandas. Raises ModelExportError, with the program's message and exit
    code.
    """
    arguments = ["analyze", operand(onnx), "--format=json", *hierarchy_flags(hierarchy)]
    if filter is not None:
        arguments.append(f"--filter={filter}")
    if costs:
        arguments.append("--costs")
    arguments += [f"--dim={name}={value}" for name, value in (dims or {}).items()]
    if lines:
        arguments.append("--lines")
    if placement is not None:
        arguments.append(f"--placement={operand(placement)}")
    answer = json.loads(run_program(arguments))
    modules = tuple(_figures(row) for row in answer["modules"])
    if frame:
        return frame_of(ModuleFigures, modules, ("calls", "parameters_own", "parameters_total", "bytes", *COSTS))
    return Analysis(
        pathlib.Path(onnx),
        answer["hierarchy"],
        answer["nodes"],
        answer["parameters"],
        answer["bytes"],
        modules,
        answer.get("macs"),
        answer.get("activations"),
    )


@overload
def select(
    onnx: Source,
    *patterns: str,
    hierarchy: Source | None = None,
    own: bool = False,
    also: bool = False,
    expect: int | None = None,
    frame: Literal[False] = False,
) -> list[SelectedNode]: ...
@overload
def select(
    onnx: Source,
    *patterns: str,
    hierarchy: Source | None = None,
    own: bool = False,
    also: bool = False,
    expect: int | None = None,
    frame: Literal[True],
) -> pandas.DataFrame: ...
@overload
def select(
    onnx: Source,
    *patterns: str,
    hierarchy: Source | None = None,
    own: bool = False,
    also: bool = False,
    expect: int | None = None,
    frame: bool,
) -> list[SelectedNode] | pandas.DataFrame: ...


def select(
    onnx: Source,
    *patterns: str,
    hierarchy: Source | None = None,
    own: bool = False,
    also: bool = False,
    expect: int | None = None,
    frame: bool = False,
) -> list[SelectedNode] | pandas.DataFrame:
    """The nodes of the modules that match any of the patterns, in the order of the file.

    A pattern is a path, `class:NAME` or `op:TYPE` (`modelexport help select`). `own` leaves out the modules below those
    that match; `also` takes nodes that do work of a module that matches, among that of others; another number of nodes
    than `expect` is an error. `hierarchy` and `frame` are as in `analyze`. Raises ModelExportError, also (exit code 1)
    where a pattern matches nothing.
    """
    arguments = ["select", operand(onnx), "--format=json", f"--own={'true' if own else 'false'}", *hierarchy_flags(hierarchy)]
    if also:
        arguments.append("--also")
    if expect is not None:
        arguments.append(f"--expect={expect}")
    answer = json.loads(run_program([*arguments, "--", *patterns]))
    nodes = [SelectedNode(**{**node, "also": tuple(node["also"])}) for node in answer["nodes"]]
    return frame_of(SelectedNode, nodes, ("call",)) if frame else nodes


def hierarchy_flags(hierarchy: Source | None) -> list[str]:
    """The flag for what a caller gives as `hierarchy`."""
    return [] if hierarchy is None else [f"--hierarchy={operand(hierarchy, WORDS)}"]


def _figures(row: Mapping[str, Any]) -> ModuleFigures:
    return ModuleFigures(
        module=row["module"],
        module_class=row["class"],
        calls=row["calls"],
        nodes_own=row["nodes"]["own"],
        nodes_total=row["nodes"]["total"],
        parameters_own=row["parameters"]["own"],
        parameters_total=row["parameters"]["total"],
        bytes=row["bytes"],
        operators=row["operators"],
        evidence=row["evidence"],
        precision=row["precision"],
        placement=row.get("placement"),
        line=row.get("line"),
        **{name: row.get(name) for name in COSTS},
    )


def frame_of(kind: type[Any], rows: Sequence[Any], with_gaps: Sequence[str]) -> pandas.DataFrame:
    import pandas

    columns = [field.name for field in dataclasses.fields(kind)]
    table = pandas.DataFrame([[getattr(row, name) for name in columns] for row in rows], columns=columns)
    # With gaps pandas would make integers floats.
    return table.astype(dict.fromkeys(with_gaps, "Int64"))
