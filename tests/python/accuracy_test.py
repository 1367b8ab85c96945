"""The accuracy corpus and its scorer, end to end on a small model: both exporters, one variant without names and one
that ONNX Runtime optimised.

Needs the program, built, in the environment variable TAG_ONNX.
"""

from __future__ import annotations

import pathlib
import sys
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "tests" / "accuracy"))

import make_corpus
from judge import Settings, verdict_of
from score import find_cases, score_all


class CorpusTest(unittest.TestCase):
    """On the naming traps, which need nothing but torch."""

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        corpus = pathlib.Path(folder.name)
        make_corpus.make_model("naming_traps", ["anon", "ort_basic"], corpus / "naming_traps")
        cls.cases = find_cases(corpus)

    def test_owners_are_found_again(self) -> None:
        self.assertEqual(
            [str(case) for case in self.cases],
            [f"naming_traps/{exporter}/{v}" for exporter in ("dynamo", "torchscript") for v in ("anon", "ort_basic")],
        )
        for score in score_all(self.cases, Settings()):
            with self.subTest(str(score.case)):
                self.assertEqual(score.failure, "")
                self.assertGreater(score.nodes, 100)
                self.assertGreaterEqual(score.share("exact"), 95, score.lost)

    def test_less_evidence_finds_less(self) -> None:
        anon = [case for case in self.cases if case.variant == "anon"]
        for score in score_all(anon, Settings(strategy="name_scope")):
            with self.subTest(str(score.case)):
                self.assertLess(score.share("exact"), 50)


class VerdictTest(unittest.TestCase):
    NAMES = {"first": ["blocks.0"]}

    def test_verdicts(self) -> None:
        cases = {
            ("first", "first"): "exact",
            ("", ""): "exact",
            ("", "first"): "root",
            (None, "first"): "root",
            ("blocks", "blocks.1.act"): "ancestor",
            ("blocks", "first"): "ancestor",  # by its alias
            ("first.act", "first"): "wrong",
            ("block", "blocks.1"): "wrong",
        }
        for (found, truth), verdict in cases.items():
            with self.subTest(found=found, truth=truth):
                self.assertEqual(verdict_of(found, [truth], self.NAMES), verdict)

    def test_several_modules_may_be_right(self) -> None:
        self.assertEqual(verdict_of("b", ["a", "b"], {}), "exact")
        self.assertEqual(verdict_of("", ["a", ""], {}), "exact")


if __name__ == "__main__":
    unittest.main()
