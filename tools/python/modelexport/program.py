"""The program that this package carries."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
from collections.abc import Sequence

from .errors import ModelExportError


def program_path() -> pathlib.Path:
    """Where the program is: the environment variable MODELEXPORT_PROGRAM, else what the wheel brought."""
    if chosen := os.environ.get("MODELEXPORT_PROGRAM"):
        if found := shutil.which(chosen):
            return pathlib.Path(found)
        raise FileNotFoundError(f"the environment variable MODELEXPORT_PROGRAM is {chosen}: no program is there")
    path = pathlib.Path(__file__).with_name("bin") / "modelexport"
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing, which the wheel brings (bazel build //tools/python:wheel); a program of your own is"
            " named by the environment variable MODELEXPORT_PROGRAM"
        )
    return path


def run_program(arguments: Sequence[str | os.PathLike[str]], *, judges: bool = False) -> str:
    """Runs the program and returns what it prints. Raises a ModelExportError if it fails; with `judges` a model that fell
    short, exit code 1, is no failure."""
    command = [program_path(), *arguments]
    # Under `bazel run` the program would take relative paths from elsewhere than Python does.
    environment = {name: value for name, value in os.environ.items() if name != "BUILD_WORKING_DIRECTORY"}
    # Bytes of file names that are no UTF-8 come back as Python's own escapes.
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogateescape",
        env=environment,
    ) as process:
        try:
            output, errors = process.communicate()
        except BaseException:
            # subprocess.run would kill it: its temporary file would stay.
            process.terminate()
            process.wait()
            raise
    if process.returncode and not (judges and process.returncode == 1):
        # The last line speaks to users of the shell.
        message = re.sub(r"\nmodelexport \w+ --help lists the flags$", "", errors.strip())
        message = message or f"{command[0]} ended without a message, exit status {process.returncode}"
        raise ModelExportError(message, process.returncode)
    return output
