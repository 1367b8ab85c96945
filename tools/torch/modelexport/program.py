"""The program that this package carries, and its failures as exceptions."""

from __future__ import annotations

import os
import pathlib
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any


class ModelExportError(Exception):
    """The program failed; nothing was written.

    `message` is what it said, on one line or more, `exit_code` why: 1, the model was judged and fell short; 2, wrong
    usage; 3, an input is missing, unreadable or malformed; 4, the output could not be written; negative, the signal
    that ended it. `report` is the report of a model that was judged, else None.
    """

    def __init__(self, message: str, exit_code: int, report: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
        self.report = report

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.exit_code, self.report)


def program_path() -> pathlib.Path:
    """Where the program is: the environment variable MODELEXPORT_PROGRAM, else what the wheel brought."""
    if chosen := os.environ.get("MODELEXPORT_PROGRAM"):
        return pathlib.Path(chosen)
    path = pathlib.Path(__file__).with_name("bin") / "modelexport"
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing, which the wheel brings (bazel build //tools/torch:wheel); a program of your own is"
            " named by the environment variable MODELEXPORT_PROGRAM"
        )
    return path


def run_program(arguments: Sequence[str | os.PathLike[str]]) -> str:
    """Runs the program; returns what it printed. Raises a ModelExportError if it fails."""
    command = [program_path(), *arguments]
    # Under `bazel run` the program would take relative paths from elsewhere than Python does.
    environment = {name: value for name, value in os.environ.items() if name != "BUILD_WORKING_DIRECTORY"}
    # Bytes of file names that are no UTF-8 come back as Python's own escapes.
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env=environment,
        check=False,
    )
    if result.returncode:
        message = result.stderr.strip() or f"{command[0]} ended without a message, exit status {result.returncode}"
        raise ModelExportError(message, result.returncode)
    return result.stdout
