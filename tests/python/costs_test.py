"""MACs by module, against torch's own counter: tests/costs/check_costs.py.

Needs the program, built, in the environment variable MODELEXPORT.
"""

from __future__ import annotations

import pathlib
import sys
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(REPOSITORY / "tests" / "costs"), str(REPOSITORY / "testdata")]

import check_costs  # noqa: E402  pylint: disable=wrong-import-position
import fixture_models  # noqa: E402  pylint: disable=wrong-import-position

TESTDATA = REPOSITORY / "testdata"


class CostsTest(unittest.TestCase):
    def test_exports(self) -> None:
        for name, make in check_costs.SMALL.items():
            for dynamo in (False, True):
                with self.subTest(model=name, dynamo=dynamo):
                    expected, lines = check_costs.compare(make(), dynamo)
                    self.assertEqual(lines, [])
                    self.assertGreater(expected[""], 10_000)

    def test_testdata(self) -> None:
        for name, whole in (("bert_tiny", 12_877_824), ("sam_vision", 289_234_944)):
            expected = check_costs.torch_macs(fixture_models.make(name))
            self.assertEqual(expected[""], whole)
            for exporter in ("torchscript", "dynamo"):
                with self.subTest(model=name, exporter=exporter):
                    found = check_costs.onnx_macs(TESTDATA / name / exporter / "model.onnx", TESTDATA / name / "hierarchy.json")
                    self.assertEqual(check_costs.differences(expected, found), [])

    def test_optimised_variants(self) -> None:
        """By other tools, with dimensions that have values."""
        expected = check_costs.torch_macs(fixture_models.make("lost_names"))
        folder = TESTDATA / "lost_names"
        dims = {"tokens_dynamic_axes_1": 2, "tokens_dynamic_axes_2": 5}
        for variant in ("", "_anon", "_fp16", "_onnxsim", "_ort_extended", "_qdq"):
            with self.subTest(variant):
                found = check_costs.onnx_macs(folder / f"torchscript{variant}/model.onnx", folder / "hierarchy.json", dims)
                self.assertEqual(check_costs.differences(expected, found), [])
        for variant in ("", "_anon", "_onnxslim", "_ort_extended"):
            with self.subTest(variant):
                found = check_costs.onnx_macs(folder / f"dynamo{variant}/model.onnx", folder / "hierarchy.json")
                self.assertEqual(check_costs.differences(expected, found), [])


if __name__ == "__main__":
    unittest.main()
