"""Lets pip build the wheel from a clone (PEP 517): `bazelw` makes //tools/python:wheel, which is handed on as it is."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from typing import NoReturn

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
TARGET = "//tools/python:wheel"
OF_PIP = ("PYTHON", "PEP517_", "_PYPROJECT_HOOKS_", "PIP_BUILD_TRACKER")


def build_wheel(
    wheel_directory: str,
    config_settings: Mapping[str, object] | None = None,
    metadata_directory: str | None = None,
) -> str:
    # pip must neither become root nor ask for a password, so nothing is installed here. What it set for this process
    # would lead the pip that Bazel runs astray.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_PIP)}
    command = [os.fspath(REPOSITORY / "bazelw"), "build", TARGET]
    status = subprocess.run(
        command, cwd=REPOSITORY, env={**environment, "BAZELW_INSTALL": "no"}, stdout=sys.stderr, check=False
    ).returncode
    if status:
        sys.exit(f"wheel_backend: `./bazelw build {TARGET}` in {REPOSITORY} ended with exit status {status}")
    wheel = newest_wheel(REPOSITORY / ".bazel/bin/tools/python")
    shutil.copyfile(wheel, pathlib.Path(wheel_directory, wheel.name))
    return wheel.name


def newest_wheel(folder: pathlib.Path) -> pathlib.Path:
    """The wheel of this version: Bazel leaves those of others beside it."""
    header = (REPOSITORY / "modelexport/base/version.h").read_text(encoding="utf-8")
    version = re.findall(r'kVersion\[\] = "([^"]*)"', header)[0]
    return max(folder.glob(f"modelexport-{version}-*.whl"), key=lambda wheel: wheel.stat().st_mtime)


def build_sdist(sdist_directory: str, config_settings: Mapping[str, object] | None = None) -> NoReturn:
    sys.exit("wheel_backend: there is no source distribution, because the build needs the whole repository: clone it")
