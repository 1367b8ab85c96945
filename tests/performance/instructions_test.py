"""Counts the instructions that tagging 10,000 nodes takes, against those recorded in instructions.txt.

Unlike times, they hardly differ from machine to machine and not at all from run to run. After a change that is meant
to alter them, on Debian 12 with valgrind:

    ./bazelw run //tests/performance:instructions_test -- --record
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

RECORD = pathlib.Path("tests/performance/instructions.txt")
TOLERANCE = 0.10


def count() -> int:
    with tempfile.TemporaryDirectory() as folder:
        model, sidecar, output = (os.path.join(folder, name) for name in ("in.onnx", "in.json", "out.onnx"))
        generate = [sys.executable, "tests/performance/generate.py", model, sidecar, "--nodes=10000"]
        subprocess.run(generate, check=True)
        valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--vgdb=no"]
        tag = ["tools/tag_onnx", model, sidecar, output, "--quiet", "--min_coverage=1"]
        done = subprocess.run([*valgrind, *tag], check=True, stderr=subprocess.PIPE, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def record() -> None:
    path = pathlib.Path(os.environ["BUILD_WORKSPACE_DIRECTORY"]) / RECORD
    path.write_text(f"{count()}\n")
    print(f"{path}: {path.read_text()}", end="")


class InstructionsTest(unittest.TestCase):
    def test_tagging_takes_as_many_as_recorded(self) -> None:
        if "OPTIMISED" not in os.environ:
            self.skipTest("the build is not optimised")
        if shutil.which("valgrind") is None:
            self.skipTest("valgrind is not installed")
        recorded, counted = int(RECORD.read_text()), count()
        change = counted / recorded - 1
        self.assertLessEqual(
            abs(change),
            TOLERANCE,
            f"{counted} instructions are {change:+.1%} against the {recorded} recorded; if that is meant to be:\n"
            "./bazelw run //tests/performance:instructions_test -- --record",
        )


if __name__ == "__main__":
    if sys.argv[1:] == ["--record"]:
        record()
    else:
        unittest.main()
