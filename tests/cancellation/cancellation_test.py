"""SIGTERM ends a run within 0.2 s of computing, wherever it comes, and leaves nothing.

What counts is the processor time that the program takes from the signal to its end, on both threads and with the
release of its memory: a loaded machine does not count. Each case is run once to its end, then once for each of some
points spread evenly over its processor time. To see the times of a case:

    ./bazelw run //tests/cancellation:cancellation_test -- CancellationTest.test_ambiguous_calls
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from typing import NamedTuple

from tests.growth import generators
from tests.performance import generate

MOST = 0.2
PROGRAM = os.path.abspath("tools/modelexport")
TAG = [os.path.abspath("tools/tag_onnx"), "in.onnx", "in.json", "out.onnx", "--quiet", "--min_coverage=0", "--force"]
PROFILE = [PROGRAM, "profile", "in.onnx", "--events=in.json", "--hierarchy=names"]


def changes(command: str, *flags: str) -> list[str]:
    """A command that writes another model, of a tagged one."""
    return [PROGRAM, command, "in.onnx", "out.onnx", "--quiet", *flags]


class Ended(NamedTuple):
    exit_code: int  # Negative: by that signal.
    seconds: float  # Of computing, from the signal on, or in all if there was none.


def processor_time(pid: int) -> float:
    return time.clock_gettime(~pid << 3 | 2)  # What clock_getcpuclockid(3) makes of a process's number.


def run(folder: str, command: list[str], signal_after: float | None = None) -> Ended:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sent = 0.0
    if signal_after is not None:
        while processor_time(process.pid) < signal_after and not os.waitid(
            os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT
        ):
            time.sleep(0.001)
        sent = processor_time(process.pid)
        os.kill(process.pid, signal.SIGTERM)  # If it has ended, its number is still its own until wait4().
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(process.returncode, usage.ru_utime + usage.ru_stime - sent)


class CancellationTest(unittest.TestCase):
    def setUp(self) -> None:
        if "OPTIMISED" not in os.environ:
            self.skipTest("the build is not optimised")
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def expect_soon_ended(self, points: int, command: list[str] = TAG) -> None:
        """With the input in the folder."""
        whole = run(self.folder, command)
        self.assertEqual(whole.exit_code, 0)
        out = pathlib.Path(self.folder, "out.onnx")
        tagged = out.read_bytes()
        out.unlink()
        before = sorted(os.listdir(self.folder))
        interrupted = 0
        for point in range(points):
            after = whole.seconds * (point + 0.5) / points
            ended = run(self.folder, command, after)
            said = f"signal after {after:.2f} of {whole.seconds:.2f} s: {ended.seconds:.3f} s more, {ended.exit_code}"
            print(said, flush=True)
            if out.exists():  # It came when all was done, or all but the end of the program.
                self.assertEqual(out.read_bytes(), tagged, said)
                out.unlink()
                continue
            interrupted += 1
            self.assertEqual(ended.exit_code, -signal.SIGTERM, said)
            self.assertLessEqual(ended.seconds, MOST, said)
            self.assertEqual(sorted(os.listdir(self.folder)), before, said)
        self.assertGreater(interrupted, points / 2)

    def expect_case(self, case: generators.Case, points: int, command: list[str] = TAG) -> None:
        model, hierarchy = case
        pathlib.Path(self.folder, "in.onnx").write_bytes(model)
        pathlib.Path(self.folder, "in.json").write_text(json.dumps(hierarchy))
        self.expect_soon_ended(points, command)

    def expect_generated(self, nodes: int, weights: int, points: int) -> None:
        model = generate.Model(nodes, weights)
        generate.write_model(model, pathlib.Path(self.folder, "in.onnx"))
        generate.write_sidecar(model, pathlib.Path(self.folder, "in.json"))
        self.expect_soon_ended(points)

    def test_large_model(self) -> None:
        """All stages; names, tensors and operators."""
        self.expect_generated(200_000, 4 << 20, points=16)

    def test_large_model_of_names(self) -> None:
        self.expect_generated(200_000, 0, points=6)

    def test_long_alignment(self) -> None:
        """All pairs that an alignment looks at, none like another: no round is the last one early."""
        self.expect_case(generators.equal_operators(4_000), points=6)

    def test_unrolled_cell(self) -> None:
        self.expect_case(generators.unrolled_cell(20_000), points=6)

    def test_ambiguous_calls(self) -> None:
        """Doubts in resolution."""
        self.expect_case(generators.ambiguous_calls(100_000), points=8)

    def test_called_function(self) -> None:
        self.expect_case(generators.called_function(150_000), points=6)

    def test_equal_tensors(self) -> None:
        self.expect_case(generators.equal_tensors(20_000), points=6)

    def test_extract(self) -> None:
        self.expect_case(generators.tagged_blocks(60_000), 6, changes("extract", "--module=b"))

    def test_outline(self) -> None:
        self.expect_case(generators.tagged_blocks(30_000), 6, changes("outline"))

    def test_tap(self) -> None:
        self.expect_case(generators.tagged_blocks(60_000), 6, changes("tap"))

    def test_profile(self) -> None:
        """Nothing is written: all that counts is that it ends soon."""
        model, events = generators.profiled_runs(200_000)
        pathlib.Path(self.folder, "in.onnx").write_bytes(model)
        lines = ",\n".join(json.dumps(event) for event in events)
        for text in (f"[\n{lines}\n]\n", json.dumps(events)):
            pathlib.Path(self.folder, "in.json").write_text(text)
            whole = run(self.folder, PROFILE)
            self.assertEqual(whole.exit_code, 0)
            for point in range(4):
                after = whole.seconds * (point + 0.5) / 4
                ended = run(self.folder, PROFILE, after)
                said = f"signal after {after:.2f} of {whole.seconds:.2f} s: {ended.seconds:.3f} s more, {ended.exit_code}"
                print(said, flush=True)
                self.assertIn(ended.exit_code, (0, -signal.SIGTERM), said)
                self.assertLessEqual(ended.seconds, MOST, said)


if __name__ == "__main__":
    unittest.main()
