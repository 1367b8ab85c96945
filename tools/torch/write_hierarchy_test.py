"""Tests of write_hierarchy. Run: `python -m unittest discover -s tools/torch -p '*_test.py'`."""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
import unittest
from typing import Any
from unittest import mock

import torch
from torch import nn

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import write_hierarchy
from write_hierarchy import build_hierarchy


class Leaf(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1


class Branch(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.leaf = Leaf()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.leaf(self.leaf(x))


class Tree(nn.Module):
    """Calls branches.1, then leaf, then branches.0; never `unused`."""

    def __init__(self) -> None:
        super().__init__()
        self.branches = nn.ModuleList([Branch(), Branch()])
        self.leaf = Leaf()
        self.unused = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.branches[0](self.leaf(self.branches[1](x)))


def tree() -> dict[str, Any]:
    return build_hierarchy(Tree(), (torch.zeros(2),))


def paths(hierarchy: dict[str, Any]) -> list[str]:
    return [module["path"] for module in hierarchy["modules"]]


def module_at(hierarchy: dict[str, Any], path: str) -> dict[str, Any]:
    return next(module for module in hierarchy["modules"] if module["path"] == path)


def tensor_at(hierarchy: dict[str, Any], name: str) -> dict[str, Any]:
    return next(tensor for tensor in hierarchy["tensors"] if tensor["name"] == name)


def stats_of(tensor: torch.Tensor) -> dict[str, float] | None:
    model = Leaf()
    model.register_buffer("value", tensor)
    return tensor_at(build_hierarchy(model, (torch.zeros(1),)), "value").get("stats")


def hook_count(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules())


class ModulesTest(unittest.TestCase):
    def test_header(self) -> None:
        hierarchy = tree()
        self.assertEqual(list(hierarchy), ["schema", "version", "source", "modules", "tensors", "calls"])
        self.assertEqual((hierarchy["schema"], hierarchy["version"]), ("modelexport.hierarchy", 1))
        self.assertEqual(hierarchy["source"]["model_class"], f"{__name__}.Tree")

    def test_registration_order_from_the_root(self) -> None:
        self.assertEqual(
            paths(tree()),
            ["", "branches", "branches.0", "branches.0.leaf", "branches.1", "branches.1.leaf", "leaf", "unused"],
        )

    def test_container_and_unused_module_have_no_calls(self) -> None:
        hierarchy = tree()
        self.assertEqual(
            module_at(hierarchy, "branches"),
            {"path": "branches", "class": "torch.nn.modules.container.ModuleList", "calls": 0},
        )
        self.assertEqual(module_at(hierarchy, "unused")["calls"], 0)
        self.assertEqual(module_at(hierarchy, "branches.0.leaf")["calls"], 2)

    def test_aliases_are_all_further_names(self) -> None:
        model = nn.Module()
        model.early = Branch()
        model.holder = nn.ModuleDict({"late": model.early, "own": Leaf()})
        model.third = model.early
        model.forward = lambda x: model.holder["late"](x)
        hierarchy = build_hierarchy(model, (torch.zeros(1),))
        self.assertEqual(paths(hierarchy), ["", "early", "early.leaf", "holder", "holder.own"])
        self.assertEqual(module_at(hierarchy, "early")["aliases"], ["holder.late", "third"])
        self.assertEqual(module_at(hierarchy, "early.leaf")["aliases"], ["holder.late.leaf", "third.leaf"])
        self.assertNotIn("aliases", module_at(hierarchy, "holder"))
        # Called by an alias, recorded under the first name.
        self.assertEqual([call["module"] for call in hierarchy["calls"]], ["", "early", "early.leaf", "early.leaf"])

    def test_scripted_children_are_not_recorded(self) -> None:
        model = nn.Sequential(torch.jit.script(Branch()), Leaf())
        hierarchy = build_hierarchy(model, (torch.zeros(1),))
        self.assertEqual(module_at(hierarchy, "0"), {"path": "0", "class": "Branch", "calls": 1})
        self.assertNotIn("calls", module_at(hierarchy, "0.leaf"))
        self.assertEqual(module_at(hierarchy, "1")["calls"], 1)

    def test_lazy_module_is_described_as_it_is_after_the_run(self) -> None:
        model = nn.Sequential(nn.LazyLinear(3))
        hierarchy = build_hierarchy(model, (torch.zeros(1, 5),))
        self.assertEqual(module_at(hierarchy, "0")["class"], "torch.nn.modules.linear.Linear")
        self.assertEqual(tensor_at(hierarchy, "0.weight")["shape"], [3, 5])

    def test_lazy_module_that_was_not_called_has_no_tensors(self) -> None:
        model = Tree()
        model.lazy = nn.LazyLinear(3)
        hierarchy = build_hierarchy(model, (torch.zeros(1),))
        self.assertEqual([tensor["name"] for tensor in hierarchy["tensors"]], ["unused.weight", "unused.bias"])


class CallsTest(unittest.TestCase):
    def test_pre_order_with_parents(self) -> None:
        self.assertEqual(
            tree()["calls"],
            [
                {"module": "", "parent": None},
                {"module": "branches.1", "parent": 0},
                {"module": "branches.1.leaf", "parent": 1},
                {"module": "branches.1.leaf", "parent": 1},
                {"module": "leaf", "parent": 0},
                {"module": "branches.0", "parent": 0},
                {"module": "branches.0.leaf", "parent": 5},
                {"module": "branches.0.leaf", "parent": 5},
            ],
        )

    def test_keyword_arguments(self) -> None:
        hierarchy = build_hierarchy(Leaf(), (), {"x": torch.zeros(1)})
        self.assertEqual(hierarchy["calls"], [{"module": "", "parent": None}])

    def test_hooks_are_removed(self) -> None:
        model = Tree()
        build_hierarchy(model, (torch.zeros(1),))
        self.assertEqual(hook_count(model), 0)

    def test_hooks_are_removed_after_an_exception(self) -> None:
        model = Tree()
        model.branches[1].leaf.forward = mock.Mock(side_effect=ValueError("broken"))
        with self.assertRaisesRegex(ValueError, "broken"):
            build_hierarchy(model, (torch.zeros(1),))
        self.assertEqual(hook_count(model), 0)

    def test_hooks_of_others_stay(self) -> None:
        model = Tree()
        model.leaf.register_forward_hook(lambda module, args, output: None)
        build_hierarchy(model, (torch.zeros(1),))
        self.assertEqual(hook_count(model), 1)

    def test_caught_exception_closes_the_call(self) -> None:
        class Broken(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.leaf = Leaf()

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                self.leaf(x)
                raise ValueError("broken")

        class Careful(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.broken = Broken()
                self.leaf = Leaf()

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                try:
                    return self.broken(x)
                except ValueError:
                    return self.leaf(x)

        self.assertEqual(
            build_hierarchy(Careful(), (torch.zeros(1),))["calls"],
            [
                {"module": "", "parent": None},
                {"module": "broken", "parent": 0},
                {"module": "broken.leaf", "parent": 1},
                {"module": "leaf", "parent": 0},
            ],
        )

    def test_call_from_a_hook_is_nested_in_the_hooked_call(self) -> None:
        model = nn.Sequential(Leaf(), Leaf())
        extra = Leaf()
        model.add_module("extra", extra)
        del model._modules["extra"]
        model[1].extra = extra
        model[1].register_forward_pre_hook(lambda module, args: (extra(args[0]),))
        calls = build_hierarchy(model, (torch.zeros(1),))["calls"]
        self.assertEqual([call["module"] for call in calls], ["", "0", "1", "1.extra"])
        self.assertEqual(calls[3]["parent"], 2)

    def test_cond_records_the_branch_taken(self) -> None:
        class Choice(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.yes = Leaf()
                self.no = Leaf()

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return torch.cond(x.sum() > 0, lambda y: self.yes(y), lambda y: self.no(y), (x,))

        original = torch.cond
        calls = build_hierarchy(Choice(), (torch.zeros(1),))["calls"]
        self.assertEqual([call["module"] for call in calls], ["", "no"])
        self.assertIs(torch.cond, original)

    def test_runs_without_gradients(self) -> None:
        model = Leaf()
        model.forward = lambda x: self.assertFalse(torch.is_grad_enabled())
        build_hierarchy(model, (torch.zeros(1),))


class TensorsTest(unittest.TestCase):
    def test_parameters_then_buffers_tied_names_once(self) -> None:
        model = nn.Module()
        model.embed = nn.Embedding(4, 3)
        model.norm = nn.BatchNorm1d(3)
        model.head = nn.Linear(3, 4)
        model.head.weight = model.embed.weight
        model.forward = lambda x: model.head(model.norm(model.embed(x)))
        hierarchy = build_hierarchy(model.eval(), (torch.zeros(2, dtype=torch.long),))
        self.assertEqual(
            [(tensor["name"], tensor["kind"]) for tensor in hierarchy["tensors"]],
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
        self.assertEqual(tensor_at(hierarchy, "embed.weight")["aliases"], ["head.weight"])
        self.assertNotIn("aliases", tensor_at(hierarchy, "head.bias"))

    def test_buffer_that_does_not_persist(self) -> None:
        model = Leaf()
        model.register_buffer("cache", torch.ones(2), persistent=False)
        self.assertEqual(tensor_at(build_hierarchy(model, (torch.zeros(1),)), "cache")["kind"], "buffer")

    def test_tensor_of_an_aliased_module(self) -> None:
        model = nn.Sequential(nn.Linear(2, 2, bias=False))
        model.add_module("again", model[0])
        hierarchy = build_hierarchy(model, (torch.zeros(1, 2),))
        self.assertEqual(
            [(tensor["name"], tensor["aliases"]) for tensor in hierarchy["tensors"]], [("0.weight", ["again.weight"])]
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
                with self.subTest(name, block=block), mock.patch.object(write_hierarchy, "_BLOCK_ELEMENTS", block):
                    self.assertTrue(all(b.numel() <= block for b in write_hierarchy._blocks(tensor)))
                    stats = stats_of(tensor)
                    self.assertEqual((stats["min"], stats["max"]), (tensor.min().item(), tensor.max().item()))
                    self.assertAlmostEqual(stats["mean"], tensor.mean().item(), places=14)
                    self.assertAlmostEqual(stats["l2"], tensor.norm().item(), places=12)

    def test_non_finite_value_in_the_last_block(self) -> None:
        tensor = torch.ones(10)
        tensor[9] = math.nan
        with mock.patch.object(write_hierarchy, "_BLOCK_ELEMENTS", 4):
            self.assertIsNone(stats_of(tensor))


class FormatTest(unittest.TestCase):
    def test_written_file_is_the_dictionary_one_entry_a_line(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "hierarchy.json")
            torch.manual_seed(0)
            model = Tree()
            write_hierarchy.write_hierarchy(model, (torch.zeros(1),), None, path)
            with open(path, encoding="utf-8") as file:
                text = file.read()
        hierarchy = build_hierarchy(model, (torch.zeros(1),))
        self.assertEqual(json.loads(text), hierarchy)
        lines = text.splitlines()
        for member in ("modules", "tensors", "calls"):
            for entry in hierarchy[member]:
                self.assertTrue(any(line.strip().rstrip(",") == json.dumps(entry) for line in lines), entry)

    def test_member_without_entries(self) -> None:
        self.assertEqual(json.loads(write_hierarchy.format_hierarchy({"a": [], "b": 1})), {"a": [], "b": 1})

    def test_not_a_number_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            write_hierarchy.format_hierarchy({"a": math.nan})


if __name__ == "__main__":
    unittest.main()
