#!/usr/bin/env python3
"""What `modelexport select` prints for other tools, given to those tools: run by hand, as they are large.

    MODELEXPORT=.bazel/bin/tools/modelexport python tests/python/real_targets.py

Needs nvidia-modelopt with onnx-graphsurgeon, onnx-neural-compressor, olive-ai and onnxruntime-genai, or as many of them
as there are; docs/commands/select.md says with which versions it ran. select_test.py repeats their rules, for CI.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import pathlib
import subprocess
from collections.abc import Callable
from unittest import mock

import onnx

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PATTERN = "encoder.layer.1"  # Its names are beginnings of no others, but "." in them matches any character.


def select(model: pathlib.Path, form: str) -> str:
    hierarchy = f"--hierarchy={REPOSITORY}/testdata/bert_tiny/hierarchy.json"
    command = [os.environ["MODELEXPORT"], "select", model, PATTERN, f"--format={form}", hierarchy]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def modelopt(path: pathlib.Path) -> list[str]:
    from modelopt.onnx.quantization.graph_utils import expand_node_names_from_patterns

    return expand_node_names_from_patterns(onnx.load(path).graph, select(path, "modelopt").splitlines())


def modelopt_autocast(path: pathlib.Path) -> list[str]:
    from modelopt.onnx.autocast.nodeclassifier import DisabledNodeNameRegexRule

    rule = DisabledNodeNameRegexRule(select(path, "modelopt").splitlines())
    return [node.name for node in onnx.load(path).graph.node if rule.check(node)]


def neural_compressor(path: pathlib.Path) -> list[str]:
    from onnx_neural_compressor.quantization.config import RTNConfig

    config, chosen = RTNConfig(white_list=[]), RTNConfig(weight_dtype="fp32")
    for expression in select(path, "inc").splitlines():
        config.set_local(expression, chosen)
    nodes = [(node.name, node.op_type) for node in onnx.load(path).graph.node]
    configured = config.to_config_mapping([config], nodes)
    return [name for name, _ in nodes if name in configured and configured[name]["weight_dtype"] == "fp32"]


def olive(path: pathlib.Path) -> list[str]:
    """The products that are as they were, after all others have become MatMulNBits."""
    import onnx_ir
    from olive.passes.onnx.kquant_quantization import OnnxKQuantQuantization

    excluded = json.loads(select(path, "olive"))
    model = onnx_ir.load(path)
    kept = [node.name for node in model.graph if node.name in excluded]
    quantise = OnnxKQuantQuantization._quantize_model  # noqa: SLF001
    quantise(object.__new__(OnnxKQuantQuantization), model, nodes_to_exclude=excluded)
    left = {node.name for node in model.graph if node.op_type == "MatMul"}
    products = {node.name for node in onnx.load(path).graph.node if node.op_type == "MatMul"}
    return [name for name in kept if name not in products or name in left]


def genai(path: pathlib.Path) -> list[str]:
    """As the builder splits its option, before it asks for the model itself."""
    from onnxruntime_genai.models import builder

    class OptionsAreRead(Exception):
        pass

    options = {"nodes_to_exclude": select(path, "genai").rstrip("\n")}
    with mock.patch.object(builder, "get_hf_details", side_effect=OptionsAreRead), contextlib.suppress(OptionsAreRead):
        builder.check_extra_options(None, None, None, "int4", "cpu", None, options)
    excluded = options["nodes_to_exclude"]
    return [node.name for node in onnx.load(path).graph.node if node.name in excluded]


TARGETS: dict[str, Callable[[pathlib.Path], list[str]]] = {
    "nvidia-modelopt": modelopt,
    "nvidia-modelopt (AutoCast)": modelopt_autocast,
    "onnx-neural-compressor": neural_compressor,
    "olive-ai": olive,
    "onnxruntime-genai": genai,
}


def main() -> int:
    failed = 0
    for target, matched in TARGETS.items():
        try:
            version = importlib.metadata.version(target.split()[0])
        except importlib.metadata.PackageNotFoundError:
            print(f"{target}: not installed")
            continue
        for exporter in ("torchscript", "dynamo"):
            path = REPOSITORY / "testdata/bert_tiny" / exporter / "model.onnx"
            wanted = select(path, "names").splitlines()
            same = sorted(matched(path)) == sorted(wanted)
            failed += not same
            print(f"{target} {version}, {exporter}: {'just the' if same else 'NOT the'} {len(wanted)} nodes selected")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
