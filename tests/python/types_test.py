"""The types of the Python package, by mypy: of its modules, and of calls as users write them."""

from __future__ import annotations

import pathlib
import unittest

from mypy import api

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "tools" / "python"


class TypesTest(unittest.TestCase):
    def check(self, *arguments: str) -> None:
        settings = (f"--config-file={REPOSITORY / 'pyproject.toml'}", f"--cache-dir={REPOSITORY / '.bazel' / 'mypy'}")
        output, errors, status = api.run([*settings, *arguments])
        self.assertEqual(status, 0, output + errors)

    def test_package(self) -> None:
        self.check(str(PACKAGE / "modelexport"), str(PACKAGE / "wheel_backend.py"))

    def test_calls(self) -> None:
        self.check(
            "-c",
            "import modelexport, torch\n"
            "def use(model: torch.nn.Module, x: torch.Tensor, frame: bool, report: str | None) -> str | None:\n"
            "    modelexport.read_tags('a.onnx', frame=frame)\n"
            "    modelexport.write_hierarchy(model, x, 'h.json')\n"
            "    modelexport.analyze('a.onnx', frame=frame)\n"
            "    names: list[str] = [node.name for node in modelexport.select('a.onnx', 'class:BertLayer', expect=3)]\n"
            "    modelexport.profile(model, x, runs=3).folded('a.folded')\n"
            "    result = modelexport.tag('a.onnx', 'h.json', 'b.onnx', report=report, keys=['winml'], min_coverage=1)\n"
            "    flags: modelexport.TagFlags = {'data_files': None, 'report_times': False}\n"
            "    result = modelexport.export_model(model, x, 'c.onnx', tag_flags=flags, rename=True)\n"
            "    modelexport.strip(result.model, 'e.onnx', keys=['winml'])\n"
            "    text: str = modelexport.__version__ + modelexport.explain(result.model, 'embedded', '#0')\n"
            "    places = [finding.place for finding in modelexport.validate(result.model, level='full').findings]\n"
            "    modelexport.rename(result.model, 'd.onnx', values=True).unlink()\n"
            "    return modelexport.read_tags(result.model)[0].module\n",
        )


if __name__ == "__main__":
    unittest.main()
