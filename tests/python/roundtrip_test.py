"""What the program does to files, seen by others: the onnx checker and ONNX Runtime.

Needs the program, built, in the environment variable TAG_ONNX.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import warnings

import numpy
import onnx
import onnxruntime
import torch
from torch import nn

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "tools" / "python"))

from modelexport.sidecar import write_hierarchy

FIXTURES = (
    "bert_tiny/torchscript",
    "bert_tiny/dynamo",
    "naming_traps/torchscript",
    "naming_traps/dynamo",
    "resnet50/torchscript",
    "resnet50/dynamo",
    "script_traps/torchscript",
)


def tag(model: pathlib.Path, hierarchy: pathlib.Path, output: pathlib.Path, *flags: str) -> str:
    command = [os.environ["TAG_ONNX"], model, hierarchy, output, *flags]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise AssertionError(f"exit status {result.returncode}: {result.stderr}")
    return result.stdout


def all_nodes(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    nodes = list(graph.node)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                nodes += all_nodes(attribute.g)
    return nodes


def module_of(node: onnx.NodeProto) -> str | None:
    return next((entry.value for entry in node.metadata_props if entry.key == "modelexport.module"), None)


def without_tags(model: onnx.ModelProto) -> bytes:
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for item in [copy, *all_nodes(copy.graph)]:
        kept = [entry for entry in item.metadata_props if not entry.key.startswith("modelexport.")]
        del item.metadata_props[:]
        item.metadata_props.extend(kept)
    return copy.SerializeToString(deterministic=True)


def outputs(path: pathlib.Path) -> list[numpy.ndarray]:
    """What ONNX Runtime computes from inputs that a fixed seed gives."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the order of sums, and so the last bits, depend on it
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    generator = numpy.random.default_rng(5)
    feed = {}
    for value in session.get_inputs():
        if value.type == "tensor(float)":
            feed[value.name] = generator.standard_normal(value.shape, dtype=numpy.float32)
        else:
            feed[value.name] = generator.integers(1, 40, value.shape, dtype=numpy.int64)
    return session.run(None, feed)


class TestCase(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check_same_model(self, source: pathlib.Path, tagged: pathlib.Path) -> None:
        onnx.checker.check_model(tagged, full_check=True)
        original, model = onnx.load(source), onnx.load(tagged)
        self.assertEqual(without_tags(model), original.SerializeToString(deterministic=True))
        self.assertNotIn(None, [module_of(node) for node in all_nodes(model.graph)])
        before, after = outputs(source), outputs(tagged)
        self.assertEqual(len(before), len(after))
        for index, (one, other) in enumerate(zip(before, after)):
            self.assertEqual((one.dtype, one.shape), (other.dtype, other.shape))
            self.assertEqual(one.tobytes(), other.tobytes(), f"output {index}")


class FixturesTest(TestCase):
    def test_fixtures(self) -> None:
        for name in FIXTURES:
            with self.subTest(name):
                source = REPOSITORY / "testdata" / name / "model.onnx"
                tagged = self.folder / "tagged.onnx"
                tag(source, source.parent.parent / "hierarchy.json", tagged)
                self.check_same_model(source, tagged)

    def test_tagging_a_tagged_file_gives_the_same_file(self) -> None:
        source = REPOSITORY / "testdata" / "naming_traps" / "dynamo" / "model.onnx"
        hierarchy = source.parent.parent / "hierarchy.json"
        once, twice = self.folder / "once.onnx", self.folder / "twice.onnx"
        tag(source, hierarchy, once)
        tag(once, hierarchy, twice)
        self.assertEqual(once.read_bytes(), twice.read_bytes())


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(4, 4)
        self.gate = nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.query(x) * torch.sigmoid(self.gate(x))


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Block(), Block()])
        self.norm = nn.LayerNorm(4)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> dict[str, torch.Tensor]:
        for block in self.blocks:
            x = self.norm(block(x))
        return {"hidden": x, "masked": x * mask}


class NewModelTest(TestCase):
    """From a model in Python to a tagged file, by each exporter and with each kind of operators."""

    def export_and_tag(self, *, dynamo: bool, ops: str) -> list[str]:
        torch.manual_seed(0)
        model = Model().eval()
        args, kwargs = (torch.randn(2, 4),), {"mask": torch.ones(2, 4)}
        source, hierarchy, tagged = (self.folder / name for name in ("model.onnx", "hierarchy.json", "tagged.onnx"))
        program = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if dynamo:
                exported = torch.onnx.export(model, args, kwargs=kwargs, dynamo=True, verbose=False)
                exported.save(source)
                program = exported.exported_program if ops == "program" else None
            else:
                torch.onnx.export(model, args, str(source), kwargs=kwargs, dynamo=False, opset_version=17)
        write_hierarchy(model, args, hierarchy, kwargs=kwargs, ops="auto" if ops == "program" else ops, program=program)
        tag(source, hierarchy, tagged)
        self.check_same_model(source, tagged)
        return [f"{node.op_type} {module_of(node)}" for node in onnx.load(tagged).graph.node]

    def test_dynamo(self) -> None:
        for ops in ("auto", "program", "dispatch", "none"):
            with self.subTest(ops):
                nodes = self.export_and_tag(dynamo=True, ops=ops)
                self.assertIn("Gemm blocks.0.query", nodes)
                self.assertIn("Sigmoid blocks.1", nodes)
                self.assertEqual(nodes.count("LayerNormalization norm"), 2)

    def test_torchscript(self) -> None:
        for ops in ("auto", "dispatch", "none"):
            with self.subTest(ops):
                nodes = self.export_and_tag(dynamo=False, ops=ops)
                self.assertIn("Gemm blocks.0.query", nodes)
                self.assertIn("Sigmoid blocks.1", nodes)
                self.assertEqual(nodes.count("LayerNormalization norm"), 2)


if __name__ == "__main__":
    unittest.main()
