"""Modules of testdata's models as models of their own, in ONNX Runtime: tests/extraction/check_extract.py.

Needs the program, built, in the environment variable MODELEXPORT.
"""

from __future__ import annotations

import pathlib
import sys
import tempfile
import unittest

import numpy
import onnx

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "tests" / "extraction"))

import check_extract  # noqa: E402  pylint: disable=wrong-import-position

TESTDATA = REPOSITORY / "testdata"


class ExtractTest(unittest.TestCase):
    def expect(self, model: str, equal: int) -> None:
        path = TESTDATA / model
        tally = check_extract.check(path, path.parent.parent / "hierarchy.json", 10**9)
        self.assertEqual(tally.failures, [])
        self.assertGreaterEqual(tally.equal, equal)

    def test_bert(self) -> None:
        self.expect("bert_tiny/dynamo/model.onnx", 38)
        self.expect("bert_tiny/torchscript/model.onnx", 38)

    def test_modules_that_are_called_more_than_once(self) -> None:
        self.expect("naming_traps/dynamo/model.onnx", 72)
        self.expect("naming_traps/torchscript/model.onnx", 92)

    def test_external_data(self) -> None:
        """Layers of a model with all weights in one file, each run with its own part of them."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.onnx")
            model = onnx.load(TESTDATA / "bert_tiny/torchscript/model.onnx")
            onnx.save(model, path, save_as_external_data=True, location="weights.bin", size_threshold=0)
            whole = pathlib.Path(folder, "weights.bin").stat().st_size
            runs = [check_extract.all_values(str(path), seed) for seed in (1, 2)]
            flags = ["--module=encoder.layer.1", f"--hierarchy={TESTDATA / 'bert_tiny/hierarchy.json'}", "--quiet"]
            for name, more in (("copied.onnx", []), ("left.onnx", ["--external_data=leave"])):
                output = f"{folder}/{name}"
                result = check_extract.run_program("extract", str(path), output, *flags, "--validate=full", *more)
                self.assertEqual((result.stderr, result.returncode), ("", 0))
                self.assertEqual(check_extract.fault_of(output, runs), "")
            self.assertLess(pathlib.Path(folder, "copied.onnx.data").stat().st_size, whole / 2)
            self.assertFalse(pathlib.Path(folder, "left.onnx.data").exists())

    def test_sequences_optionals_and_loops(self) -> None:
        """Sequences and optionals go from one module to another; the body of a Loop reads outer values."""
        helper, proto = onnx.helper, onnx.TensorProto
        vector, flag = [("acc", proto.FLOAT, [3])], ("c", proto.BOOL, [])

        def infos(*values: tuple[str, int, list[int]]) -> list[onnx.ValueInfoProto]:
            return [helper.make_tensor_value_info(*value) for value in values]

        body = helper.make_graph(
            [
                helper.make_node("Add", ["acc", "w"], ["acc2"]),
                helper.make_node("Identity", ["c"], ["c2"]),
                helper.make_node("Mul", ["acc2", "p"], ["product"]),
            ],
            "body",
            infos(("i", proto.INT64, []), flag, *vector),
            infos(("c2", proto.BOOL, []), ("acc2", proto.FLOAT, [3]), ("product", proto.FLOAT, [3])),
        )
        nodes = {
            "a": [
                helper.make_node("Relu", ["x"], ["p"]),
                helper.make_node("SequenceConstruct", ["p", "x"], ["s"]),
                helper.make_node("Optional", ["p"], ["o"]),
            ],
            "b": [
                helper.make_node("Loop", ["n", "t", "p"], ["l", "products"], body=body),
                helper.make_node("SequenceAt", ["s", "zero"], ["q"]),
                helper.make_node("OptionalGetElement", ["o"], ["e"]),
                helper.make_node("Sum", ["l", "q", "e"], ["y"]),
            ],
        }
        for module, owned in nodes.items():
            for node in owned:
                for key, value in (("module", module), ("tag", "/N"), ("evidence", "node_name")):
                    node.metadata_props.add(key=f"modelexport.{key}", value=value)
        weights = [
            helper.make_tensor("w", proto.FLOAT, [3], [1, 2, 3]),
            helper.make_tensor("n", proto.INT64, [], [4]),
            helper.make_tensor("zero", proto.INT64, [], [0]),
            helper.make_tensor("t", proto.BOOL, [], [True]),
        ]
        outputs = infos(("y", proto.FLOAT, [3]), ("products", proto.FLOAT, [4, 3]))
        graph = helper.make_graph(sum(nodes.values(), []), "g", infos(("x", proto.FLOAT, [3])), outputs, weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
        model.training_info.add().initialization.name = "left out"
        with tempfile.TemporaryDirectory() as folder:
            path, part = f"{folder}/model.onnx", f"{folder}/part.onnx"
            onnx.save(model, path)
            runs = [check_extract.all_values(path, seed) for seed in (1, 2)]
            for module, names in (("a", ["p", "s", "o"]), ("b", ["y", "products"]), (".", ["y", "products"])):
                result = check_extract.run_program("extract", path, part, f"--module={module}", "--validate=full")
                self.assertEqual((result.stderr, result.returncode), ("", 0))
                self.assertEqual(check_extract.fault_of(part, runs), "")
                self.assertEqual([output.name for output in onnx.load(part).graph.output], names)

    def test_the_check_sees_a_wrong_weight(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/model.onnx"
            node = onnx.helper.make_node("Mul", ["x", "w"], ["y"])
            values = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in "xy"]
            for weight in (2, 3):
                tensor = onnx.helper.make_tensor("w", onnx.TensorProto.FLOAT, [1], [weight])
                graph = onnx.helper.make_graph([node], "g", values[:1], values[1:], [tensor])
                opsets = [onnx.helper.make_opsetid("", 17)]
                onnx.save(onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
                runs = [{"x": numpy.ones(1, numpy.float32), "y": numpy.full(1, 2, numpy.float32)}]
                self.assertEqual(check_extract.fault_of(path, runs), "" if weight == 2 else "y has other values")


if __name__ == "__main__":
    unittest.main()
