"""Tests of the operators, from an exported program and from a dispatch trace."""

from __future__ import annotations

import dataclasses
import os
import sys
import unittest
import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from modelexport.sidecar import HierarchyWarning, build_hierarchy


class Leaf(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1


class Branch(nn.Module):
    """Calls its leaf twice, around a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.leaf = Leaf()
        self.linear = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.leaf(self.linear(self.leaf(x)))


class Function(nn.Module):
    """A model out of modules and a function of them and the inputs."""

    def __init__(self, function: Callable[..., Any], **modules: nn.Module) -> None:
        super().__init__()
        self.function = function
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(self, *args, **kwargs)


X = torch.ones(1, 2)


def show(hierarchy: dict[str, Any]) -> list[str]:
    """One line for each operator: `name: operator @ module#k-th call <- what it reads`."""
    calls = hierarchy["calls"]
    lines = []
    for index, op in enumerate(hierarchy["ops"]):
        module = calls[op["call"]]["module"]
        number = [call for call in range(len(calls)) if calls[call]["module"] == module].index(op["call"])
        reads = ", ".join("-" if read is None else str(read) for read in op["reads"])
        operator = op["op"].removeprefix("aten.").removeprefix("torch.ops.")
        name = f" {op['name']}" if "name" in op else ""
        returns = f", returns {op['returns']}" if "returns" in op else ""
        lines.append(f"{index}{name}: {operator} @ {module}#{number} <- {reads}{returns}")
    return lines


class ExportTest(unittest.TestCase):
    maxDiff = None

    def check(self, model: nn.Module, args: tuple[Any, ...], expected: list[str], **more: Any) -> dict[str, Any]:
        hierarchy = build_hierarchy(model.eval(), args, ops="export", **more)
        self.assertEqual(show(hierarchy), expected)
        self.assertEqual(hierarchy["ops_source"], "torch_export")
        self.assertNotIn("warnings", hierarchy["source"])
        return hierarchy

    def test_what_returns_an_argument(self) -> None:
        def forward(module: nn.Module, x: torch.Tensor, y: torch.Tensor) -> list[torch.Tensor]:
            return [x / 1.0, x * 2, 1 + x, x + 0, x.view(1, 2), x.view(2), y.expand(1, 2), x[:, :2], x[:, :1], y / 1]

        self.check(
            Function(forward),
            (X, torch.ones(1, 2, dtype=torch.int32)),
            [
                "0 div: div.Tensor @ #0 <- -, returns 0",
                "1 mul: mul.Tensor @ #0 <- -",
                "2 add: add.Tensor @ #0 <- -",
                "3 add_1: add.Tensor @ #0 <- -, returns 0",
                "4 view: view.default @ #0 <- -, returns 0",
                "5 view_1: view.default @ #0 <- -",
                "6 expand: expand.default @ #0 <- -, returns 0",
                "7 alias: alias.default @ #0 <- -",
                "8 slice_1: slice.Tensor @ #0 <- -",
                "9 div_1: div.Tensor @ #0 <- -",
            ],
        )

    def test_calls_and_reads(self) -> None:
        self.check(
            Branch(),
            (X,),
            [
                "0 add: add.Tensor @ leaf#0 <- -",
                "1 linear: linear.default @ linear#0 <- 0, linear.weight, linear.bias",
                "2 add_1: add.Tensor @ leaf#1 <- 1",
            ],
        )

    def test_modules_that_call_themselves(self) -> None:
        class Recursive(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.linear = nn.Linear(2, 2)

            def forward(self, x: torch.Tensor, depth: int = 2) -> torch.Tensor:
                return self.linear(x) if depth == 0 else self(self.linear(x).relu(), depth - 1)

        self.check(
            Recursive(),
            (X,),
            [
                "0 linear: linear.default @ linear#0 <- -, linear.weight, linear.bias",
                "1 relu: relu.default @ #0 <- 0",
                "2 linear_1: linear.default @ linear#1 <- 1, linear.weight, linear.bias",
                "3 relu_1: relu.default @ #1 <- 2",
                "4 linear_2: linear.default @ linear#2 <- 3, linear.weight, linear.bias",
            ],
        )
        self.check(
            Function(lambda self, x: self.inner(self.inner(x, 1), 0), inner=Recursive()),
            (X,),
            [
                "0 linear: linear.default @ inner.linear#0 <- -, inner.linear.weight, inner.linear.bias",
                "1 relu: relu.default @ inner#0 <- 0",
                "2 linear_1: linear.default @ inner.linear#1 <- 1, inner.linear.weight, inner.linear.bias",
                "3 linear_2: linear.default @ inner.linear#2 <- 2, inner.linear.weight, inner.linear.bias",
            ],
        )

    def test_aliases_and_tied_tensors_go_by_their_first_names(self) -> None:
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            return functional.linear(self.second(self.first(x)), self.tied.weight)

        model = Function(forward, first=nn.Linear(2, 2), tied=nn.Linear(2, 2, bias=False))
        model.second = model.first
        model.tied.weight = model.first.weight
        self.check(
            model,
            (X,),
            [
                "0 linear: linear.default @ first#0 <- -, first.weight, first.bias",
                "1 linear_1: linear.default @ first#1 <- 0, first.weight, first.bias",
                "2 linear_2: linear.default @ #0 <- 1, first.weight",
            ],
        )

    def test_lists_results_buffers_and_constants(self) -> None:
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            left, right = x.split(1, 1)
            return torch.cat([right, left, self.buffer, self.constant], 1) * torch.tensor([2.0])

        model = Function(forward)
        model.register_buffer("buffer", torch.ones(1, 2), persistent=False)
        model.constant = torch.zeros(1, 2)
        self.check(
            model,
            (X,),
            [
                "0 split: split.Tensor @ #0 <- -",
                "1 getitem: operator.getitem @ #0 <- 0",
                "2 getitem_1: operator.getitem @ #0 <- 0",
                "3 cat: cat.default @ #0 <- 2, 1, buffer, -",
                "4 clone: clone.default @ #0 <- -",
                "5 mul: mul.Tensor @ #0 <- 3, 4",
            ],
        )

    def test_calls_without_operators(self) -> None:
        # The first call of `maybe` leaves no operator, so the second is told by the tracer's count; those of `nothing`
        # leave none at all.
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            x = self.nothing(self.maybe(x, False))
            x = self.nothing(self.maybe(x, True))
            return self.maybe(self.maybe(x, False), True)

        model = Function(
            forward, nothing=nn.Identity(), maybe=Function(lambda self, x, yes: self.leaf(x) if yes else x, leaf=Leaf())
        )
        self.check(model, (X,), ["0 add: add.Tensor @ maybe.leaf#0 <- -", "1 add_1: add.Tensor @ maybe.leaf#1 <- 0"])
        model.maybe.function = lambda self, x, yes: x * 2 if yes else x
        hierarchy = self.check(model, (X,), ["0 mul: mul.Tensor @ maybe#1 <- -", "1 mul_1: mul.Tensor @ maybe#3 <- 0"])
        self.assertEqual(len(hierarchy["calls"]), 7)

    def test_code_without_gradients_is_part_of_the_program(self) -> None:
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            with torch.no_grad(), torch.autocast("cpu", enabled=False):
                first, second = self.branch(x), self.leaf(x)
            return self.branch(first + second)

        self.check(
            Function(forward, branch=Branch(), leaf=Leaf()),
            (X,),
            [
                "0 add: add.Tensor @ branch.leaf#0 <- -",
                "1 linear: linear.default @ branch.linear#0 <- 0, branch.linear.weight, branch.linear.bias",
                "2 add_1: add.Tensor @ branch.leaf#1 <- 1",
                "3 add_2: add.Tensor @ leaf#0 <- -",
                "4 add_3: add.Tensor @ #0 <- 2, 3",
                "5 add_4: add.Tensor @ branch.leaf#2 <- 4",
                "6 linear_1: linear.default @ branch.linear#1 <- 5, branch.linear.weight, branch.linear.bias",
                "7 add_5: add.Tensor @ branch.leaf#3 <- 6",
            ],
        )

    def test_bodies_of_control_flow_are_one_operator(self) -> None:
        # `leaf` is called in the branch taken, then outside: the calls in a branch are not in the program's stacks.
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            x = torch.cond(x.sum() > 0, lambda y: self.leaf(y), lambda y: self.other(y), (x,))
            return self.leaf(x)

        hierarchy = self.check(
            Function(forward, leaf=Leaf(), other=Leaf()),
            (X,),
            [
                "0 sum_1: sum.default @ #0 <- -",
                "1 gt: gt.Scalar @ #0 <- 0",
                "2 cond: higher_order.cond @ #0 <- 1, -",
                "3 getitem: operator.getitem @ #0 <- 2",
                "4 add: add.Tensor @ leaf#1 <- 3",
            ],
        )
        self.assertEqual([call["module"] for call in hierarchy["calls"]], ["", "leaf", "leaf"])

    def test_tensors_of_branches(self) -> None:
        # Which operator of which branch reads them is not known, nor whether the other branch would call `other`.
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            return torch.cond(x.sum() > 0, lambda y: self.taken(y), lambda y: self.other(y), (x,))

        hierarchy = self.check(
            Function(forward, taken=nn.Linear(2, 2), other=nn.Linear(2, 2), unused=Leaf()),
            (torch.ones(1, 2),),
            [
                "0 sum_1: sum.default @ #0 <- -",
                "1 gt: gt.Scalar @ #0 <- 0",
                "2 cond: higher_order.cond @ #0 <- 1, -",
                "3 getitem: operator.getitem @ #0 <- 2",
            ],
        )
        counts = {module["path"]: module.get("calls") for module in hierarchy["modules"]}
        self.assertEqual(counts, {"": 1, "taken": 1, "other": None, "unused": 0})

    def test_loop(self) -> None:
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            step, x = torch._higher_order_ops.while_loop(
                lambda i, y: i < 3, lambda i, y: (i + 1, self.leaf(y)), (torch.zeros((), dtype=torch.long), x)
            )
            return self.leaf(x)

        hierarchy = self.check(
            Function(forward, leaf=Leaf()),
            (X,),
            [
                "0 zeros: zeros.default @ #0 <- ",
                "1 while_loop: higher_order.while_loop @ #0 <- 0, -",
                "2 getitem_1: operator.getitem @ #0 <- 1",
                "3 add: add.Tensor @ leaf#3 <- 2",
            ],
        )
        self.assertEqual([call["module"] for call in hierarchy["calls"]], [""] + ["leaf"] * 4)

    def test_in_place_operators_are_made_functional(self) -> None:
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            x = self.relu(x * 2)
            x += 1
            return x.neg()

        self.check(
            Function(forward, relu=nn.ReLU(inplace=True)),
            (X,),
            [
                "0 mul: mul.Tensor @ #0 <- -",
                "1 relu: relu.default @ relu#0 <- 0",
                "2 add: add.Tensor @ #0 <- 1",
                "3 neg: neg.default @ #0 <- 2",
            ],
        )

    def test_keyword_arguments_and_outputs_of_any_class(self) -> None:
        @dataclasses.dataclass
        class Output:
            hidden: torch.Tensor
            rest: dict[str, Any]

        class Plain:
            def __init__(self, value: torch.Tensor) -> None:
                self.value = value
                self.self = self

        def forward(self: Any, x: torch.Tensor, *, scale: float, shift: torch.Tensor) -> Output:
            return Output(self.leaf(x) * scale, {"shifted": [x - shift], "plain": Plain(x / 2), "flag": True})

        model = Function(forward, leaf=Leaf())
        original = model.forward
        self.check(
            model,
            (X,),
            [
                "0 add: add.Tensor @ leaf#0 <- -",
                "1 mul: mul.Tensor @ #0 <- 0",
                "2 sub: sub.Tensor @ #0 <- -, -",
                "3 div: div.Tensor @ #0 <- -",
            ],
            kwargs={"scale": 2.0, "shift": X},
        )
        self.assertEqual(model.forward, original)

    def test_parametrised_module(self) -> None:
        hierarchy = build_hierarchy(nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))), (X,))
        self.assertEqual(
            show(hierarchy),
            [
                "0 _weight_norm: _weight_norm.default @ 0.parametrizations.weight.0#0 <- "
                "0.parametrizations.weight.original1, 0.parametrizations.weight.original0",
                "1 linear: linear.default @ 0#0 <- -, 0, 0.bias",
            ],
        )


class ProgramTest(unittest.TestCase):
    def test_names_of_the_given_program(self) -> None:
        model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), Leaf()).eval()
        program = torch.export.export(model, (X,)).run_decompositions({})
        hierarchy = build_hierarchy(model, (X,), program=program)
        self.assertEqual(hierarchy["ops_source"], "exported_program")
        self.assertEqual([op["name"] for op in hierarchy["ops"]], self.operators(program))
        self.assertEqual(
            show(hierarchy)[1:3],
            [
                "1 _native_batch_norm_legit_no_training: _native_batch_norm_legit_no_training.default @ 1#0"
                " <- 0, 1.weight, 1.bias, 1.running_mean, 1.running_var",
                "2 getitem: operator.getitem @ 1#0 <- 1",
            ],
        )

    def test_strict_program(self) -> None:
        class Twice(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.branches = nn.ModuleList([Branch(), Branch()])

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                for branch in self.branches:
                    x = branch(x)
                return self.branches[0](x)

        model = Twice()
        loose = build_hierarchy(model, (X,))
        strict = build_hierarchy(model, (X,), program=torch.export.export(model, (X,), strict=True))
        self.assertEqual([op["call"] for op in strict["ops"]], [op["call"] for op in loose["ops"]])
        self.assertEqual([op["reads"] for op in strict["ops"]], [op["reads"] for op in loose["ops"]])

    def test_symbolic_shapes(self) -> None:
        model = Function(lambda self, x: x.reshape(x.shape[0] * 2) + 1)
        batch = torch.export.Dim("batch", min=2)
        x = torch.ones(4, 2)
        program = torch.export.export(model, (x,), dynamic_shapes=(({0: batch},),))
        ops = {op["name"]: op for op in build_hierarchy(model, (x,), program=program)["ops"]}
        # Numbers are no tensor arguments.
        self.assertEqual(ops["sym_size_int_1"]["reads"], [None])
        self.assertEqual((ops["mul"]["op"], ops["mul"]["reads"]), ("operator.mul", []))
        self.assertEqual(ops["add"]["reads"], [list(ops).index("reshape")])

    def test_operators_that_fit_no_call_are_counted(self) -> None:
        model = Function(lambda self, x: self.leaf(self.leaf(self.branch(x))), leaf=Leaf(), branch=Branch())
        program = torch.export.export(model, (X,))
        model.function = lambda self, x: self.leaf(self.branch(x))
        with self.assertWarns(HierarchyWarning) as caught:
            hierarchy = build_hierarchy(model, (X,), program=program)
        text = "1 of 5 operators stand in an enclosing call: the run made no call that fits their modules"
        self.assertEqual(str(caught.warning), text)
        self.assertEqual(hierarchy["source"]["warnings"], [text])
        self.assertEqual(show(hierarchy)[3:], ["3 add_2: add.Tensor @ leaf#0 <- 2", "4 add_3: add.Tensor @ #0 <- 3"])

    def test_program_that_lost_its_modules(self) -> None:
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            with torch.no_grad():
                return self.branch(x) + 1

        model = Function(forward, branch=Branch())
        program = torch.export.export(model, (X,)).run_decompositions({})
        with self.assertWarnsRegex(HierarchyWarning, "1 calls read tensors when run, but have no operator"):
            build_hierarchy(model, (X,), program=program)

    def operators(self, program: torch.export.ExportedProgram) -> list[str]:
        return [node.name for node in program.graph.nodes if node.op == "call_function"]


class DispatchTest(unittest.TestCase):
    maxDiff = None

    def check(self, model: nn.Module, args: tuple[Any, ...], expected: list[str], **more: Any) -> None:
        hierarchy = build_hierarchy(model.eval(), args, ops="dispatch", **more)
        self.assertEqual(show(hierarchy), expected)
        self.assertEqual(hierarchy["ops_source"], "dispatch")
        self.assertNotIn("warnings", hierarchy["source"])

    def test_calls_and_reads(self) -> None:
        self.check(
            Branch(),
            (X,),
            [
                "0: add.Tensor @ leaf#0 <- -",
                "1: t.default @ linear#0 <- linear.weight",
                "2: addmm.default @ linear#0 <- linear.bias, 0, 1",
                "3: add.Tensor @ leaf#1 <- 2",
            ],
        )

    def test_in_place_views_lists_and_several_results(self) -> None:
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            x = x + self.buffer
            x += 1
            left, right = x.split(1, 1)
            return torch.cat([right, left, x], 1)

        model = Function(forward)
        model.register_buffer("buffer", torch.ones(1, 2))
        self.check(
            model,
            (X,),
            [
                "0: add.Tensor @ #0 <- -, buffer",
                "1: add_.Tensor @ #0 <- 0",
                "2: split.Tensor @ #0 <- 1",
                "3: cat.default @ #0 <- 2, 2, 1",
            ],
        )

    def test_branch_taken(self) -> None:
        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            return torch.cond(x.sum() > 0, lambda y: self.yes(y), lambda y: self.no(y), (x,))

        self.check(
            Function(forward, yes=Leaf(), no=Leaf()),
            (X,),
            [
                "0: sum.default @ #0 <- -",
                "1: gt.Scalar @ #0 <- 0",
                "2: _local_scalar_dense.default @ #0 <- 1",
                "3: add.Tensor @ yes#0 <- -",
            ],
        )

    def test_scripted_submodule(self) -> None:
        # Nothing is seen of the calls in it, but its operators are, in its own call; torch.export takes no such model.
        model = nn.Sequential(torch.jit.script(Branch()), Leaf())
        with self.assertWarnsRegex(HierarchyWarning, "torch.export does not take the model, .* dispatch trace"):
            hierarchy = build_hierarchy(model, (X,))
        self.assertEqual(hierarchy["ops_source"], "dispatch")
        self.assertEqual(
            [line.split(": ")[1] for line in show(hierarchy)],
            [
                "add.Scalar @ 0#0 <- -",
                "t.default @ 0#0 <- 0.linear.weight",
                "addmm.default @ 0#0 <- 0.linear.bias, 0, 1",
                "add.Scalar @ 0#0 <- 2",
                "add.Tensor @ 1#0 <- 3",
            ],
        )

    def test_what_depends_on_data_is_traced(self) -> None:
        model = Function(lambda self, x: self.leaf(x) if x.sum().item() > 0 else x, leaf=Leaf())
        with self.assertWarns(HierarchyWarning):
            hierarchy = build_hierarchy(model, (X,))
        self.assertEqual(hierarchy["ops_source"], "dispatch")
        self.assertEqual(show(hierarchy)[-1], "2: add.Tensor @ leaf#0 <- -")

    def test_keeps_no_tensor_alive(self) -> None:
        alive = []

        def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
            for _ in range(5):
                x = x + 1
                alive.append(weakref.ref(x))
            return x

        def count(self: Any, x: torch.Tensor) -> torch.Tensor:
            self.alive = sum(ref() is not None for ref in alive)
            return x

        model = Function(lambda self, x: self.count(self.steps(x)), steps=Function(forward), count=Function(count))
        build_hierarchy(model, (X,), ops="dispatch")
        self.assertEqual(model.count.alive, 1)

    def test_fused_attention_is_not_used(self) -> None:
        layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True).eval()
        self.assertTrue(torch.backends.mha.get_fastpath_enabled())
        hierarchy = build_hierarchy(layer, (torch.ones(1, 3, 4),), ops="dispatch")
        self.assertTrue(torch.backends.mha.get_fastpath_enabled())
        self.assertFalse([op for op in hierarchy["ops"] if "transformer_encoder" in op["op"] or "multi_head" in op["op"]])
        self.assertIn({"module": "self_attn", "parent": 0}, hierarchy["calls"])


if __name__ == "__main__":
    unittest.main()
