"""compare_outputs of the installed package: models damaged in one known module, and what cannot be compared."""

from __future__ import annotations

import json
import pathlib
import sys
import tempfile
import unittest
import warnings
from collections.abc import Iterator
from typing import Any

import modelexport
import numpy
import onnx
import torch
from onnxruntime import quantization
from onnxruntime.transformers.float16 import convert_float_to_float16
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "comparison"))
import damage  # noqa: E402

warnings.filterwarnings("ignore")
torch.set_num_threads(1)


class Block(nn.Module):
    """Two linear layers around an activation, with a way past them."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.up = nn.Linear(size, 2 * size)
        self.act = nn.GELU()
        self.down = nn.Linear(2 * size, size)
        self.norm = nn.LayerNorm(size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(x + self.down(self.act(self.up(x))))


class Net(nn.Module):
    """A convolution, an activation in place, a block that is called twice, a dropout, a head."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.drop = nn.Dropout(0.5)
        self.block = Block(16)
        self.head = nn.Linear(16, 5)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.drop(self.relu(self.stem(image)).flatten(2).transpose(1, 2))
        x = self.block(self.block(x))
        return self.head(x), x.mean(1)


class Samples(quantization.CalibrationDataReader):
    def __init__(self, image: torch.Tensor) -> None:
        self.samples = iter([{"image": image.numpy()}])

    def get_next(self) -> dict[str, Any] | None:
        return next(self.samples, None)


# By variant: how far apart its outputs may be.
TOLERANCES = {"float32": 1e-3, "float16": 2e-2, "dynamic": 0.15, "static": 0.15}


class CompareOutputsTest(unittest.TestCase):
    folder: pathlib.Path

    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        torch.manual_seed(0)
        cls.model = Net().eval()
        cls.image = torch.randn(1, 3, 6, 6)
        for exporter in ("torchscript", "dynamo"):
            cls.export(exporter)

    @classmethod
    def export(cls, exporter: str) -> None:
        path = cls.folder / f"{exporter}.float32.onnx"
        modelexport.export_model(
            cls.model, (cls.image,), path, dynamo=exporter == "dynamo", input_names=["image"], verbose=False
        )
        hierarchy = path.with_suffix(".hierarchy.json")
        raw = cls.folder / "raw.onnx"
        for variant in ("float16", "dynamic", "static"):
            if variant == "float16":
                onnx.save(convert_float_to_float16(onnx.load(path), keep_io_types=True), raw)
            elif variant == "dynamic":
                quantization.quantize_dynamic(path, raw)
            else:
                quantization.quantize_static(path, raw, Samples(cls.image))
            modelexport.tag(raw, hierarchy, cls.folder / f"{exporter}.{variant}.onnx")

    def variants(self) -> Iterator[tuple[pathlib.Path, float]]:
        for exporter in ("torchscript", "dynamo"):
            for variant, tolerance in TOLERANCES.items():
                yield self.folder / f"{exporter}.{variant}.onnx", tolerance

    def compare(self, path: pathlib.Path, tolerance: float = 1e-3, **options: Any) -> modelexport.OutputComparison:
        return modelexport.compare_outputs(self.model, (self.image,), path, tolerance=tolerance, **options)

    def test_without_damage_nothing_is_found(self) -> None:
        for path, tolerance in self.variants():
            with self.subTest(path.name):
                result = self.compare(path, tolerance)
                self.assertTrue(result.ok, result)

    def test_each_damage_is_found(self) -> None:
        found = 0
        for path, tolerance in self.variants():
            targets = damage.targets_of(path)
            for number in range(3):
                target = targets[number * len(targets) // 3]
                broken = self.folder / "broken.onnx"
                damage.write(path, target, broken, seed=number)
                with self.subTest(f"{path.name}: {target}"):
                    first = self.compare(broken, tolerance).first
                    self.assertIsNotNone(first)
                    self.assertIn(first.module, target.modules)
                    # The inputs of the call may be quantised outside of it, by nodes of the module before. Where the
                    # damaged node's result is that of another module too, this one has inherited the error.
                    is_owner = first.module == target.modules[0]
                    origins = ("local",) if "float" in path.name else ("local", None)
                    self.assertIn(first.origin, origins if is_owner else (*origins, "inherited"))
                    found += 1
        self.assertEqual(found, 24)


if __name__ == "__main__":
    unittest.main()
