"""Runs the scripts of docs/recipes, and the first of docs/python.md, with the installed wheel: each prints what its page
says."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import pathlib
import re
import runpy
import tempfile
import unittest
import warnings

import torch
from torch import nn

RECIPES = pathlib.Path(__file__).resolve().parents[3] / "docs" / "recipes"


class PythonPageTest(unittest.TestCase):
    def test_first_example_prints_what_is_shown(self) -> None:
        page = (RECIPES.parent / "python.md").read_text(encoding="utf-8")
        code, expected = (
            re.findall(f"^```{word}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)[0] for word in ("python", "text")
        )
        model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
        printed = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with contextlib.redirect_stdout(printed):
                exec(code, {"model": model, "args": (torch.randn(1, 3, 8, 8),)})
        shown = [line for line in printed.getvalue().splitlines() if not line.startswith("[torch.onnx]")]
        self.assertEqual(shown, expected.splitlines())


class RecipesTest(unittest.TestCase):
    def check(self, name: str) -> None:
        page = (RECIPES / f"{name}.md").read_text(encoding="utf-8")
        (expected,) = re.findall(r"^```text\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
        self.assertIn(f"({name}.py)", page)
        printed = io.StringIO()
        level = logging.root.manager.disable
        logging.disable(logging.WARNING)
        self.addCleanup(logging.disable, level)
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with contextlib.redirect_stdout(printed):
                runpy.run_path(os.fspath(RECIPES / f"{name}.py"), run_name="__main__")
        self.assertEqual(printed.getvalue(), expected)

    def test_torch_export(self) -> None:
        self.check("torch_export")

    def test_transformers_model(self) -> None:
        self.check("transformers_model")

    def test_onnxruntime_optimize(self) -> None:
        self.check("onnxruntime_optimize")

    def test_simplify(self) -> None:
        self.check("simplify")

    def test_onnxruntime_quantize(self) -> None:
        self.check("onnxruntime_quantize")

    def test_compare_outputs(self) -> None:
        self.check("compare_outputs")

    def test_every_script_is_run(self) -> None:
        scripts = {path.stem for path in RECIPES.glob("*.py")}
        tests = {name.removeprefix("test_") for name in vars(RecipesTest) if name.startswith("test_")}
        self.assertEqual(scripts, tests - {"every_script_is_run"})


if __name__ == "__main__":
    unittest.main()
