"""`extract` and `tap` of the installed package, on a file that nobody tagged."""

from __future__ import annotations

import pathlib
import tempfile
import unittest

import modelexport

TESTDATA = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "testdata"
MODEL = TESTDATA / "bert_tiny/torchscript/model.onnx"
HIERARCHY = TESTDATA / "bert_tiny/hierarchy.json"


class ExtractTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = pathlib.Path(folder.name, "-out.onnx")

    def test_extract(self) -> None:
        self.assertEqual(modelexport.extract(MODEL, self.out, "pooler", call=0, hierarchy=HIERARCHY), self.out)
        self.assertEqual([node.op_type for node in modelexport.read_tags(self.out)], ["Constant", "Gather", "Gemm", "Tanh"])

    def test_what_cannot_be_extracted(self) -> None:
        with self.assertRaisesRegex(modelexport.ModelExportError, "nothing; nearest: pooler") as raised:
            modelexport.extract(MODEL, self.out, "poolr")
        self.assertEqual((raised.exception.exit_code, self.out.exists()), (1, False))

    def test_split(self) -> None:
        pieces = modelexport.split(MODEL, self.out, ["encoder.layer.0", "encoder.layer.1"], hierarchy=HIERARCHY)
        self.assertEqual(pieces, [self.out.with_name(f"-out.{piece}.onnx") for piece in (0, 1)])
        counts = [len(modelexport.read_tags(piece)) for piece in pieces]
        self.assertEqual(sum(counts), len(modelexport.read_tags(MODEL)))

    def test_what_cannot_be_split(self) -> None:
        with self.assertRaisesRegex(modelexport.ModelExportError, "of piece 0 reads what"):
            modelexport.split(MODEL, self.out, ["encoder.layer.1", "encoder.layer.0"], hierarchy=HIERARCHY)
        with self.assertRaisesRegex(ValueError, "a list of modules is wanted"):
            modelexport.split(MODEL, self.out, "encoder.layer.0")
        self.assertEqual(list(self.out.parent.iterdir()), [])

    def test_tap(self) -> None:
        taps = modelexport.tap(MODEL, self.out, modules="pooler.*", hierarchy=HIERARCHY)
        self.assertEqual((taps.model, taps.hierarchy), (self.out, str(HIERARCHY)))
        self.assertEqual([(call.module, call.call) for call in taps.calls], [("pooler.dense", 0), ("pooler.activation", 0)])
        self.assertEqual(taps.added, ("/pooler/dense/Gemm_output_0",))
        (value,) = taps.calls[0].values
        self.assertEqual((value.value, value.type, value.op_type), (taps.added[0], "float[2, 128]", "Gemm"))
        self.assertEqual(taps.calls, modelexport.tap(MODEL, modules="pooler.*", hierarchy=HIERARCHY).calls)


if __name__ == "__main__":
    unittest.main()
