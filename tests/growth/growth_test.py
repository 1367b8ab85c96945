"""Twice the input takes about twice the instructions, for inputs that once took four times as many, or eight.

Instructions, as callgrind counts them, hardly differ between machines and runs, as times do. What a run takes with
nearly no input is subtracted. To see the ratios of some cases:

    ./bazelw test //tests/growth:growth_test --test_output=all --test_arg=GrowthTest.test_shared_tensor
"""

from __future__ import annotations

import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
from collections.abc import Callable

from tests.growth import generators

# Linear work doubles, and sorting takes a little more: n log n at these sizes comes to 2.2.
MOST = 2.3

TAG = ["tools/tag_onnx", "in.onnx", "in.json", "out.onnx", "--quiet", "--min_coverage=0"]
REPORT = [*TAG, "--report=report.json"]
# Without the alignment, which compares all pairs of node and operator up to a fixed number (docs/matching.md).
USAGE = [*TAG, "--strategy=usage"]
VALIDATE = ["tools/modelexport", "validate", "in.onnx"]

ANALYZE = ["tools/modelexport", "analyze", "in.onnx", "--hierarchy=in.json"]
COMMANDS = {
    "tag": TAG,
    "report": REPORT,
    "usage": USAGE,
    "validate": VALIDATE,
    "analyze": [*ANALYZE, "--format=json"],
    "folded": ANALYZE,
    "extract": ["tools/modelexport", "extract", "in.onnx", "out.onnx", "--module=b", "--quiet"],
    "split": ["tools/modelexport", "extract", "in.onnx", "out.onnx", "--split=b.0,b.1", "--quiet"],
    "outline": ["tools/modelexport", "outline", "in.onnx", "out.onnx", "--quiet"],
    "tap": ["tools/modelexport", "tap", "in.onnx", "out.onnx", "--quiet"],
    "view": ["tools/modelexport", "view", "in.onnx", "--hierarchy=in.json", "-o", "out.html", "--quiet"],
    "profile": ["tools/modelexport", "profile", "in.onnx", "--events=in.json", "--hierarchy=names"],
    "compare": ["tools/modelexport", "compare", "in.onnx", "in.onnx", "--hierarchy=in.json"],
}


def count(generate: Callable[[int], generators.Case], size: int, command: list[str]) -> int:
    """The instructions of the command with the input of that size; it may exit with a finding, but not fail to read."""
    program = os.path.abspath(command[0])
    with tempfile.TemporaryDirectory() as folder:
        model, hierarchy = generate(size)
        pathlib.Path(folder, "in.onnx").write_bytes(model)
        pathlib.Path(folder, "in.json").write_text(json.dumps(hierarchy))
        valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--vgdb=no"]
        done = subprocess.run([*valgrind, program, *command[1:]], cwd=folder, capture_output=True, text=True)
    allowed = (0, 1) if command is VALIDATE else (0,)
    if done.returncode not in allowed:
        raise AssertionError(f"exit status {done.returncode}: {done.stdout}{done.stderr}")
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


# What is cut needs blocks that can be cut, and a profile needs a run.
SMALL = {name: (generators.tagged_blocks, 2) for name in ("extract", "split", "outline", "tap")}
SMALL["profile"] = (generators.profiled_runs, 1)


@functools.lru_cache(maxsize=None)
def fixed(program: str) -> int:
    """What a run takes with nearly no input."""
    generate, size = SMALL.get(program, (generators.suffixes, 1))
    return count(generate, size, COMMANDS[program])


class GrowthTest(unittest.TestCase):
    def setUp(self) -> None:
        if "OPTIMISED" not in os.environ:
            self.skipTest("the build is not optimised")
        if shutil.which("valgrind") is None:
            self.skipTest("valgrind is not installed")

    def expect_linear(self, generate: Callable[[int], generators.Case], size: int, program: str = "tag") -> None:
        command = COMMANDS[program]
        once, twice = (count(generate, n, command) - fixed(program) for n in (size, 2 * size))
        ratio = twice / once
        said = f"{generate.__name__}: {once:,} instructions at {size}, {twice:,} at {2 * size}, ratio {ratio:.2f}"
        print(said, flush=True)
        self.assertLessEqual(ratio, MOST, said)

    def test_unrolled_cell(self) -> None:
        self.expect_linear(generators.unrolled_cell, 250)

    def test_unnamed_cell(self) -> None:
        self.expect_linear(generators.unnamed_cell, 500, "usage")

    def test_shared_tensor(self) -> None:
        self.expect_linear(generators.shared_tensor, 300, "usage")

    def test_odd_sizes(self) -> None:
        self.expect_linear(generators.odd_sizes, 100)

    def test_equal_tensors(self) -> None:
        self.expect_linear(generators.equal_tensors, 300, "usage")

    def test_numbered_scopes(self) -> None:
        self.expect_linear(generators.numbered_scopes, 1000)

    def test_chained_clones(self) -> None:
        self.expect_linear(generators.chained_clones, 1500)

    def test_called_function(self) -> None:
        self.expect_linear(generators.called_function, 1000)

    def test_nested_calls(self) -> None:
        self.expect_linear(generators.nested_calls, 500)

    def test_equal_operators(self) -> None:
        # From about 2,000 on the pairs that an alignment looks at are no more (kMaxPairs in bands.cc).
        self.expect_linear(generators.equal_operators, 2100)

    def test_ambiguous_calls(self) -> None:
        self.expect_linear(generators.ambiguous_calls, 1500)

    def test_many_modules(self) -> None:
        self.expect_linear(generators.many_modules, 1500, "report")

    def test_distinct_operators(self) -> None:
        self.expect_linear(generators.distinct_operators, 1500, "analyze")

    def test_folded_modules(self) -> None:
        self.expect_linear(generators.many_modules, 1500, "folded")

    def test_compared_modules(self) -> None:
        self.expect_linear(generators.many_modules, 1500, "compare")

    def test_extracted_blocks(self) -> None:
        self.expect_linear(generators.tagged_blocks, 400, "extract")

    def test_pieces_of_blocks(self) -> None:
        self.expect_linear(generators.tagged_blocks, 400, "split")

    def test_outlined_blocks(self) -> None:
        self.expect_linear(generators.tagged_blocks, 400, "outline")

    def test_tapped_blocks(self) -> None:
        self.expect_linear(generators.tagged_blocks, 400, "tap")

    def test_viewed_names(self) -> None:
        """A reason for each node, of each kind of evidence."""
        self.expect_linear(generators.many_modules, 1000, "view")

    def test_viewed_weights(self) -> None:
        self.expect_linear(generators.odd_sizes, 100, "view")

    def test_viewed_operators(self) -> None:
        self.expect_linear(generators.chained_clones, 1000, "view")

    def test_suffixes(self) -> None:
        self.expect_linear(generators.suffixes, 120, "validate")

    def test_profiled_runs(self) -> None:
        self.expect_linear(generators.profiled_runs, 1000, "profile")

    def test_profiled_threads(self) -> None:
        self.expect_linear(generators.profiled_threads, 500, "profile")

    def test_profiled_nodes(self) -> None:
        self.expect_linear(generators.profiled_nodes, 1000, "profile")


if __name__ == "__main__":
    unittest.main()
