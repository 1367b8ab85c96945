"""`pip install .` where it cannot work says what to do. Where it can, run.sh has installed the wheel that way."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


class WheelBackendTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def test_without_the_packages_it_names_the_command_that_installs_them(self) -> None:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-index", "--no-deps"]
        if subprocess.run([*pip[:3], "--version"], capture_output=True, check=False).returncode:
            pip[:3] = ["python3", "-m", "pip", "--python", sys.executable]  # as run.sh does
        # The folder is a system without any file (bazelw).
        environment = {**os.environ, "BAZELW_SYSTEM_ROOT": self.folder}
        built = subprocess.run(
            [*pip, f"--wheel-dir={self.folder}", REPOSITORY],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.assertEqual(built.returncode, 1, built.stdout)
        self.assertRegex(built.stdout, "packages are missing: bazel-bootstrap .* zlib1g-dev\n")
        command = f"{REPOSITORY}/bazelw build //tools/python:wheel"
        self.assertIn(f"Run this first, as root or with sudo: {command}\n", built.stdout)

    def test_no_source_distribution(self) -> None:
        script = "import sys; sys.path.insert(0, 'tools/python'); import wheel_backend; wheel_backend.build_sdist('.')"
        built = subprocess.run(
            [sys.executable, "-c", script], cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, check=False
        )
        self.assertEqual(built.returncode, 1)
        self.assertRegex(built.stderr, "no source distribution.*clone it\n$")


if __name__ == "__main__":
    unittest.main()
