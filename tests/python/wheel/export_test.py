"""export_model, of the installed wheel: the file is what torch exports, tagged; the model is left as it was.

Wants the wheel installed in the environment that runs it (tests/python/run.sh).
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import pathlib
import sys
import tempfile
import unittest
import warnings
from typing import Any
from unittest import mock

import modelexport
import numpy
import onnx
import onnxruntime
import torch
from torch import nn
from torch.utils._pytree import tree_leaves

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "testdata"))

import fixture_models


def setUpModule() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)  # torch's, about packages that are not there


def tearDownModule() -> None:
    logging.disable(logging.NOTSET)


def outputs(path: pathlib.Path, inputs: list[torch.Tensor]) -> list[numpy.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [value.name for value in session.get_inputs()]
    return session.run(None, {name: tensor.numpy() for name, tensor in zip(names, inputs, strict=True)})


def state(model: nn.Module) -> Any:
    """What an export must leave alone."""
    hooks = [
        [list(getattr(module, name)) for name in ("_forward_hooks", "_forward_pre_hooks", "_state_dict_hooks")]
        for module in model.modules()
    ]
    return (
        [module.training for module in model.modules()],
        hooks,
        ["forward" in vars(module) for module in model.modules()],
        [(name, tensor.tobytes()) for name, tensor in ((n, t.numpy(force=True)) for n, t in model.state_dict().items())],
        [parameter.requires_grad for parameter in model.parameters()],
        torch.get_rng_state().tolist(),
        torch.is_grad_enabled(),
    )


class TestCase(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def export(self, model: nn.Module, args: Any, *, dynamo: bool, **keywords: Any) -> modelexport.ExportResult:
        """Exports, checks what holds of every export, returns the result."""
        path = self.folder / "model.onnx"
        before = state(model)
        if dynamo:
            keywords.setdefault("verbose", False)
        result = modelexport.export_model(model, args, path, dynamo=dynamo, **keywords)
        self.assertEqual(state(model), before)
        self.assertEqual((result.model, result.hierarchy), (path, self.folder / "model.hierarchy.json"))
        written = {path, result.hierarchy, *result.external_data}
        self.assertEqual(set(self.folder.iterdir()), written)
        onnx.checker.check_model(path, full_check=True)
        nodes = modelexport.read_tags(path)
        self.assertEqual((len(nodes), sum(result.evidence.values())), (result.nodes, result.nodes))
        sidecar = json.loads(result.hierarchy.read_text())
        self.assertLessEqual({node.module for node in nodes}, {module["path"] for module in sidecar["modules"]})
        self.assertEqual(sidecar["ops_source"] == "exported_program", dynamo)
        return result

    def check_outputs(self, result: modelexport.ExportResult, model: nn.Module, args: Any, kwargs: Any = None) -> None:
        """The tagged file computes what the untagged one does, bit for bit, and about what the model does."""
        inputs = [leaf for leaf in tree_leaves((args, kwargs or {})) if isinstance(leaf, torch.Tensor)]
        tagged = outputs(result.model, inputs)
        plain = result.model.with_name("plain.onnx")
        run_program = [str(modelexport.program_path()), "strip", str(result.model), str(plain), "--quiet"]
        self.assertEqual(os.spawnv(os.P_WAIT, run_program[0], run_program), 0)
        for one, other in zip(tagged, outputs(plain, inputs), strict=True):
            self.assertEqual((one.dtype, one.shape, one.tobytes()), (other.dtype, other.shape, other.tobytes()))
        with torch.no_grad():
            expected = tree_leaves(model(*args, **(kwargs or {})))
        for one, other in zip(tagged, expected, strict=True):
            numpy.testing.assert_allclose(one, other.numpy(), rtol=1e-3, atol=1e-4)
        plain.unlink()


class Convolutions(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
        self.head = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.stem(x).mean((2, 3)))


class ModelsTest(TestCase):
    """The traps and two small models, by each exporter that takes them."""

    def test_fixtures(self) -> None:
        for name in ("naming_traps", "script_traps"):
            fixture = fixture_models.make(name)
            for exporter in fixture.exporters:
                with self.subTest(name, exporter=exporter):
                    result = self.export(
                        fixture.model, fixture.args, dynamo=exporter == "dynamo", external_data=False
                    )
                    self.assertGreater(result.coverage, 0.99)
                    self.check_outputs(result, fixture.model, fixture.args)

    def test_small_models(self) -> None:
        torch.manual_seed(0)
        layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        models = (
            # The dynamo exporter merges the normalisation into the convolution, and names that after it.
            (Convolutions(), torch.randn(1, 3, 8, 8), {"stem.2": "Relu", "head": "Gemm"}),
            (nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), torch.randn(1, 3, 8), {"layers.1": "Relu"}),
        )
        for model, x, expected in models:
            for dynamo in (False, True):
                with self.subTest(type(model).__name__, dynamo=dynamo):
                    result = self.export(model.eval(), x, dynamo=dynamo, external_data=False)
                    nodes = modelexport.read_tags(result.model)
                    self.assertLessEqual(set(expected.items()), {(node.module, node.op_type) for node in nodes})
                    self.check_outputs(result, model, (x,))

    def test_without_a_choice_it_is_the_exporter_of_torch(self) -> None:
        path = self.folder / "model.onnx"
        result = modelexport.export_model(nn.ReLU(), torch.ones(2), path, verbose=False, external_data=False)
        self.assertEqual(json.loads(result.hierarchy.read_text())["ops_source"], "exported_program")
        self.assertEqual([node.module for node in modelexport.read_tags(path)], [""])


@dataclasses.dataclass
class Pair:
    left: torch.Tensor
    right: torch.Tensor


torch.export.register_dataclass(Pair, serialized_type_name="export_test.Pair")


class Features(nn.Module):
    """A module under two names, a parametrised one, ones that tell train from eval; `kind` of inputs and outputs."""

    def __init__(self, kind: str = "") -> None:
        super().__init__()
        self.kind = kind
        self.shared = nn.Linear(4, 4)
        self.again = self.shared
        self.normed = nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))
        self.statistics = nn.BatchNorm1d(4)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x: Any, y: torch.Tensor | None = None) -> Any:
        if self.kind == "dict":
            x, y = x["left"], x["right"]
        elif self.kind == "dataclass":
            x, y = x.left, x.right
        one = self.dropout(self.statistics(torch.tanh(self.normed(self.shared(x)))))
        two = self.again(torch.relu(one)) * (1.5 if y is None else y)
        if self.kind == "dict":
            return {"one": one, "two": two}
        return Pair(one, two) if self.kind == "dataclass" else (one, two)


class Greedy(nn.Module):
    """Writes into what it is given, and goes by what it finds there."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.later = nn.ReLU(), nn.Tanh()

    def forward(self, x: torch.Tensor, seen: list[torch.Tensor]) -> torch.Tensor:
        x += 1
        seen.append(x)
        return self.first(x + seen[0]) if len(seen) == 2 else self.later(x + seen[0])


class Late(nn.Module):
    """Registers a buffer when it is called first."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not hasattr(self, "late"):
            self.register_buffer("late", torch.arange(2.0), persistent=False)
        return x + self.late


class FeaturesTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        torch.manual_seed(0)
        self.x, self.y = torch.randn(3, 4), torch.randn(3, 4)

    def check_modules(self, result: modelexport.ExportResult) -> None:
        nodes = modelexport.read_tags(result.model)
        calls = [node.call for node in nodes if node.module == "shared" and node.op_type in ("Gemm", "MatMul")]
        self.assertEqual(calls, [0, 1])
        self.assertEqual([node.module for node in nodes if node.op_type == "Relu"], [""])
        self.assertTrue([node for node in nodes if node.module == "normed"])

    def test_keyword_arguments(self) -> None:
        model = Features().eval()
        result = self.export(model, self.x, kwargs={"y": self.y}, dynamo=False)
        self.check_modules(result)
        self.check_outputs(result, model, (self.x,), {"y": self.y})
        sidecar = result.hierarchy.read_text()
        # As torch takes them too: the last of the arguments.
        self.assertEqual(self.export(model, (self.x, {"y": self.y}), dynamo=False).hierarchy.read_text(), sidecar)

    def test_dictionaries(self) -> None:
        model, args = Features("dict").eval(), ({"left": self.x, "right": self.y}, {})
        for dynamo in (False, True):
            with self.subTest(dynamo=dynamo):
                result = self.export(model, args, dynamo=dynamo, external_data=False)
                self.check_modules(result)
        self.check_outputs(result, model, args[:1])

    def test_data_classes(self) -> None:
        model, args = Features("dataclass").eval(), (Pair(self.x, self.y),)
        result = self.export(model, args, dynamo=True)
        self.check_modules(result)
        self.check_outputs(result, model, args)

    def test_weights_beside_the_model(self) -> None:
        torch.manual_seed(1)
        for _ in range(2):  # over files of that name, with other weights
            result = self.export(nn.Linear(64, 64), torch.randn(1, 64), dynamo=True)
            self.assertEqual([path.name for path in result.external_data], ["model.onnx.data"])

    def test_training_mode(self) -> None:
        model = Features().train()
        model.statistics.eval()  # frozen
        for mode, dropouts in ((torch.onnx.TrainingMode.EVAL, 0), (torch.onnx.TrainingMode.PRESERVE, 1)):
            with self.subTest(mode):
                result = self.export(model, self.x, dynamo=False, training=mode, do_constant_folding=False)
                ops = [op["op"] for op in json.loads(result.hierarchy.read_text())["ops"]]
                nodes = [node.op_type for node in modelexport.read_tags(result.model)]
                self.assertEqual((nodes.count("Dropout"), len([op for op in ops if "dropout" in op])), (dropouts,) * 2)

    def test_failures_leave_everything_as_it_was(self) -> None:
        path = self.folder / "model.onnx"
        path.write_bytes(b"what was there")
        model = Features().train()
        model.statistics.eval()
        model.register_forward_hook(lambda *_: None)
        fails = mock.Mock(side_effect=ValueError("broken"))
        before = state(model)
        for dynamo in (False, True):
            with self.subTest(dynamo=dynamo), mock.patch.object(nn.Dropout, "forward", fails):
                with self.assertRaisesRegex(Exception, "broken"):
                    modelexport.export_model(model, self.x, path, dynamo=dynamo, verbose=False)
            self.assertEqual(state(model), before)
        with self.assertRaises(modelexport.ModelExportError) as raised:
            modelexport.export_model(model, self.x, path, dynamo=False, tag_flags={"min_coverage": 2})
        self.assertEqual((raised.exception.exit_code, state(model)), (2, before))
        with self.assertRaises(modelexport.ModelExportError) as raised:
            modelexport.export_model(
                model, self.x, path, dynamo=False, strategy="fx", tag_flags={"min_coverage": 1}
            )
        self.assertEqual((raised.exception.exit_code, state(model)), (1, before))
        self.assertIn(str(path), raised.exception.message)
        self.assertLess(raised.exception.report["coverage"], 1)
        self.assertEqual(list(self.folder.iterdir()), [path])
        self.assertEqual(path.read_bytes(), b"what was there")

    def test_names_that_the_files_cannot_get(self) -> None:
        path = self.folder / "model.onnx"
        model = nn.Linear(64, 64)
        self.export(model, torch.randn(1, 64), dynamo=True)  # with weights in a file of their own
        before = {file: file.read_bytes() for file in self.folder.iterdir()}
        for error, hierarchy in (
            (FileNotFoundError, "no/h.json"),
            (IsADirectoryError, ""),
            (ValueError, "model.onnx"),
            (ValueError, "model.onnx.data"),
        ):
            with self.subTest(hierarchy), self.assertRaises(error):
                modelexport.export_model(
                    nn.Linear(64, 64), torch.randn(1, 64), path, hierarchy=self.folder / hierarchy, verbose=False
                )
        with self.assertRaisesRegex(FileNotFoundError, f"'{self.folder}/no'$"):
            modelexport.export_model(model, torch.randn(1, 64), self.folder / "no/m.onnx", verbose=False)
        with self.assertRaises(IsADirectoryError):
            modelexport.export_model(model, torch.randn(1, 64), self.folder, dynamo=True, verbose=False)
        self.assertEqual({file: file.read_bytes() for file in self.folder.iterdir()}, before)

    def test_what_is_no_file_is_never_replaced(self) -> None:
        fifo, link = self.folder / "model.onnx", self.folder / "link.onnx"
        os.mkfifo(fifo)
        link.symlink_to(fifo)
        for path, hierarchy in ((fifo, "h.json"), (link, "h.json"), (self.folder / "m.onnx", "link.onnx")):
            with self.subTest(path=path), self.assertRaisesRegex(OSError, "neither a regular file"):
                modelexport.export_model(nn.ReLU(), self.x, path, hierarchy=self.folder / hierarchy, verbose=False)
        self.assertTrue(fifo.is_fifo())
        self.assertEqual(sorted(self.folder.iterdir()), [link, fifo])

    def test_no_model_beside_the_weights_of_another(self) -> None:
        path = self.folder / "model.onnx"
        self.export(nn.Linear(64, 64), torch.randn(1, 64), dynamo=True)
        replace = os.replace

        def full_disk(source: Any, target: Any) -> None:
            if str(target).endswith(".json"):
                raise OSError("full")
            replace(source, target)

        with mock.patch.object(os, "replace", full_disk), self.assertRaisesRegex(OSError, "full"):
            modelexport.export_model(nn.Linear(64, 64), torch.randn(1, 64), path, dynamo=True, verbose=False)
        self.assertFalse(path.exists())

    def test_modes_of_files_are_kept(self) -> None:
        for _ in range(2):
            result = self.export(nn.Linear(64, 64), torch.randn(1, 64), dynamo=True)
            files = (result.model, result.hierarchy, *result.external_data)
            modes = [file.stat().st_mode & 0o777 for file in files]
            for number, file in enumerate(files):
                file.chmod(0o600 + number)
        self.assertEqual(modes, [0o600, 0o601, 0o602])

    def test_flags_are_looked_at_before_the_export(self) -> None:
        wrong = (
            (modelexport.ModelExportError, {"strategy": "guess"}),
            (modelexport.ModelExportError, {"tag_flags": {"min_coverage": 2}}),
            (TypeError, {"tag_flags": {"minimal_coverage": None}}),
            (TypeError, {"min_coverage": 0.5}),  # which belongs into tag_flags
            (ValueError, {"tag_flags": {"report": "report.json"}}),
            (FileNotFoundError, {}),
        )
        with mock.patch.object(torch.onnx, "export", side_effect=AssertionError("exported")):
            for error, keywords in wrong:
                program = {} if keywords else {"MODELEXPORT_PROGRAM": "/no/program"}
                with self.subTest(keywords), mock.patch.dict(os.environ, program), self.assertRaises(error):
                    modelexport.export_model(nn.ReLU(), self.x, self.folder / "model.onnx", **keywords)

    def test_report_names_the_files(self) -> None:
        result = self.export(nn.ReLU(), self.x, dynamo=False)
        names = [str(result.model), str(result.hierarchy), str(result.model)]
        self.assertEqual([result.report[key] for key in ("model", "hierarchy", "output")], names)
        with self.assertRaises(modelexport.ModelExportError) as raised:
            modelexport.export_model(
                Features(), self.x, result.model, dynamo=False, strategy="fx", tag_flags={"min_coverage": 1}
            )
        self.assertEqual([raised.exception.report[key] for key in ("model", "hierarchy", "output")], names)
        self.assertNotIn(".modelexport-", str((raised.exception, raised.exception.report)))

    def test_inputs_that_the_model_writes_into(self) -> None:
        for dynamo in (False, True):
            with self.subTest(dynamo=dynamo):
                x, seen = torch.zeros(2), [torch.zeros(2)]
                result = self.export(Greedy(), (x, seen), dynamo=dynamo)
                self.assertEqual((x.tolist(), len(seen)), ([0, 0], 1))
                calls = [call["module"] for call in json.loads(result.hierarchy.read_text())["calls"]]
                self.assertEqual(calls, ["", "first"])

    def test_buffer_that_a_run_registers(self) -> None:
        for dynamo in (False, True):
            with self.subTest(dynamo=dynamo):
                model = Late()
                path = self.folder / "model.onnx"
                modelexport.export_model(model, torch.zeros(2), path, dynamo=dynamo, verbose=False)
                self.assertEqual(model.late.tolist(), [0, 1])

    def test_not_a_module(self) -> None:
        with self.assertRaisesRegex(TypeError, "ExportedProgram"):
            program = torch.export.export(nn.ReLU(), (self.x,))
            modelexport.export_model(program, self.x, self.folder / "model.onnx")


class ReadTagsTest(unittest.TestCase):
    def test_reads_what_onnx_reads(self) -> None:
        for name in ("naming_traps/dynamo", "script_traps/torchscript", "sam_vision/torchscript"):
            with self.subTest(name):
                path = REPOSITORY / "testdata" / name / "model.onnx"
                expected = list(self.nodes(onnx.load(path).graph))
                found = [(node.name, node.op_type, node.domain, node.metadata) for node in modelexport.read_tags(path)]
                self.assertEqual(found, expected)

    def nodes(self, graph: onnx.GraphProto) -> Any:
        for node in graph.node:
            yield node.name, node.op_type, node.domain, {entry.key: entry.value for entry in node.metadata_props}
            for attribute in node.attribute:
                if attribute.type == onnx.AttributeProto.GRAPH:
                    yield from self.nodes(attribute.g)

    def test_number_of_a_call_that_is_none(self) -> None:
        numbers = ["7", "9" * 18, "9" * 19, "9" * 5000, "-1", "\u0663"]
        nodes = [onnx.helper.make_node("Relu", ["x"], [f"y{index}"]) for index in range(len(numbers))]
        for node, number in zip(nodes, numbers, strict=True):
            onnx.helper.set_metadata_props(node, {"modelexport.call": number})
        model = onnx.helper.make_model(onnx.helper.make_graph(nodes, "", [], []))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.onnx")
            onnx.save(model, path)
            calls = [node.call for node in modelexport.read_tags(path)]
            self.assertEqual(modelexport.read_tags(path, frame=True).call.count(), 2)
        self.assertEqual(calls, [7, 10**18 - 1, None, None, None, None])

    def test_other_modules(self) -> None:
        values = ['["a","b.c"]', "[]", "", "a", '{"a":1}', '["a",1]', "[" * 100_000]
        nodes = [onnx.helper.make_node("Relu", ["x"], [f"y{index}"]) for index in range(len(values))]
        for node, value in zip(nodes, values, strict=True):
            onnx.helper.set_metadata_props(node, {"modelexport.also": value})
        model = onnx.helper.make_model(onnx.helper.make_graph(nodes, "", [], []))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.onnx")
            onnx.save(model, path)
            also = [node.also for node in modelexport.read_tags(path)]
        self.assertEqual(also, [("a", "b.c"), (), (), (), (), ("a",), ()])

    def test_the_first_of_a_repeated_key_counts(self) -> None:
        node = onnx.helper.make_node("Relu", ["x"], ["y"])
        for module in ("first", "second"):
            node.metadata_props.add(key="modelexport.module", value=module)
        model = onnx.helper.make_model(onnx.helper.make_graph([node], "", [], []))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.onnx")
            onnx.save(model, path)
            self.assertEqual([node.module for node in modelexport.read_tags(path)], ["first"])

    def read(self, content: bytes) -> list[modelexport.NodeTags]:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.onnx")
            path.write_bytes(content)
            return modelexport.read_tags(path)

    def test_what_is_no_model_is_an_error(self) -> None:
        tensor = onnx.helper.make_tensor("w", onnx.TensorProto.FLOAT, [1], [1.0]).SerializeToString()
        for content, problem in (
            (bytes(64), "byte 0: a field of number 0"),
            (tensor, "no ONNX model"),
            (b"\x08\x08", "no graph"),
            (b"\x3b\x08\x01", "group 7 does not end"),
            (b"\x3c", "end of a group that did not begin"),
        ):
            with self.subTest(problem), self.assertRaisesRegex(modelexport.ModelExportError, problem):
                self.read(content)

    def test_groups_are_passed_over(self) -> None:
        node = onnx.helper.make_node("Relu", ["x"], ["y"]).SerializeToString()
        inside = onnx.helper.make_node("Abs", ["x"], ["y"]).SerializeToString()

        def field(number: int, content: bytes) -> bytes:
            return bytes([number << 3 | 2, len(content)]) + content

        graph = field(1, node) + b"\x63" + field(1, inside) + b"\x6b\x6c\x64"  # groups 12 and, in it, 13
        self.assertEqual([tags.op_type for tags in self.read(field(7, graph))], ["Relu"])

    def nested(self, depth: int) -> bytes:
        graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", ["x"], ["y"])], "", [], [])
        for _ in range(depth):
            around = onnx.helper.make_node("If", ["c"], ["y"], then_branch=graph)
            graph = onnx.helper.make_graph([around], "", [], [])
        return onnx.helper.make_model(graph).SerializeToString()

    def test_depth_has_the_limit_of_the_program(self) -> None:
        self.assertEqual(len(self.read(self.nested(32))), 33)
        with self.assertRaisesRegex(modelexport.ModelExportError, "graphs nested over 32 deep"):
            self.read(self.nested(33))

    def test_frame(self) -> None:
        path = REPOSITORY / "testdata" / "naming_traps" / "dynamo" / "model.onnx"
        with tempfile.TemporaryDirectory() as folder:
            tagged = pathlib.Path(folder) / "tagged.onnx"
            modelexport.tag(path, path.parent.parent / "hierarchy.json", tagged)
            nodes, frame = modelexport.read_tags(tagged), modelexport.read_tags(tagged, frame=True)
        self.assertEqual(list(frame.module), [node.module for node in nodes])
        self.assertEqual(frame.call.count(), sum(node.call is not None for node in nodes))
        self.assertTrue(frame.call.count())
        by_module = frame.groupby("module").size()
        self.assertEqual(by_module["attention"], sum(node.module == "attention" for node in nodes))


if __name__ == "__main__":
    unittest.main()
