"""`profile` of the installed package, in ONNX Runtime."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import tempfile
import unittest
from typing import Any

import modelexport
import numpy
import onnx
import onnxruntime
import torch

TESTDATA = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "testdata"


def random_inputs(path: pathlib.Path) -> dict[str, Any]:
    dice = numpy.random.default_rng(0)
    inputs = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).get_inputs()
    return {
        value.name: dice.integers(0, 2, value.shape) if "int" in value.type else dice.random(value.shape, numpy.float32)
        for value in inputs
    }


class Wide(torch.nn.Module):
    """Nine tenths of the work is in one of its modules."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Linear(128, 128)
        self.heavy = torch.nn.Linear(128, 128)
        self.last = torch.nn.Linear(128, 128)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.first(x)
        x = self.heavy(x.repeat(400, 1))
        return self.last(x[:8])


class ProfileTest(unittest.TestCase):
    def test_levels_of_optimisation(self) -> None:
        """Fused, and in the layouts of this processor: all time is attributed at each level."""
        for name in ("bert_tiny", "resnet50"):
            for exporter in ("torchscript", "dynamo"):
                path = TESTDATA / name / exporter / "model.onnx"
                inputs = random_inputs(path)
                for level in ("disable", "basic", "extended", "all"):
                    with self.subTest(model=name, exporter=exporter, level=level):
                        profile = modelexport.profile(
                            path, inputs, hierarchy=TESTDATA / name / "hierarchy.json", level=level, runs=4, threads=1
                        )
                        self.assertGreaterEqual(profile.attributed or 0, 0.999)
                        self.assertEqual((profile.runs_seen, profile.notes), (5, ()))
                        own = sum(row.own_us for row in profile.rows)
                        self.assertAlmostEqual(own, profile.kernel_us, places=6)
                        self.assertGreater(profile.outside_us or 0, 0)

    def test_the_heaviest_module_comes_first(self) -> None:
        profile = modelexport.profile(Wide().eval(), torch.rand(8, 128), runs=30, threads=1)
        self.assertEqual([row.module for row in profile.rows[:2]], ["", "heavy"])
        self.assertEqual(profile.rows[1].module_class, "torch.nn.modules.linear.Linear")
        self.assertIn("\n  heavy", profile.table())

    def test_names_of_nodes_do_not_matter(self) -> None:
        """The program joins what ran with the file that ran: other names, or none, give the same table."""
        path = TESTDATA / "bert_tiny/torchscript/model.onnx"
        with tempfile.TemporaryDirectory() as folder:
            ran = modelexport.tag(path, TESTDATA / "bert_tiny/hierarchy.json", pathlib.Path(folder, "tagged.onnx")).model
            model = onnx.load(ran)
            for index, node in enumerate(model.graph.node):
                node.name = "" if index % 3 == 0 else f'Relu_{index} "\\\n'
            renamed = pathlib.Path(folder, "renamed.onnx")
            onnx.save(model, renamed)
            options = onnxruntime.SessionOptions()
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            options.enable_profiling = True
            options.profile_file_prefix = str(pathlib.Path(folder, "profile"))
            session = onnxruntime.InferenceSession(str(renamed), options, providers=["CPUExecutionProvider"])
            for _ in range(3):
                session.run(None, random_inputs(path))
            events = pathlib.Path(session.end_profiling())
            result = modelexport.program.run_program(["profile", renamed, f"--events={events}", "--format=json"])
            # The same events with the names of the other file.
            names = self.names_in_profile(model)
            others = self.names_in_profile(onnx.load(ran))
            translated = json.loads(events.read_text(encoding="utf-8"))
            for event in translated:
                if event["cat"] == "Node":
                    event["name"] = others[names.index(event["name"].removesuffix("_kernel_time"))] + "_kernel_time"
            events.write_text(json.dumps(translated), encoding="utf-8")
            expected = modelexport.program.run_program(["profile", ran, f"--events={events}", "--format=json"])
            self.assertEqual(json.loads(result)["attributed"], 1)
            self.assertEqual(json.loads(result)["rows"], json.loads(expected)["rows"])

    @staticmethod
    def names_in_profile(model: onnx.ModelProto) -> list[str]:
        nodes = [node for node in model.graph.node if node.op_type != "Constant"]
        return [node.name or f"{node.op_type}_{position}" for position, node in enumerate(nodes)]

    def test_results(self) -> None:
        path = TESTDATA / "bert_tiny/dynamo/model.onnx"
        with tempfile.TemporaryDirectory() as folder:
            profile = modelexport.profile(path, list(random_inputs(path).values()), runs=3)
            frame = profile.frame()
            self.assertEqual(list(frame.columns), ["module", "module_class", "own_us", "total_us", "share", "kernels", "shared_us"])
            self.assertEqual(len(frame), len(profile.rows))
            folded = profile.folded(pathlib.Path(folder, "a.folded")).read_text(encoding="utf-8")
            total = sum(int(line.rpartition(" ")[2]) for line in folded.splitlines())
            self.assertAlmostEqual(total / profile.runs, profile.kernel_us, places=6)
            trace = json.loads(profile.trace(pathlib.Path(folder, "a.json")).read_text(encoding="utf-8"))
            kernels = [event["dur"] for event in trace["traceEvents"] if event.get("cat") == "kernel"]
            self.assertAlmostEqual(sum(kernels), profile.kernel_us, places=6)
            self.assertTrue(profile._repr_html_().startswith("<table>"))
            self.assertEqual(str(profile), profile.table())

    def test_no_file_is_left(self) -> None:
        path = TESTDATA / "bert_tiny/dynamo/model.onnx"
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            before = set(os.listdir(tempfile.gettempdir()))
            modelexport.profile(path, random_inputs(path), runs=1)
            self.assertEqual(os.listdir(folder), [])
            left = set(os.listdir(tempfile.gettempdir())) - before
            self.assertEqual([name for name in left if name.startswith("modelexport-")], [])

    def test_wrong_arguments(self) -> None:
        path = TESTDATA / "bert_tiny/dynamo/model.onnx"
        with self.assertRaisesRegex(ValueError, "the model has 2 inputs"):
            modelexport.profile(path, [])
        with self.assertRaisesRegex(ValueError, "runs=0"):
            modelexport.profile(path, [], runs=0)
        with self.assertRaisesRegex(ValueError, "is none of disable, basic"):
            modelexport.profile(path, [], level="most")  # type: ignore[arg-type]
        with self.assertRaisesRegex(modelexport.ModelExportError, "cannot open"):
            modelexport.profile("nowhere.onnx", [])


if __name__ == "__main__":
    unittest.main()
