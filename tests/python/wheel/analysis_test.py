"""`analyze`, `select` and `compare` of the installed package, on a file that nobody tagged."""

from __future__ import annotations

import pathlib
import tempfile
import unittest

import modelexport
from modelexport import ModuleFigures, SelectedNode

TESTDATA = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "testdata"
MODEL = TESTDATA / "bert_tiny/torchscript/model.onnx"
DYNAMO = TESTDATA / "bert_tiny/dynamo/model.onnx"
HIERARCHY = TESTDATA / "bert_tiny/hierarchy.json"


class AnalyzeTest(unittest.TestCase):
    def test_modules_of_names(self) -> None:
        analysis = modelexport.analyze(MODEL, filter="pooler")
        self.assertEqual((analysis.model, analysis.hierarchy, analysis.nodes), (MODEL, "names", 148))
        self.assertEqual(
            analysis.modules[1],
            ModuleFigures("pooler.dense", None, None, 1, 1, 16512, 16512, 66048, {"Gemm": 1}, {"node_name": 1}, {"float": 1}),
        )

    def test_modules_of_a_sidecar(self) -> None:
        root = modelexport.analyze(MODEL, hierarchy=HIERARCHY).modules[0]
        self.assertEqual((root.module, root.calls, root.nodes_total), ("", 1, 148))
        self.assertTrue((root.module_class or "").endswith("BertModel"))

    def test_frame(self) -> None:
        table = modelexport.analyze(MODEL, frame=True)
        self.assertEqual(int(table[table.module == ""].nodes_total.iloc[0]), 148)
        self.assertTrue(table.calls.isna().all())

    def test_costs(self) -> None:
        analysis = modelexport.analyze(MODEL, filter="pooler.dense", costs=True)
        self.assertEqual((analysis.macs, analysis.activations), (12877824, 1805473))
        dense = analysis.modules[0]
        self.assertEqual((dense.macs, dense.macs_at_least, dense.activations), (2 * 128 * 128, 2 * 128 * 128, 1024))
        self.assertIsNone(modelexport.analyze(MODEL).macs)

    def test_dimensions_with_values(self) -> None:
        model = TESTDATA / "lost_names/torchscript/model.onnx"
        root = modelexport.analyze(model, costs=True).modules[0]
        self.assertEqual((root.macs, root.macs_at_least), (None, 0))
        dims = {"tokens_dynamic_axes_1": 1, "tokens_dynamic_axes_2": 5}
        self.assertEqual(modelexport.analyze(model, dims=dims).macs, 15360)

    def test_placement_and_lines(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            placed = pathlib.Path(folder, "placed.json")
            placed.write_text('{"CPUExecutionProvider": ["node_linear_12"]}')
            analysis = modelexport.analyze(DYNAMO, filter="pooler.dense", placement=placed, lines=True)
        self.assertEqual(analysis.modules[0].placement, {"CPU": 1})
        self.assertRegex(analysis.modules[0].line or "", r"^transformers/models/bert/modeling_bert\.py:\d+$")

    def test_words_are_strings(self) -> None:
        with self.assertRaisesRegex(modelexport.ModelExportError, r"\./names: cannot open"):
            modelexport.analyze(MODEL, hierarchy=pathlib.Path("names"))


class SelectTest(unittest.TestCase):
    def test_nodes(self) -> None:
        self.assertEqual(
            modelexport.select(MODEL, "pooler.dense", expect=1),
            [SelectedNode("#146", "/pooler/dense/Gemm", "Gemm", "pooler.dense", None, "node_name", confidence=0.999)],
        )

    def test_patterns_may_begin_as_flags_do(self) -> None:
        with self.assertRaisesRegex(modelexport.ModelExportError, "--own.*matches nothing"):
            modelexport.select(MODEL, "--own")

    def test_own_and_frame(self) -> None:
        table = modelexport.select(MODEL, "pooler", own=True, frame=True)
        self.assertEqual(list(table.op_type), ["Gather"])

    def test_another_number(self) -> None:
        with self.assertRaises(modelexport.ModelExportError) as raised:
            modelexport.select(MODEL, "op:MatMul", expect=1)
        self.assertEqual(raised.exception.exit_code, 1)


class CompareTest(unittest.TestCase):
    def test_two_exports_of_one_model(self) -> None:
        comparison = modelexport.compare(MODEL, DYNAMO, hierarchy=HIERARCHY)
        self.assertEqual((comparison.nodes.a, comparison.nodes.b, comparison.nodes.vanished), (148, 75, 76))
        self.assertTrue(comparison.differs)
        module = next(each for each in comparison.modules if each.module == "encoder.layer.0.intermediate.intermediate_act_fn")
        self.assertEqual((module.nodes_a, module.nodes_b, module.appeared), (8, 1, {"Gelu": 1}))
        self.assertEqual((module.found_in, module.allowed), ("both", False))

    def test_allowed_and_depth(self) -> None:
        comparison = modelexport.compare(MODEL, DYNAMO, hierarchy=HIERARCHY, allow=["**"], depth=1)
        self.assertEqual([each.module for each in comparison.modules], ["", "embeddings", "encoder"])
        self.assertFalse(comparison.differs)

    def test_frame(self) -> None:
        table = modelexport.compare(MODEL, DYNAMO, hierarchy=HIERARCHY, frame=True)
        self.assertEqual(int(table[table.module == "embeddings"].nodes_a.iloc[0]), 22)

    def test_one_pattern_is_no_sequence(self) -> None:
        with self.assertRaises(TypeError):
            modelexport.compare(MODEL, MODEL, allow="**")


if __name__ == "__main__":
    unittest.main()
