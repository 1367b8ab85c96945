"""`modelexport analyze --placement` with what ONNX Runtime says of a session: its assignment, and its profile.

Needs the program, built, in the environment variable MODELEXPORT.
"""

from __future__ import annotations

import collections
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy
import onnxruntime

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
MODEL = REPOSITORY / "testdata/bert_tiny/dynamo/model.onnx"
HIERARCHY = REPOSITORY / "testdata/bert_tiny/hierarchy.json"
PROVIDERS = ["CPUExecutionProvider"]


def placement_by_module(model: pathlib.Path, placed: pathlib.Path) -> dict[str, dict[str, int]]:
    command = [os.environ["MODELEXPORT"], "analyze", model, f"--placement={placed}", f"--hierarchy={HIERARCHY}"]
    result = subprocess.run([*command, "--format=json"], capture_output=True, text=True, check=True)
    return {row["module"]: row["placement"] for row in json.loads(result.stdout)["modules"]}


class PlacementTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_assignment(self) -> None:
        """As docs/commands/analyze.md writes the list."""
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(MODEL, options, providers=PROVIDERS)
        placed = collections.defaultdict(list)
        for part in session.get_provider_graph_assignment_info():
            placed[part.ep_name] += [node.name for node in part.get_nodes()]
        path = self.folder / "placed.json"
        path.write_text(json.dumps(placed))
        modules = placement_by_module(MODEL, path)
        self.assertEqual((modules[""], modules["pooler"]), ({"CPU": 75}, {"CPU": 3}))

    def test_profile_of_the_graph_that_ran(self) -> None:
        options = onnxruntime.SessionOptions()
        options.enable_profiling = True
        options.profile_file_prefix = str(self.folder / "profile")
        options.optimized_model_filepath = str(self.folder / "ran.onnx")
        session = onnxruntime.InferenceSession(MODEL, options, providers=PROVIDERS)
        shapes = {each.name: [size if isinstance(size, int) else 8 for size in each.shape] for each in session.get_inputs()}
        session.run(None, {name: numpy.ones(shape, numpy.int64) for name, shape in shapes.items()})
        profile = pathlib.Path(session.end_profiling())
        modules = placement_by_module(self.folder / "ran.onnx", profile)
        self.assertEqual(list(modules[""]), ["CPU"])
        self.assertGreater(modules["encoder.layer.0"]["CPU"], 10)


if __name__ == "__main__":
    unittest.main()
