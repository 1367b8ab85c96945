"""What `modelexport tap` writes, in ONNX Runtime: the outputs of the model stay as they were, bit for bit.

Needs the program, built, in the environment variable MODELEXPORT.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy
import onnx
import onnxruntime
from onnx import helper

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def tap(*arguments: str | pathlib.Path) -> str:
    command = [os.environ["MODELEXPORT"], "tap", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise AssertionError(f"exit status {result.returncode}: {result.stderr}")
    return result.stdout


def run(path: pathlib.Path, inputs: dict[str, numpy.ndarray] | None = None) -> dict[str, object]:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    if inputs is None:
        shapes = {each.name: [size if isinstance(size, int) else 2 for size in each.shape] for each in session.get_inputs()}
        inputs = {name: numpy.ones(shape, numpy.int64) for name, shape in shapes.items()}
    names = [each.name for each in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs)))


class TapTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_outputs_stay_bit_for_bit(self) -> None:
        for exporter, values in (("torchscript", 40), ("dynamo", 40)):
            with self.subTest(exporter):
                model = REPOSITORY / "testdata/bert_tiny" / exporter / "model.onnx"
                hierarchy = REPOSITORY / "testdata/bert_tiny/hierarchy.json"
                tapped = self.folder / "tapped.onnx"
                summary = tap(model, tapped, f"--hierarchy={hierarchy}", "--validate=full")
                self.assertIn(f"tapped      {values} of 45 module calls", summary)
                self.assertIn("full, no findings", summary)
                before, after = run(model), run(tapped)
                self.assertGreater(len(after), len(before) + 20)
                for name, array in before.items():
                    self.assertEqual(numpy.asarray(array).tobytes(), numpy.asarray(after[name]).tobytes())

    def test_sequences_and_values_that_others_overwrite(self) -> None:
        """A sequence as an output, and a body that has a value of the same name."""
        inner = helper.make_graph(
            [helper.make_node("Neg", ["h"], ["p"])], "yes", [], [helper.make_tensor_value_info("p", 1, [2])]
        )
        other = helper.make_graph(
            [helper.make_node("Abs", ["h"], ["p"])], "no", [], [helper.make_tensor_value_info("p", 1, [2])]
        )
        nodes = [
            helper.make_node("Relu", ["x"], ["h"], "/a/Relu"),
            helper.make_node("SequenceConstruct", ["h", "h"], ["s"], "/b/SequenceConstruct"),
            helper.make_node("If", ["c"], ["i"], "/d/If", then_branch=inner, else_branch=other),
            helper.make_node("ConcatFromSequence", ["s"], ["t"], "/e/ConcatFromSequence", axis=0),
            helper.make_node("Concat", ["t", "i"], ["y"], "/Concat", axis=0),
        ]
        inputs = [helper.make_tensor_value_info("x", 1, [2]), helper.make_tensor_value_info("c", 9, [])]
        graph = helper.make_graph(nodes, "g", inputs, [helper.make_tensor_value_info("y", 1, [6])])
        model, tapped = self.folder / "model.onnx", self.folder / "tapped.onnx"
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), model)
        tap(model, tapped, "--hierarchy=names", "--validate=full", "--modules=a,b,d,e")
        made = run(tapped, {"x": numpy.array([-1, 2], numpy.float32), "c": numpy.array(True)})
        self.assertEqual(list(made), ["y", "h", "s", "i", "t"])
        self.assertEqual([array.tolist() for array in made["s"]], [[0, 2], [0, 2]])
        self.assertEqual(made["i"].tolist(), [0, -2])
        self.assertEqual(made["y"].tolist(), [0, 2, 0, 2, 0, -2])


if __name__ == "__main__":
    unittest.main()
