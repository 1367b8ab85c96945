"""Renamed files, and what the tools that know nodes by their names do with them."""

from __future__ import annotations

import pathlib
import tempfile
import unittest

import modelexport
import numpy
import onnx
import onnxruntime
import torch
from onnxruntime import quantization
from torch import nn

TESTDATA = pathlib.Path(__file__).resolve().parents[3] / "testdata"
FIXTURES = ("bert_tiny", "naming_traps", "resnet50")


def session(path: pathlib.Path, **entries: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the order of sums, and so the last bits, depend on it
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    for name, value in entries.items():
        options.add_session_config_entry(f"session.{name}", value)
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def outputs(path: pathlib.Path) -> list[bytes]:
    running = session(path)
    generator = numpy.random.default_rng(5)
    feed = {}
    for value in running.get_inputs():
        if value.type == "tensor(float)":
            feed[value.name] = generator.standard_normal(value.shape, dtype=numpy.float32)
        else:
            feed[value.name] = generator.integers(1, 40, value.shape, dtype=numpy.int64)
    return [output.tobytes() for output in running.run(None, feed)]


class RenameTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.tagged, self.renamed = self.folder / "tagged.onnx", self.folder / "renamed.onnx"

    def rename(self, fixture: str, *, values: bool = False) -> pathlib.Path:
        source = TESTDATA / fixture / "model.onnx"
        modelexport.tag(source, source.parent.parent / "hierarchy.json", self.tagged)
        self.assertEqual(modelexport.rename(self.tagged, self.renamed, values=values), self.renamed)
        return source

    def test_renamed_files_compute_the_same_and_are_given_back(self) -> None:
        for fixture in FIXTURES:
            for exporter in ("torchscript", "dynamo"):
                with self.subTest(fixture, exporter=exporter):
                    source = self.rename(f"{fixture}/{exporter}", values=True)
                    onnx.checker.check_model(self.renamed, full_check=True)
                    names = [node.name for node in onnx.load(self.renamed).graph.node]
                    self.assertEqual(len(set(names)), len(names))
                    self.assertEqual(outputs(self.renamed), outputs(source))
                    back = modelexport.rename(self.renamed, self.folder / "back.onnx", undo=True)
                    self.assertEqual(back.read_bytes(), self.tagged.read_bytes())

    def test_nodes_to_exclude(self) -> None:
        self.rename("bert_tiny/dynamo")
        names = [node.name for node in onnx.load(self.renamed).graph.node]
        kept = [name for name in names if name.startswith("/encoder/layer.0/")]
        quantised = self.folder / "quantised.onnx"
        quantization.quantize_dynamic(self.renamed, quantised, nodes_to_exclude=kept)
        products = [node for node in onnx.load(quantised).graph.node if node.op_type in ("MatMul", "MatMulInteger")]
        in_float = {node.name for node in products if node.op_type == "MatMul"}
        in_integers = {node.name for node in products if node.op_type == "MatMulInteger"}
        self.assertTrue(any(name.startswith("/encoder/layer.0/") for name in in_float))
        self.assertTrue(any(name.startswith("/encoder/layer.1/") for name in in_integers))
        self.assertFalse(any(name.startswith("/encoder/layer.0/") for name in in_integers))

    def test_name_based_layer_assignment(self) -> None:
        """ONNX Runtime takes the scopes as patterns. Without a second provider there is nothing else to see."""
        self.rename("bert_tiny/dynamo")
        session(self.renamed, name_based_layer_assignment="cpu(/encoder/layer.0/)")

    def test_export(self) -> None:
        path = self.folder / "model.onnx"
        model = nn.Sequential(nn.Linear(4, 4), nn.ReLU()).eval()
        modelexport.export_model(
            model, torch.ones(1, 4), path, dynamo=True, verbose=False, external_data=False, rename=True
        )
        nodes = {node.name: node.module for node in modelexport.read_tags(path)}
        self.assertEqual(nodes, {"/0/Gemm": "0", "/1/Relu": "1"})

    def test_files_without_tags(self) -> None:
        for hierarchy in (None, TESTDATA / "bert_tiny/hierarchy.json"):
            modelexport.rename(TESTDATA / "bert_tiny/dynamo/model.onnx", self.renamed, hierarchy=hierarchy)
            names = {node.name for node in onnx.load(self.renamed).graph.node}
            self.assertIn("/encoder/layer.0/attention/self/query/MatMul", names)

    def test_errors(self) -> None:
        with self.assertRaises(modelexport.ModelExportError) as raised:
            modelexport.rename(TESTDATA / "bert_tiny/dynamo/model.onnx", self.renamed, hierarchy="tags")
        self.assertEqual(raised.exception.exit_code, 3)
        self.assertFalse(self.renamed.exists())


if __name__ == "__main__":
    unittest.main()
