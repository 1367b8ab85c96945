"""Outlined models in onnx's checker, its inliner and ONNX Runtime: tests/outline/check_outline.py.

Needs the program, built, in the environment variable MODELEXPORT.
"""

from __future__ import annotations

import json
import pathlib
import sys
import tempfile
import unittest

import onnx
import onnx.inliner
import onnx.parser
import onnxruntime

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "tests" / "outline"))

import check_outline  # noqa: E402  pylint: disable=wrong-import-position

TESTDATA = REPOSITORY / "testdata"
check_extract = check_outline.check_extract


def tagged(text: str) -> onnx.ModelProto:
    """A model of which each node is named, as far as "::", after its module."""
    model = onnx.parser.parse_model(text)

    def tag(graph: onnx.GraphProto) -> None:
        for node in graph.node:
            entries = {"module": node.name.split("::")[0], "tag": "/N", "evidence": "node_name"}
            for key, value in entries.items():
                node.metadata_props.add(key=f"modelexport.{key}", value=value)
            for attribute in node.attribute:
                if attribute.HasField("g"):
                    tag(attribute.g)

    tag(model.graph)
    return model


def kernels_by_module(path: str, folder: str) -> dict[str, float]:
    """Of a run without optimisation: how many kernels ran by module, "none" for those of no known module."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.enable_profiling = True
    options.profile_file_prefix = f"{folder}/profile"
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    session.run(None, check_extract.random_inputs(onnx.load(path), 1))
    events = session.end_profiling()
    result = check_extract.run_program("profile", path, f"--events={events}", "--format=json", "--warmup=0")
    profile = json.loads(result.stdout)
    return {"none": 1 - profile["attributed"], **{row["module"]: row["kernels"] for row in profile["rows"]}}


class OutlineTest(unittest.TestCase):
    def expect(self, model: str, functions: str, *flags: str) -> None:
        path = TESTDATA / model
        row = check_outline.check(path, path.parent.parent / "hierarchy.json", list(flags))
        self.assertEqual(row.failures, [])
        self.assertEqual(row.functions, functions)

    def outline(self, model: onnx.ModelProto, *flags: str) -> onnx.ModelProto:
        """The outlined model, which computes the same by its nodes and in ONNX Runtime, and `strip` of it."""
        with tempfile.TemporaryDirectory() as folder:
            path, output, inlined = (f"{folder}/{name}.onnx" for name in ("in", "out", "inlined"))
            onnx.save(model, path)
            result = check_extract.run_program("outline", path, output, "--quiet", "--validate=full", *flags)
            self.assertEqual((result.stderr, result.returncode), ("", 0))
            outlined = onnx.load(output)
            old = {(each.domain, each.name) for each in model.functions}
            new = [each for each in ((each.domain, each.name) for each in outlined.functions) if each not in old]
            onnx.save(onnx.inliner.inline_selected_functions(outlined, new), inlined)
            meaning = check_outline.Meaning(model)
            self.assertEqual(check_outline.difference(meaning, check_outline.Meaning(onnx.load(inlined))), "")
            inputs = check_extract.random_inputs(model, 1)
            for level in check_outline.LEVELS.values():
                expected, got = (check_outline.run(each, level, inputs) for each in (path, output))
                self.assertTrue(all(map(check_extract.same, expected, got)))
            self.assertEqual(check_extract.run_program("strip", output, path, "--quiet").returncode, 0)
            onnx.checker.check_model(path, full_check=True)
            return outlined

    def test_bert(self) -> None:
        for exporter in ("dynamo", "torchscript"):
            self.expect(f"bert_tiny/{exporter}/model.onnx", "BertLayer 2")

    def test_profiles_of_outlined_models(self) -> None:
        """ONNX Runtime puts functions in place under names of its own: all kernels are the modules' that they were."""
        for exporter in ("dynamo", "torchscript"):
            for flags in ([], ["--nested"]):
                with self.subTest(exporter=exporter, flags=flags), tempfile.TemporaryDirectory() as folder:
                    tagged_path, output = f"{folder}/tagged.onnx", f"{folder}/out.onnx"
                    path = str(TESTDATA / f"bert_tiny/{exporter}/model.onnx")
                    hierarchy = str(TESTDATA / "bert_tiny/hierarchy.json")
                    check_extract.run_program("tag", path, hierarchy, tagged_path, "--quiet")
                    result = check_extract.run_program("outline", tagged_path, output, "--quiet", *flags)
                    self.assertEqual((result.stderr, result.returncode), ("", 0))
                    self.assertEqual(kernels_by_module(output, folder), kernels_by_module(tagged_path, folder))

    def test_nested(self) -> None:
        functions = "BertLayer 2, BertOutput 1, BertIntermediate 1, BertAttention 1 and 3 more"
        self.expect("bert_tiny/dynamo/model.onnx", functions, "--nested")
        functions = "BertModel 1, BertPooler 1, BertEncoder 1, ModuleList 1 and 9 more"
        self.expect("bert_tiny/torchscript/model.onnx", functions, "--modules=**")

    def test_modules_that_are_called_more_than_once(self) -> None:
        for exporter in ("dynamo", "torchscript"):
            self.expect(f"naming_traps/{exporter}/model.onnx", "Linear 24, Block 7")

    def test_bodies_read_what_is_around_them(self) -> None:
        """An If in each block reads a value of the block, an input of the model and a weight."""
        self.outline(tagged("""
            <ir_version: 8, opset_import: ["" : 20]>
            main (float[2] x, bool c) => (float[2] y) <float[2] w = {1, 2}, float[2] v = {3, 4}> {
                ["l.0::a"] a = Relu (x)
                ["l.0::b"] b = If (c) <
                    then_branch = yes () => (float[2] t) { ["l.0::t"] s = Mul (a, w) ["l.0::u"] t = Add (s, x) },
                    else_branch = no () => (float[2] e) <float[2] k = {5, 6}> { ["l.0::e"] e = Mul (a, k) }
                >
                ["l.1::a"] d = Relu (b)
                ["l.1::b"] y = If (c) <
                    then_branch = yes2 () => (float[2] t2) { ["l.1::t"] s2 = Mul (d, v) ["l.1::u"] t2 = Add (s2, b) },
                    else_branch = no2 () => (float[2] e2) <float[2] k2 = {5, 6}> { ["l.1::e"] e2 = Mul (d, k2) }
                >
            }"""))

    def test_loops_and_sequences(self) -> None:
        model = self.outline(tagged("""
            <ir_version: 8, opset_import: ["" : 20]>
            main (float[2] x, float[2] z) => (float[2] y) <int64 n = {3}, bool go = {1}> {
                ["l.0::s"] s = SequenceConstruct (x, z)
                ["l.0::l"] a = Loop (n, go, x) < body = step (int64 i, bool k, float[2] p) => (bool k2, float[2] q) {
                    ["l.0::k"] k2 = Identity (k) ["l.0::q"] q = Add (p, z) } >
                ["l.1::s"] s1 = SequenceInsert (s, a)
                ["l.1::c"] b = ConcatFromSequence <axis = 0, new_axis = 0> (s1)
                ["r::r"] y = ReduceSum (b)
            }"""), "--modules=l.*")
        self.assertEqual(len(model.functions), 2)

    def test_functions_names_and_optional_inputs(self) -> None:
        """Functions of the model are called in functions; the call's name is taken; inputs are left out."""
        model = tagged("""
            <ir_version: 8, opset_import: ["" : 20, "local" : 1, "modelexport" : 1]>
            main (float[4] x) => (float[4] y, float[4] m) <float lo = {-1}, float hi = {1}> {
                ["l.0"] f = local.F (x)
                ["l.0::2"] g = Clip (f, , hi)
                ["l.0::3"] unused = Neg (g)
                ["l.1"] h = local.F (g)
                ["l.1::2"] m = Clip (h, , hi)
                ["l.1::3"] unused2 = Neg (m)
                ["r"] y = modelexport.l (m)
            }
            <domain: "local", opset_import: ["" : 20]> F (i) => (o) { o = Relu (i) }
            <domain: "modelexport", opset_import: ["" : 20]> l (i) => (o) { o = Abs (i) }""")
        self.assertEqual([each.name for each in self.outline(model).functions], ["F", "l", "l_2"])


if __name__ == "__main__":
    unittest.main()
