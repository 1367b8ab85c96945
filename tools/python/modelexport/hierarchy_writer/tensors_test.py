"""Tests of tensors."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import unittest
from typing import Any
from unittest import mock

import torch
from torch import nn

from modelexport.hierarchy_writer import tensors
from modelexport.hierarchy_writer.tensors import describe_tensors


def tensor_at(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(tensor for tensor in entries if tensor["name"] == name)


def stats_of(tensor: torch.Tensor) -> dict[str, float] | None:
    model = nn.Module()
    model.register_buffer("value", tensor)
    return tensor_at(describe_tensors(model), "value").get("stats")


class TensorsTest(unittest.TestCase):
    def test_parameters_then_buffers_tied_names_once(self) -> None:
        model = nn.Module()
        model.embed = nn.Embedding(4, 3)
        model.norm = nn.BatchNorm1d(3)
        model.head = nn.Linear(3, 4)
        model.head.weight = model.embed.weight
        entries = describe_tensors(model)
        self.assertEqual(
            [(tensor["name"], tensor["kind"]) for tensor in entries],
            [
                ("embed.weight", "parameter"),
                ("norm.weight", "parameter"),
                ("norm.bias", "parameter"),
                ("head.bias", "parameter"),
                ("norm.running_mean", "buffer"),
                ("norm.running_var", "buffer"),
                ("norm.num_batches_tracked", "buffer"),
            ],
        )
        self.assertEqual(tensor_at(entries, "embed.weight")["aliases"], ["head.weight"])
        self.assertNotIn("aliases", tensor_at(entries, "head.bias"))

    def test_buffer_that_does_not_persist(self) -> None:
        model = nn.Module()
        model.register_buffer("cache", torch.ones(2), persistent=False)
        self.assertEqual(tensor_at(describe_tensors(model), "cache")["kind"], "buffer")

    def test_tensor_of_an_aliased_module(self) -> None:
        model = nn.Sequential(nn.Linear(2, 2, bias=False))
        model.add_module("again", model[0])
        self.assertEqual(
            [(tensor["name"], tensor["aliases"]) for tensor in describe_tensors(model)],
            [("0.weight", ["again.weight"])],
        )


class StatsTest(unittest.TestCase):
    def test_float32(self) -> None:
        self.assertEqual(
            stats_of(torch.tensor([[3.0, -4.0], [0.0, 0.0]])), {"min": -4.0, "max": 3.0, "mean": -0.25, "l2": 5.0}
        )

    def test_float16_is_summed_in_float64(self) -> None:
        # The sum of squares is far out of the range of float16.
        self.assertEqual(
            stats_of(torch.full((1024,), 60000.0, dtype=torch.float16)),
            {"min": 60000.0, "max": 60000.0, "mean": 60000.0, "l2": 60000.0 * 32},
        )

    def test_bfloat16_and_float8(self) -> None:
        for dtype in (torch.bfloat16, torch.float8_e4m3fn):
            with self.subTest(dtype=dtype):
                stats = stats_of(torch.tensor([3.0, 4.0]).to(dtype))
                self.assertEqual(stats, {"min": 3.0, "max": 4.0, "mean": 3.5, "l2": 5.0})

    def test_integers(self) -> None:
        for dtype in (torch.int64, torch.int8, torch.uint8):
            with self.subTest(dtype=dtype):
                stats = stats_of(torch.tensor([3, 4], dtype=dtype))
                self.assertEqual(stats, {"min": 3.0, "max": 4.0, "mean": 3.5, "l2": 5.0})

    def test_scalar(self) -> None:
        self.assertEqual(stats_of(torch.tensor(-2.0)), {"min": -2.0, "max": -2.0, "mean": -2.0, "l2": 2.0})

    def test_absent(self) -> None:
        tensors = {
            "empty": torch.zeros(0, 3),
            "bool": torch.tensor([True, False]),
            "complex": torch.zeros(2, dtype=torch.complex64),
            "quantised": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
            "nan": torch.tensor([1.0, math.nan]),
            "inf": torch.tensor([1.0, -math.inf]),
            "inf_float16": torch.tensor([math.inf], dtype=torch.float16),
            "overflow": torch.tensor([1e200], dtype=torch.float64),
            "meta": torch.zeros(2, device="meta"),
            "sparse": torch.eye(2).to_sparse(),
        }
        for name, tensor in tensors.items():
            with self.subTest(name):
                self.assertIsNone(stats_of(tensor))

    def test_blocks_give_what_the_whole_gives(self) -> None:
        generator = torch.Generator().manual_seed(0)
        whole = torch.randn(3, 1, 7, 5, generator=generator, dtype=torch.float64)
        layouts = {
            "contiguous": whole,
            "transposed": whole.transpose(0, 3),
            "strided": whole[:, :, ::2],
            "expanded": whole[:1].expand(4, 1, 7, 5),
        }
        for name, tensor in layouts.items():
            for block in (1, 2, 4, 6, 30, 1000):
                with self.subTest(name, block=block), mock.patch.object(tensors, "_BLOCK_ELEMENTS", block):
                    self.assertTrue(all(b.numel() <= block for b in tensors._blocks(tensor)))
                    stats = stats_of(tensor)
                    self.assertEqual((stats["min"], stats["max"]), (tensor.min().item(), tensor.max().item()))
                    self.assertAlmostEqual(stats["mean"], tensor.mean().item(), places=14)
                    self.assertAlmostEqual(stats["l2"], tensor.norm().item(), places=12)

    def test_non_finite_value_in_the_last_block(self) -> None:
        tensor = torch.ones(10)
        tensor[9] = math.nan
        with mock.patch.object(tensors, "_BLOCK_ELEMENTS", 4):
            self.assertIsNone(stats_of(tensor))

    def test_memory_does_not_grow_with_the_tensor(self) -> None:
        # 256 Mi elements that share one float: whole, their float64 would be 2 GiB. Most of the time is arithmetic.
        script = (
            "import resource, sys, torch; sys.path.insert(0, sys.argv[1])\n"
            "from modelexport.hierarchy_writer.tensors import tensor_stats\n"
            "torch.set_num_threads(1)\n"
            "tensor_stats(torch.full((4096, 1024), 0.5))\n"
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "stats = tensor_stats(torch.tensor(0.5).expand(1 << 18, 1024))\n"
            "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "print(after - before, stats['l2'])\n"
        )
        folder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        result = subprocess.run([sys.executable, "-c", script, folder], check=True, capture_output=True, text=True)
        grown_kib, l2 = result.stdout.split()
        self.assertEqual(float(l2), 8192.0)
        self.assertLess(int(grown_kib), 32 << 10)


if __name__ == "__main__":
    unittest.main()
