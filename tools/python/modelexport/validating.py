"""Checks the tags of a file: the program's command `validate`."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
from collections.abc import Mapping
from typing import Literal

from .program import run_program
from .tagging import WORDS, operand

Path = str | os.PathLike[str]


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that is wrong; `modelexport help findings` explains each code."""

    code: str
    """As `tag.missing`."""
    severity: Literal["error", "warning"]
    place: str
    """A node, as `#3`, "model", "file", or a tensor."""
    message: str


@dataclasses.dataclass(frozen=True)
class Validation:
    """What is right and wrong with a file's tags."""

    model: pathlib.Path
    nodes: int
    tagged: int
    evidence: Mapping[str, int]
    """Nodes by kind of evidence."""
    errors: int
    warnings: int
    counts: Mapping[str, int]
    """All findings, by code."""
    findings: tuple[Finding, ...]
    """The first 20 of each code."""

    @property
    def ok(self) -> bool:
        """Whether there are no errors."""
        return not self.errors


def validate(
    onnx: Path,
    *,
    hierarchy: Path | None = None,
    original: Path | None = None,
    level: Literal["standard", "full"] = "standard",
    raise_ir_version: bool = False,
) -> Validation:
    """Checks the tags of `onnx`, whoever wrote them, against `hierarchy`, by default the one that the file carries.

    `original` is the file that was tagged: it must differ from `onnx` in metadata alone. `level="full"` also compares the
    bytes of weights and asks onnx's checker. `raise_ir_version=True` if the file was tagged with that flag.

    What is wrong with the file is returned; ModelExportError is raised if a file cannot be read.
    """
    arguments = ["validate", operand(onnx), "--format=json", f"--level={level}"]
    if hierarchy is not None:
        arguments.append(f"--hierarchy={operand(hierarchy, WORDS)}")
    if original is not None:
        arguments.append(f"--original={operand(original)}")
    if raise_ir_version:
        arguments.append("--raise_ir_version")
    answer = json.loads(run_program(arguments, judges=True))
    findings = tuple(Finding(**finding) for finding in answer["findings"])
    figures = {key: answer[key] for key in ("nodes", "tagged", "evidence", "errors", "warnings", "counts")}
    return Validation(pathlib.Path(onnx), **figures, findings=findings)
