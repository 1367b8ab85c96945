"""What differs between two ONNX files, module by module: the program's command `compare`."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from .analysis import frame_of, hierarchy_flags
from .program import run_program
from .tagging import operand

if TYPE_CHECKING:
    import pandas

Source = str | os.PathLike[str]


@dataclasses.dataclass(frozen=True)
class ChangedModule:
    """A module that differs; `_a` and `_b` are of the two files. What is unknown is None."""

    module: str | None
    """The path, "" for the root; None for what nothing attributes to a module."""
    found_in: Literal["both", "a", "b"]
    allowed: bool
    class_a: str | None
    class_b: str | None
    nodes_a: int
    """Of the module itself, as the parameters and bytes are too."""
    nodes_b: int
    parameters_a: int | None
    parameters_b: int | None
    bytes_a: int | None
    bytes_b: int | None
    vanished: Mapping[str, int]
    """Numbers of nodes by operator; which of them are the same is open."""
    appeared: Mapping[str, int]
    changed_type: Mapping[str, int]
    """By "Gelu -> com.microsoft.FastGelu"."""
    moved_to: Mapping[str, int]
    """By the path of the other module."""
    moved_from: Mapping[str, int]


@dataclasses.dataclass(frozen=True)
class NodeCounts:
    """Of the whole files."""

    a: int
    b: int
    same_by_name: int
    same_by_number: int
    vanished: int
    appeared: int
    moved: int
    changed_type: int


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What differs between two files."""

    a: pathlib.Path
    b: pathlib.Path
    hierarchy_a: str
    """Where the modules come from: a path, or "tags", "embedded" or "names"."""
    hierarchy_b: str
    parameters_a: int | None
    parameters_b: int | None
    bytes_a: int | None
    bytes_b: int | None
    nodes: NodeCounts
    modules: tuple[ChangedModule, ...]
    """Those that differ, in their order."""

    @property
    def differs(self) -> bool:
        """Whether anything differs that `allow` does not name."""
        return any(not module.allowed for module in self.modules)


@overload
def compare(
    a: Source,
    b: Source,
    *,
    hierarchy: Source | None = None,
    allow: Sequence[str] = (),
    depth: int | None = None,
    frame: Literal[False] = False,
) -> Comparison: ...
@overload
def compare(
    a: Source,
    b: Source,
    *,
    hierarchy: Source | None = None,
    allow: Sequence[str] = (),
    depth: int | None = None,
    frame: Literal[True],
) -> pandas.DataFrame: ...
@overload
def compare(
    a: Source,
    b: Source,
    *,
    hierarchy: Source | None = None,
    allow: Sequence[str] = (),
    depth: int | None = None,
    frame: bool,
) -> Comparison | pandas.DataFrame: ...


def compare(
    a: Source,
    b: Source,
    *,
    hierarchy: Source | None = None,
    allow: Sequence[str] = (),
    depth: int | None = None,
    frame: bool = False,
) -> Comparison | pandas.DataFrame:
    """What differs between two ONNX files, module by module: nodes, operators, parameters and bytes.

    `hierarchy`, as in `analyze`, is for both. `allow` are patterns of `select`: modules that may differ. With `depth`,
    modules more levels below the root count for the one above them. `frame=True` gives a pandas.DataFrame of the modules
    that differ, and needs pandas. Attributes and the elements of weights are not compared.

    Raises ModelExportError, with the program's message and exit code; that the files differ is no error.
    """
    if isinstance(allow, str):
        raise TypeError("allow is a sequence of patterns, not one")
    arguments = ["compare", operand(a), operand(b), "--format=json", "--noexit_code", *hierarchy_flags(hierarchy)]
    arguments += [f"--allow={pattern}" for pattern in allow]
    if depth is not None:
        arguments.append(f"--depth={depth}")
    answer = json.loads(run_program(arguments))
    modules = tuple(_module(row) for row in answer["modules"])
    if frame:
        return frame_of(ChangedModule, modules, ("parameters_a", "parameters_b", "bytes_a", "bytes_b"))
    totals = {key: answer[key] for key in ("parameters_a", "parameters_b", "bytes_a", "bytes_b")}
    return Comparison(
        pathlib.Path(a),
        pathlib.Path(b),
        answer["hierarchy_a"],
        answer["hierarchy_b"],
        **totals,
        nodes=NodeCounts(**answer["nodes"]),
        modules=modules,
    )


def _module(row: Mapping[str, Any]) -> ChangedModule:
    sides = {f"{key}_{side}": row[key][side] for key in ("class", "nodes", "parameters", "bytes") for side in "ab"}
    changes = {key: row[key] for key in ("vanished", "appeared", "changed_type", "moved_to", "moved_from")}
    return ChangedModule(row["module"], row["in"], row["allowed"] == "yes", **sides, **changes)
