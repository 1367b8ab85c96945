"""The parts of compare_outputs that need neither the program nor ONNX Runtime."""

from __future__ import annotations

import json
import math
import unittest

import numpy
import torch
from torch import nn

from modelexport.comparison.figures import figures_of
from modelexport.comparison.matching import Matching, kind_of, match
from modelexport.comparison.onnx_runs import bind, pattern_of
from modelexport.comparison.rows import ComparedOutput, OutputComparison
from modelexport.comparison.torch_calls import SeenCall, run_seen


class MatchingTest(unittest.TestCase):
    WIDE, TALL, MASK = ((2, 3), "f"), ((3, 2), "f"), ((2, 3), "b")

    def test_shape_and_kind(self) -> None:
        self.assertEqual(match([self.WIDE, self.TALL], [self.TALL, self.WIDE], [(), ()]), Matching(((0, 1), (1, 0)), {}))
        self.assertEqual(
            match([self.WIDE], [self.TALL], [()]),
            Matching((), {0: "no value of this shape leaves the call, only [3, 2]"}),
        )
        unused = "no value of this kind leaves the call: it is used nowhere else, or has become part of another node"
        self.assertEqual(match([self.WIDE], [self.MASK], [()]), Matching((), {0: unused}))

    def test_steps_on_the_way_are_left_out(self) -> None:
        self.assertEqual(match([self.WIDE], [self.WIDE, self.WIDE], [(1,), ()]).pairs, ((0, 1),))
        # One that another shape is computed from is none.
        self.assertEqual(match([self.WIDE, self.TALL], [self.WIDE, self.TALL], [(1,), ()]).pairs, ((0, 0), (1, 1)))

    def test_as_many_are_paired_in_order(self) -> None:
        self.assertEqual(match([self.WIDE] * 2, [self.WIDE] * 2, [(1,), ()]).pairs, ((0, 0), (1, 1)))

    def test_ambiguous(self) -> None:
        reason = "ambiguous: 2 values for 1 tensors of this shape"
        self.assertEqual(match([self.WIDE], [self.WIDE] * 2, [(), ()]), Matching((), {0: reason}))
        reason = "ambiguous: 1 values for 2 tensors of this shape"
        self.assertEqual(match([self.WIDE] * 2, [self.WIDE], [()]), Matching((), {0: reason, 1: reason}))

    def test_kinds(self) -> None:
        names = ("float16", "torch.bfloat16", "int64", "torch.uint8", "bool", "complex64")
        self.assertEqual([kind_of(name) for name in names], ["f", "f", "i", "i", "b", "c"])


class FiguresTest(unittest.TestCase):
    def test_of_numbers(self) -> None:
        figures = figures_of(numpy.array([[3.0, 4.5]]), numpy.array([[3.0, 4.0]]))
        self.assertEqual((figures.max_abs, figures.mean_abs, figures.relative), (0.5, 0.25, 0.125))
        self.assertAlmostEqual(figures.snr_db or 0, 10 * math.log10(25 / 0.25))
        self.assertAlmostEqual(figures.cosine or 0, 27 / (math.sqrt(29.25) * 5))
        self.assertEqual((figures.headroom, figures.not_finite), (65504 / 4.5, 0))

    def test_without_a_difference(self) -> None:
        figures = figures_of(numpy.zeros(3, numpy.float16), numpy.zeros(3, numpy.float32))
        self.assertEqual((figures.max_abs, figures.relative, figures.cosine, figures.snr_db), (0, 0, None, None))
        self.assertIsNone(figures.headroom)

    def test_a_reference_of_zeros(self) -> None:
        self.assertIsNone(figures_of(numpy.ones(2), numpy.zeros(2)).relative)

    def test_what_is_not_finite(self) -> None:
        array = numpy.array([numpy.nan, numpy.inf, -numpy.inf, 1.0])
        alike = figures_of(array, array)
        self.assertEqual((alike.max_abs, alike.not_finite, alike.reference_not_finite), (0, 3, 3))
        for other in ([0, numpy.inf, -numpy.inf, 1.0], [numpy.nan, -numpy.inf, -numpy.inf, 1.0]):
            self.assertEqual(figures_of(array, numpy.array(other)).max_abs, math.inf)

    def test_many_elements_and_none(self) -> None:
        array = numpy.arange(3_000_000, dtype=numpy.float32)
        other = array.copy()
        other[2_500_000] += 8
        self.assertEqual(figures_of(other, array).max_abs, 8)
        self.assertEqual(figures_of(numpy.zeros((0, 4)), numpy.zeros((0, 4))).max_abs, 0)

    def test_booleans_and_integers(self) -> None:
        self.assertEqual(figures_of(numpy.array([True, False]), numpy.array([True, True])).max_abs, 1)


class BindTest(unittest.TestCase):
    def test_by_name_then_by_position(self) -> None:
        a, b, c = (numpy.full(1, number) for number in (1, 2, 3))
        bound = bind({"x": "", "mask": "", "y": ""}, {"mask": b}, [a, b, c], None)
        self.assertEqual({name: int(array[0]) for name, array in bound.items()}, {"mask": 2, "x": 1, "y": 3})

    def test_what_is_not_clear(self) -> None:
        with self.assertRaisesRegex(ValueError, "which of the 2 tensors are the inputs y"):
            bind({"y": ""}, {}, [numpy.zeros(1), numpy.ones(1)], None)
        with self.assertRaisesRegex(ValueError, "no input 'z', only y"):
            bind({"y": ""}, {}, [], {"z": 1})
        self.assertEqual(bind({"y": ""}, {}, [numpy.zeros(1)] * 2, {"y": 7}), {"y": 7})

    def test_patterns_mean_just_these_modules(self) -> None:
        self.assertEqual(pattern_of(["", "a.b", "odd,*[0]"]), r".,a.b,odd\,\*\[0\]")


class Twice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.relu = nn.ReLU(inplace=True)
        self.drop = nn.Dropout()

    def forward(self, x: torch.Tensor, *, scale: torch.Tensor) -> dict[str, torch.Tensor]:
        y = self.relu(x * scale)
        z = self.drop(y)
        return {"y": y, "again": z, "other": self.relu(-z)}


class CallsTest(unittest.TestCase):
    def test_calls_as_they_end(self) -> None:
        model = Twice().eval()
        model.drop.train()
        model.drop.p = 0.0
        seen: list[tuple[tuple[str, int], list[list[float]], int, int]] = []

        def see(call: SeenCall) -> None:
            seen.append((call.key, [tensor.tolist() for tensor in call.tensors], call.given_back, len(call.flat)))

        run_seen(model.eval(), ((torch.tensor([-1.0, 2.0]),), {"scale": torch.tensor(2.0)}), see)
        self.assertEqual(
            seen,
            [
                (("relu", 0), [[0, 4]], 0, 1),  # in place, so it is its input, written into
                (("drop", 0), [], 1, 1),
                (("relu", 1), [[0, 0]], 0, 1),
                (("", 0), [[0, 4], [0, 0]], 0, 3),
            ],
        )
        self.assertEqual(len(model.relu._forward_hooks), 0)

    def test_a_model_that_fails_is_left_as_it_was(self) -> None:
        model = nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 3))
        with self.assertRaises(RuntimeError):
            run_seen(model, ((torch.ones(1, 2),), {}), lambda call: None)
        self.assertTrue(model.training)
        self.assertEqual([len(module._forward_hooks) for module in model.modules()], [0, 0, 0])


class RowsTest(unittest.TestCase):
    ROW = ComparedOutput("a", "my.A", 1, 0, "v", (2,))

    def comparison(self, *rows: ComparedOutput) -> OutputComparison:
        return OutputComparison("m.onnx", "Net", "tags", 1e-3, 1e-5, rows)

    def test_the_first_line(self) -> None:
        bad = self.ROW.with_figures(figures_of(numpy.array([1.0, numpy.nan]), numpy.array([1.0, 2.0])), True)
        result = self.comparison(ComparedOutput("b", None, 0, None, None, None, why="has no nodes"), bad)
        self.assertEqual(
            result.summary(),
            "first beyond tolerance: a, call 1 (A): relative error inf; value v\n"
            "1 of 2 module calls compared with Net, 1 beyond 0.001 of the largest value + 1e-05",
        )
        self.assertFalse(result.ok)
        answer = json.loads(result.json())
        self.assertEqual((answer["first"], answer["rows"][1]["max_abs"], answer["rows"][0]["why"]), (1, "inf", "has no nodes"))

    def test_without_anything_to_compare(self) -> None:
        result = self.comparison()
        self.assertEqual((result.summary().splitlines()[0], result.ok), ("nothing was compared", False))

    def test_frame(self) -> None:
        table = self.comparison(self.ROW).frame()
        self.assertEqual((table.module[0], int(table.output[0]), bool(table.beyond[0])), ("a", 0, False))


if __name__ == "__main__":
    unittest.main()
