"""What `modelexport select` prints, given to the tools that it is printed for.

ONNX Runtime's quantizers and its name-based placement are run. Of tools that need a GPU or much more than this test may
install, the way in which they match names is repeated here.

Needs the program, built, in the environment variable MODELEXPORT.
"""

from __future__ import annotations

import fnmatch
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import numpy
import onnx
import onnxruntime
from onnxruntime import quantization

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BERT = {exporter: REPOSITORY / "testdata/bert_tiny" / exporter / "model.onnx" for exporter in ("torchscript", "dynamo")}


def select(*arguments: str | pathlib.Path) -> str:
    """What it prints; the hierarchy of bert_tiny says the modules."""
    hierarchy = f"--hierarchy={REPOSITORY}/testdata/bert_tiny/hierarchy.json"
    command = [os.environ["MODELEXPORT"], "select", *arguments, hierarchy]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise AssertionError(f"exit status {result.returncode}: {result.stderr}")
    return result.stdout


def names_of(model: onnx.ModelProto) -> list[str]:
    return [node.name for node in model.graph.node]


def float_weights(model: onnx.ModelProto) -> dict[str, set[str]]:
    """By node name: the operator and the float initializers of at least two dimensions that it reads."""
    floats = {
        tensor.name
        for tensor in model.graph.initializer
        if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) > 1
    }
    return {node.name: {node.op_type, *floats.intersection(node.input)} for node in model.graph.node}


class Inputs(quantization.CalibrationDataReader):
    """One batch of numbers that any of bert_tiny's inputs may have."""

    def __init__(self, path: pathlib.Path) -> None:
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        shapes = {each.name: [size if isinstance(size, int) else 8 for size in each.shape] for each in session.get_inputs()}
        self.batches = iter([{name: numpy.ones(shape, numpy.int64) for name, shape in shapes.items()}])

    def get_next(self) -> dict[str, numpy.ndarray] | None:
        return next(self.batches, None)


class QuantizersTest(unittest.TestCase):
    """https://github.com/huggingface/optimum/issues/1418: a class name, and its modules stay as they are."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.output = pathlib.Path(folder.name, "quantized.onnx")

    def expect_layers_in_float(self, path: pathlib.Path, excluded: list[str]) -> None:
        before, after = float_weights(onnx.load(path)), float_weights(onnx.load(self.output))
        self.assertGreater(len(excluded), 20)
        with_weights = [name for name in excluded if len(before[name]) > 1]
        self.assertGreater(len(with_weights), 5)
        for name in with_weights:
            self.assertEqual(after[name], before[name])
        lost = [name for name in before if len(before[name]) > 1 and after.get(name) != before[name]]
        self.assertTrue(lost, "nothing else was quantized")
        self.assertFalse(set(lost).intersection(excluded))

    def test_dynamic(self) -> None:
        for exporter, path in BERT.items():
            with self.subTest(exporter=exporter):
                excluded = json.loads(select(path, "class:BertLayer", "--format=ort"))
                quantization.quantize_dynamic(path, self.output, nodes_to_exclude=excluded)
                self.expect_layers_in_float(path, excluded)

    def test_static(self) -> None:
        for exporter, path in BERT.items():
            with self.subTest(exporter=exporter):
                excluded = json.loads(select(path, "class:BertLayer", "--format=ort"))
                quantization.quantize_static(path, self.output, Inputs(path), nodes_to_exclude=excluded)
                self.expect_layers_in_float(path, excluded)

    def test_without_the_list_the_layers_are_quantized(self) -> None:
        path = BERT["torchscript"]
        excluded = json.loads(select(path, "class:BertLayer", "--format=ort"))
        quantization.quantize_dynamic(path, self.output)
        with self.assertRaises((AssertionError, KeyError)):
            self.expect_layers_in_float(path, excluded)


class PlacementTest(unittest.TestCase):
    SETTING = "session.name_based_layer_assignment"

    def load(self, setting: str) -> None:
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry(self.SETTING, setting)
        onnxruntime.InferenceSession(BERT["torchscript"], options, providers=["CPUExecutionProvider"])

    def test_the_setting_is_accepted(self) -> None:
        self.load(select(BERT["torchscript"], "embeddings", "--format=placement").strip())

    def test_what_is_never_printed_is_not(self) -> None:
        with self.assertRaises(Exception):
            self.load("cpu(=/embeddings/Add)")


class MatchingRulesTest(unittest.TestCase):
    """Each list, matched as its tool does, means the nodes selected and no other."""

    def expect(self, matched: list[str], path: pathlib.Path) -> None:
        self.assertEqual(matched, select(path, "encoder.layer.1").splitlines())

    def test_regular_expressions(self) -> None:
        """TensorRT Model Optimizer and Neural Compressor: re.match, at the beginning alone."""
        for path in BERT.values():
            for target in ("modelopt", "inc"):
                expressions = select(path, "encoder.layer.1", f"--format={target}").splitlines()
                names = names_of(onnx.load(path))
                self.expect([name for name in names if any(re.match(each, name) for each in expressions)], path)

    def test_olive(self) -> None:
        """Exactly, or by fnmatchcase where an entry has a wildcard."""
        for path in BERT.values():
            entries = json.loads(select(path, "encoder.layer.1", "--format=olive"))

            def is_excluded(name: str, entries: list[str] = entries) -> bool:
                return any(
                    fnmatch.fnmatchcase(name, entry) if re.search(r"[*?[]", entry) else name == entry for entry in entries
                )

            self.expect([name for name in names_of(onnx.load(path)) if is_excluded(name)], path)

    def test_genai(self) -> None:
        for path in BERT.values():
            entries = select(path, "encoder.layer.1", "--format=genai").rstrip("\n").split(",")
            self.expect([name for name in names_of(onnx.load(path)) if name in entries], path)


if __name__ == "__main__":
    unittest.main()
