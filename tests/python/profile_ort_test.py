"""Profiles as ONNX Runtime writes them: threads, parallel execution, loops.

Needs the program, built, in the environment variable MODELEXPORT.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest
from typing import Any

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper

PROGRAM = os.environ.get("MODELEXPORT", "modelexport")


def tagged(module: str, op_type: str, inputs: list[str], outputs: list[str], **attributes: Any) -> onnx.NodeProto:
    node = helper.make_node(op_type, inputs, outputs, name=f"{module or 'root'}/{outputs[0]}", **attributes)
    entries = {"modelexport.module": module, "modelexport.tag": "/Net", "modelexport.evidence": "node_name"}
    node.metadata_props.extend(onnx.StringStringEntryProto(key=key, value=text) for key, text in entries.items())
    return node


def two_branches() -> onnx.ModelProto:
    """Two products that do not wait for each other."""
    value = [64, 64]
    nodes = [
        tagged("left", "MatMul", ["x", "x"], ["l"]),
        tagged("right", "MatMul", ["x", "x"], ["r"]),
        tagged("", "Add", ["l", "r"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, value)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, value)],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def loop(trips: int) -> onnx.ModelProto:
    """A product in the body of a loop, whose node has the same name as one outside."""
    value = [64, 64]
    body = helper.make_graph(
        [
            tagged("step", "MatMul", ["s", "s"], ["product"]),
            tagged("step", "Relu", ["product"], ["s2"]),
            helper.make_node("Identity", ["go"], ["go2"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("s", TensorProto.FLOAT, value),
        ],
        [
            helper.make_tensor_value_info("go2", TensorProto.BOOL, []),
            helper.make_tensor_value_info("s2", TensorProto.FLOAT, value),
        ],
    )
    nodes = [
        tagged("first", "Relu", ["x"], ["x2"]),
        tagged("loop", "Loop", ["n", "yes", "x2"], ["looped"], body=body),
        tagged("last", "Relu", ["looped"], ["y"]),
    ]
    nodes[0].name = nodes[1].attribute[0].g.node[1].name = "relu"
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, value)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, value)],
        [helper.make_tensor("n", TensorProto.INT64, [], [trips]), helper.make_tensor("yes", TensorProto.BOOL, [], [True])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


class OrtProfileTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def session(self, model: onnx.ModelProto, **options: Any) -> onnxruntime.InferenceSession:
        onnx.save(model, self.folder / "model.onnx")
        chosen = onnxruntime.SessionOptions()
        chosen.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        chosen.intra_op_num_threads = 1
        chosen.enable_profiling = True
        chosen.profile_file_prefix = str(self.folder / "profile")
        for name, value in options.items():
            setattr(chosen, name, value)
        return onnxruntime.InferenceSession(str(self.folder / "model.onnx"), chosen, providers=["CPUExecutionProvider"])

    def profile(self, session: onnxruntime.InferenceSession, *flags: str) -> dict[str, Any]:
        events = session.end_profiling()
        command = [PROGRAM, "profile", self.folder / "model.onnx", f"--events={events}", "--format=json", *flags]
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual((ran.stderr, ran.returncode), ("", 0))
        return json.loads(ran.stdout)

    @staticmethod
    def feeds() -> dict[str, Any]:
        return {"x": numpy.ones((64, 64), numpy.float32) / 64}

    def test_runs_at_the_same_time(self) -> None:
        session = self.session(two_branches())

        def run() -> None:
            for _ in range(20):
                session.run(None, self.feeds())

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answer = self.profile(session)
        self.assertEqual((answer["runs_seen"], answer["attributed"]), (60, 1))
        self.assertGreaterEqual(answer["runs"], 30)
        self.assertEqual({row["module"]: row["kernels"] for row in answer["rows"]}, {"": 3, "left": 1, "right": 1})
        self.assertGreater(answer["outside_us"], 0)

    def test_kernels_at_the_same_time(self) -> None:
        parallel = onnxruntime.ExecutionMode.ORT_PARALLEL
        session = self.session(two_branches(), execution_mode=parallel, inter_op_num_threads=2)
        for _ in range(20):
            session.run(None, self.feeds())
        answer = self.profile(session)
        self.assertEqual((answer["runs_seen"], answer["attributed"]), (20, 1))
        self.assertIsNone(answer["outside_us"])
        self.assertEqual({row["module"]: row["kernels"] for row in answer["rows"]}, {"": 3, "left": 1, "right": 1})

    def test_a_loop_counts_once(self) -> None:
        session = self.session(loop(10))
        for _ in range(8):
            session.run(None, self.feeds())
        answer = self.profile(session)
        self.assertEqual(answer["runs_seen"], 8)
        rows = {row["module"]: row for row in answer["rows"]}
        kernels = {module: row["kernels"] for module, row in rows.items()}
        self.assertEqual(kernels, {"": 23, "first": 1, "last": 1, "loop": 1, "step": 20, None: 10})
        self.assertGreater(answer["outside_us"], 0)


if __name__ == "__main__":
    unittest.main()
