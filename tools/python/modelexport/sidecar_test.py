"""Tests of sidecar. Run: `python -m unittest discover -s tools/python -p '*_test.py'`."""

from __future__ import annotations

import json
import math
import os
import random
import signal
import stat
import sys
import tempfile
import threading
import unittest
import warnings
from typing import Any
from unittest import mock

import torch
from torch import nn

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from modelexport import sidecar
from modelexport.errors import HierarchyWarning
from modelexport.sidecar import build_hierarchy


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


def build(model: nn.Module, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """The sidecar without operators, which the other tests are about."""
    return build_hierarchy(model, *args, ops="none", **kwargs)


def tree() -> dict[str, Any]:
    return build(Tree(), (torch.zeros(2),))


def paths(hierarchy: dict[str, Any]) -> list[str]:
    return [module["path"] for module in hierarchy["modules"]]


def module_at(hierarchy: dict[str, Any], path: str) -> dict[str, Any]:
    return next(module for module in hierarchy["modules"] if module["path"] == path)


def tensor_at(hierarchy: dict[str, Any], name: str) -> dict[str, Any]:
    return next(tensor for tensor in hierarchy["tensors"] if tensor["name"] == name)


def stats_of(tensor: torch.Tensor) -> dict[str, float] | None:
    model = Leaf()
    model.register_buffer("value", tensor)
    return tensor_at(build(model, (torch.zeros(1),)), "value").get("stats")


def hook_count(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules())


class ModulesTest(unittest.TestCase):
    def test_header(self) -> None:
        hierarchy = build_hierarchy(Tree(), (torch.zeros(2),))
        self.assertEqual(
            list(hierarchy), ["schema", "version", "source", "modules", "tensors", "calls", "ops_source", "ops"]
        )
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
        hierarchy = build(model, (torch.zeros(1),))
        self.assertEqual(paths(hierarchy), ["", "early", "early.leaf", "holder", "holder.own"])
        self.assertEqual(module_at(hierarchy, "early")["aliases"], ["holder.late", "third"])
        self.assertEqual(module_at(hierarchy, "early.leaf")["aliases"], ["holder.late.leaf", "third.leaf"])
        self.assertNotIn("aliases", module_at(hierarchy, "holder"))
        # Called by an alias, recorded under the first name.
        self.assertEqual([call["module"] for call in hierarchy["calls"]], ["", "early", "early.leaf", "early.leaf"])

    def test_scripted_children_are_not_recorded(self) -> None:
        model = nn.Sequential(torch.jit.script(Branch()), Leaf())
        hierarchy = build(model, (torch.zeros(1),))
        self.assertEqual(module_at(hierarchy, "0"), {"path": "0", "class": "Branch", "calls": 1})
        self.assertNotIn("calls", module_at(hierarchy, "0.leaf"))
        self.assertEqual(module_at(hierarchy, "1")["calls"], 1)

    def test_lazy_module_is_described_as_it_is_after_the_run(self) -> None:
        model = nn.Sequential(nn.LazyLinear(3))
        hierarchy = build(model, (torch.zeros(1, 5),))
        self.assertEqual(module_at(hierarchy, "0")["class"], "torch.nn.modules.linear.Linear")
        self.assertEqual(tensor_at(hierarchy, "0.weight")["shape"], [3, 5])

    def test_lazy_module_that_was_not_called_has_no_tensors(self) -> None:
        model = Tree()
        model.lazy = nn.LazyLinear(3)
        hierarchy = build(model, (torch.zeros(1),))
        self.assertEqual([tensor["name"] for tensor in hierarchy["tensors"]], ["unused.weight", "unused.bias"])


    def test_class_before_parametrisation(self) -> None:
        class Own(nn.Linear):
            pass

        model = nn.Sequential(nn.utils.parametrizations.weight_norm(Own(2, 2)))
        self.assertEqual(type(model[0]).__name__, "ParametrizedOwn")
        classes = [module["class"].rpartition(".")[2] for module in build(model, (torch.zeros(1, 2),))["modules"]]
        self.assertEqual(classes, ["Sequential", "Own", "ModuleDict", "ParametrizationList", "_WeightNorm"])


class MetaDeviceTest(unittest.TestCase):
    def test_structure_is_that_of_the_model_with_data(self) -> None:
        torch.manual_seed(0)
        real = build_hierarchy(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).eval(), (torch.zeros(4, 2),))
        with torch.device("meta"):
            model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).eval()
        for device in ("cpu", "meta"):
            with self.subTest(device):
                meta = build_hierarchy(model, (torch.zeros(4, 2, device=device),))
                self.assertEqual({**meta, "tensors": 0}, {**real, "tensors": 0})
                self.assertEqual([t["shape"] for t in meta["tensors"]], [t["shape"] for t in real["tensors"]])
                self.assertFalse([t for t in meta["tensors"] if "stats" in t])


class Greedy(nn.Module):
    """Writes into all that it is given, and goes by what it finds there."""

    def __init__(self) -> None:
        super().__init__()
        self.first = Leaf()
        self.later = Leaf()

    def forward(self, x: torch.Tensor, seen: list[torch.Tensor], *, cache: dict[str, torch.Tensor]) -> torch.Tensor:
        x += 1
        seen.append(x)
        cache["x"] = x
        return self.first(x) if len(seen) == 2 else self.later(x)


class InputsTest(unittest.TestCase):
    def test_are_left_as_they_were(self) -> None:
        for ops in ("auto", "export", "dispatch", "none"):
            with self.subTest(ops), warnings.catch_warnings():
                warnings.simplefilter("ignore", HierarchyWarning)
                x, seen, cache = torch.zeros(2), [torch.zeros(2)], {"y": torch.zeros(2)}
                hierarchy = build_hierarchy(Greedy(), (x, seen), {"cache": cache}, ops=ops)
                self.assertEqual((x.tolist(), len(seen), list(cache)), ([0, 0], 1, ["y"]))
                self.assertEqual([call["module"] for call in hierarchy["calls"]], ["", "first"])

    def test_made_by_autograd(self) -> None:
        x = torch.ones(2, requires_grad=True) * 2
        model = Leaf()
        model.forward = lambda x: x.mul_(2)
        build(model, (x,))
        self.assertEqual(x.tolist(), [2, 2])

    def test_that_cannot_be_copied(self) -> None:
        model = Leaf()
        model.forward = lambda lines: torch.zeros(len(list(lines)))
        self.assertEqual(len(build(model, ((line for line in "ab"),))["calls"]), 1)

    def test_rules_of_the_exporters(self) -> None:
        shapes = []
        model = Leaf()
        model.forward = lambda x, y=None: shapes.append((x if isinstance(x, dict) else list(x.shape), y))
        for args in (torch.zeros(2, 3), (torch.zeros(2, 3), {"y": 1}), [torch.zeros(2, 3)], ({"a": 1}, {})):
            build(model, args)
        self.assertEqual(shapes, [([2, 3], None), ([2, 3], 1), ([2, 3], None), ({"a": 1}, None)])


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
        hierarchy = build(Leaf(), (), {"x": torch.zeros(1)})
        self.assertEqual(hierarchy["calls"], [{"module": "", "parent": None}])

    def test_hooks_are_removed(self) -> None:
        model = Tree()
        build(model, (torch.zeros(1),))
        self.assertEqual(hook_count(model), 0)

    def test_hooks_are_removed_after_an_exception(self) -> None:
        model = Tree()
        model.branches[1].leaf.forward = mock.Mock(side_effect=ValueError("broken"))
        with self.assertWarnsRegex(HierarchyWarning, "broken"):
            build(model, (torch.zeros(1),))
        self.assertEqual(hook_count(model), 0)

    def test_hooks_of_others_stay(self) -> None:
        model = Tree()
        model.leaf.register_forward_hook(lambda module, args, output: None)
        build(model, (torch.zeros(1),))
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
            build(Careful(), (torch.zeros(1),))["calls"],
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
        calls = build(model, (torch.zeros(1),))["calls"]
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
        calls = build(Choice(), (torch.zeros(1),))["calls"]
        self.assertEqual([call["module"] for call in calls], ["", "no"])
        self.assertIs(torch.cond, original)

    def test_runs_without_gradients(self) -> None:
        grad_enabled = []
        model = Leaf()
        model.forward = lambda x: grad_enabled.append(torch.is_grad_enabled())
        build(model, (torch.zeros(1),))
        self.assertEqual(grad_enabled, [False])


class Fickle(nn.Module):
    """Does everything to itself and to its surroundings that a run may do."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(2)
        self.frozen = nn.BatchNorm1d(2).eval()
        self.linear = nn.Linear(2, 2)
        self.register_buffer("cache", torch.zeros(2))
        self.register_buffer("replaced", torch.zeros(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.cache += 1
        self.replaced = torch.ones(2)
        self.frozen.train()
        random.random()
        return self.norm(self.linear(x)) + torch.rand(2)


class UntouchedTest(unittest.TestCase):
    def test_model_and_random_states(self) -> None:
        for ops in ("auto", "export", "dispatch", "none"):
            with self.subTest(ops), warnings.catch_warnings():
                warnings.simplefilter("ignore", HierarchyWarning)
                model = Fickle()
                model.linear.weight.grad = torch.ones(2, 2)
                replaced = model.replaced
                before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
                states = torch.get_rng_state(), random.getstate()
                build_hierarchy(model, (torch.randn(4, 2, generator=torch.Generator().manual_seed(0)),), ops=ops)
                self.assertTrue(torch.equal(torch.get_rng_state(), states[0]))
                self.assertEqual(random.getstate(), states[1])
                for name, tensor in model.state_dict().items():
                    self.assertTrue(torch.equal(tensor, before[name]), name)
                self.assertIs(model.replaced, replaced)
                self.assertEqual(
                    [(name, module.training) for name, module in model.named_modules()],
                    [("", True), ("norm", True), ("frozen", False), ("linear", True)],
                )
                self.assertTrue(torch.equal(model.linear.weight.grad, torch.ones(2, 2)))
                self.assertIsNone(model.linear.bias.grad)
                self.assertTrue(model.linear.weight.requires_grad and torch.is_grad_enabled())
                self.assertEqual(hook_count(model), 0)
                self.assertNotIn("forward", vars(model))

    def test_one_thread_at_a_time(self) -> None:
        """Two that take turns in replacing torch.cond would each put back what the other put there."""
        second_runs, first_is_done = threading.Event(), threading.Event()
        first, second = Leaf(), Leaf()
        first.forward = lambda x: second_runs.wait(0.2)
        second.forward = lambda x: (second_runs.set(), first_is_done.wait(10))
        original = torch.cond
        threads = [threading.Thread(target=build, args=(model, torch.zeros(1))) for model in (first, second)]
        for thread in threads:
            thread.start()
        threads[0].join()
        first_is_done.set()
        threads[1].join()
        self.assertIs(torch.cond, original)

    def test_training_is_described_as_training(self) -> None:
        model = nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 2))
        trained = build_hierarchy(model.train(), (torch.ones(1, 2),), ops="dispatch")["ops"]
        self.assertNotEqual(trained, build_hierarchy(model.eval(), (torch.ones(1, 2),), ops="dispatch")["ops"])


class FailuresTest(unittest.TestCase):
    def test_model_that_does_not_run(self) -> None:
        model = Tree()
        model.leaf.forward = mock.Mock(side_effect=ValueError("broken\nhere"))
        for ops in ("auto", "export", "dispatch", "none"):
            with self.subTest(ops), self.assertWarns(HierarchyWarning) as caught:
                hierarchy = build_hierarchy(model, (torch.zeros(1),), ops=ops)
            text = "the model does not run, calls and operators are left out: ValueError: broken"
            self.assertEqual(str(caught.warning), text)
            self.assertEqual(hierarchy["source"]["warnings"], [text])
            self.assertEqual(list(hierarchy), ["schema", "version", "source", "modules", "tensors"])
            self.assertEqual(hierarchy["modules"][1], {"path": "branches", "class": "torch.nn.modules.container.ModuleList"})
            self.assertEqual(len(hierarchy["tensors"]), 2)
        self.assertEqual(hook_count(model), 0)

    def test_no_inputs_at_all(self) -> None:
        with self.assertWarnsRegex(HierarchyWarning, "TypeError: .*missing 1 required positional argument"):
            hierarchy = build_hierarchy(Tree())
        self.assertEqual(len(hierarchy["modules"]), 8)

    def test_torchscript_model_has_no_calls(self) -> None:
        model = torch.jit.trace(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), torch.zeros(1, 2))
        text = "calls cannot be seen in a TorchScript module: calls and operators are left out"
        with self.assertWarnsRegex(HierarchyWarning, text):
            hierarchy = build_hierarchy(model, (torch.zeros(1, 2),))
        self.assertNotIn("calls", hierarchy)
        self.assertNotIn("ops", hierarchy)
        self.assertEqual([module["path"] for module in hierarchy["modules"]], ["", "0", "1"])
        self.assertTrue(all("calls" not in module for module in hierarchy["modules"]))

    def test_what_runs_a_model_is_not_described(self) -> None:
        net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        plain = build_hierarchy(net, (torch.zeros(1, 2),))
        for runner in (torch.compile(net), nn.DataParallel(net), nn.DataParallel(torch.compile(net))):
            self.assertEqual(build_hierarchy(runner, (torch.zeros(1, 2),)), plain)

    def test_model_that_fails_only_while_it_is_traced(self) -> None:
        class Shy(nn.Module):
            def forward(self, x: torch.Tensor) -> torch.Tensor:
                if torch.utils._python_dispatch._get_current_dispatch_mode() is not None:
                    raise RuntimeError("watched")
                return x + 1

        with self.assertWarnsRegex(HierarchyWarning, "torch.export does not take the model, operators are left out"):
            hierarchy = build_hierarchy(Shy(), (torch.zeros(1),))
        self.assertEqual(hierarchy["calls"], [{"module": "", "parent": None}])
        self.assertNotIn("ops", hierarchy)
        self.assertNotIn("ops_source", hierarchy)
        with self.assertWarnsRegex(HierarchyWarning, "not while its operators are traced"):
            build_hierarchy(Shy(), (torch.zeros(1),), ops="dispatch")

    def test_warning_is_at_the_line_of_the_caller(self) -> None:
        calls = (
            lambda: build_hierarchy(Tree()),
            lambda: sidecar.write_hierarchy(Tree(), (), os.devnull),
        )
        for call in calls:
            with self.assertWarns(HierarchyWarning) as caught:
                call()
            self.assertEqual((caught.filename, caught.lineno), (__file__, call.__code__.co_firstlineno))

    def test_interrupt_passes_and_leaves_no_hooks(self) -> None:
        model = Tree()
        model.leaf.forward = mock.Mock(side_effect=KeyboardInterrupt)
        with self.assertRaises(KeyboardInterrupt):
            build_hierarchy(model, (torch.zeros(1),))
        self.assertEqual(hook_count(model), 0)

    def test_wrong_arguments(self) -> None:
        with self.assertRaisesRegex(ValueError, "ops='all'"):
            build_hierarchy(Leaf(), (torch.zeros(1),), ops="all")
        program = torch.export.export(Leaf(), (torch.zeros(1),))
        with self.assertRaisesRegex(ValueError, "a program is given, but ops='none'"):
            build_hierarchy(Leaf(), (torch.zeros(1),), ops="none", program=program)


class FormatTest(unittest.TestCase):
    def test_written_file_is_the_dictionary_one_entry_a_line(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "hierarchy.json")
            torch.manual_seed(0)
            model = Tree()
            sidecar.write_hierarchy(model, (torch.zeros(1),), path)
            with open(path, encoding="utf-8") as file:
                text = file.read()
        hierarchy = build_hierarchy(model, (torch.zeros(1),))
        self.assertEqual(json.loads(text), hierarchy)
        lines = text.splitlines()
        for member in ("modules", "tensors", "calls", "ops"):
            for entry in hierarchy[member]:
                self.assertTrue(any(line.strip().rstrip(",") == json.dumps(entry) for line in lines), entry)

    def test_a_file_appears_whole_or_not_at_all(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "hierarchy.json")
            sidecar.write_hierarchy(Leaf(), (torch.zeros(1),), path)
            with open(path, encoding="utf-8") as file:
                before = file.read()
            with mock.patch.object(sidecar, "format_hierarchy", return_value="\ud800"):  # no UTF-8
                with self.assertRaises(UnicodeEncodeError):
                    sidecar.write_hierarchy(Leaf(), (torch.zeros(1),), path)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), before)
            self.assertEqual(os.listdir(folder), ["hierarchy.json"])

    def test_links_and_devices_stay(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            device, link, file = (os.path.join(folder, name) for name in ("device", "link", "file"))
            os.symlink(os.devnull, device)
            os.symlink("file", link)
            for path in (device, link):
                sidecar.write_hierarchy(Leaf(), (torch.zeros(1),), path)
                self.assertTrue(os.path.islink(path))
            self.assertTrue(stat.S_ISCHR(os.stat(device).st_mode))
            self.assertGreater(os.stat(file).st_size, 100)
            self.assertEqual(sorted(os.listdir(folder)), ["device", "file", "link"])

    def test_a_fork_while_another_thread_writes_is_no_deadlock(self) -> None:
        with sidecar.one_at_a_time:
            thread = threading.Thread(target=self.fork_and_write)
            thread.start()
            thread.join()
        self.assertEqual(self.exit_code, 0)

    def fork_and_write(self) -> None:
        child = os.fork()
        if not child:
            signal.alarm(60)
            with sidecar.one_at_a_time:
                os._exit(0)
        self.exit_code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def test_member_without_entries(self) -> None:
        self.assertEqual(json.loads(sidecar.format_hierarchy({"a": [], "b": 1})), {"a": [], "b": 1})

    def test_not_a_number_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            sidecar.format_hierarchy({"a": math.nan})


if __name__ == "__main__":
    unittest.main()
