#!/usr/bin/env python3
"""Compares the MACs that `analyze` says of ONNX files with those that torch counts as the models run.

    python tests/costs/check_costs.py [--models=NAME;...]

Each model is exported both ways, with a sidecar. The MACs of each module that torch calls must be half of what
torch.utils.flop_counter counts in it, and no node may be unknown. Prints a line for each export, with the number of
modules compared and the MACs of the whole, and a line for each module that differs; exits 1 if any does. Needs torch,
transformers, onnx, and the program, built, in the environment variable MODELEXPORT or in .bazel/bin/tools/modelexport.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import onnx
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("MODELEXPORT", str(REPOSITORY / ".bazel/bin/tools/modelexport"))
sys.path[:0] = [str(REPOSITORY / "testdata"), str(REPOSITORY / "tools" / "python")]

from fixture_models import Fixture
from make_fixtures import export_torchscript
from modelexport.sidecar import write_hierarchy

Macs = dict[str, int]


def torch_macs(fixture: Fixture) -> Macs:
    """By the path of each module that is called. Torch counts no LSTM: it has its formula here."""
    model = fixture.model.eval()
    macs: Macs = {}

    def count(path: str) -> Callable[..., None]:
        def hook(module: nn.Module, args: Sequence[torch.Tensor], _output: Any) -> None:
            macs.setdefault(path, 0)
            if isinstance(module, nn.LSTM):
                weights = sum(p.numel() for name, p in module.named_parameters() if name.startswith("weight"))
                steps = args[0].numel() // args[0].shape[-1]  # Of all sequences of the batch.
                for above in {"", *(path[:end] for end in range(1, len(path) + 1) if path[end : end + 1] in ("", "."))}:
                    macs[above] = macs.get(above, 0) + steps * weights

        return hook

    hooks = [module.register_forward_hook(count(path)) for path, module in model.named_modules()]
    # On the processor torch counts attention only where it is done step by step.
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        model(*fixture.args)
    for hook in hooks:
        hook.remove()
    for name, counts in counter.get_flop_counts().items():
        if name != "Global":
            path = name.partition(".")[2]  # After the class of the model.
            macs[path] = macs.get(path, 0) + sum(counts.values()) // 2
    return macs


def onnx_macs(model: pathlib.Path, hierarchy: pathlib.Path, dims: Mapping[str, int] | None = None) -> dict[str, int | None]:
    """By path; None where `analyze` knows not all."""
    flags = [f"--dim={name}={value}" for name, value in (dims or {}).items()]
    command = [PROGRAM, "analyze", str(model), f"--hierarchy={hierarchy}", "--costs", "--format=json", *flags]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {row["module"]: row["macs"] for row in answer["modules"]}


def differences(expected: Mapping[str, int], found: Mapping[str, int | None]) -> list[str]:
    """A line for each module of `expected` that `found` does not say the same of."""
    lines = []
    for path, macs in expected.items():
        if path in found and found[path] == macs or path not in found and macs == 0:
            continue
        lines.append(f'"{path}": {found.get(path, "no module")}, not {macs}')
    return lines


def export(fixture: Fixture, path: pathlib.Path, dynamo: bool) -> None:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        if dynamo:
            torch.onnx.export(fixture.model.eval(), fixture.args, str(path), dynamo=True)
        else:
            onnx.save(export_torchscript(fixture), path)


def moved(model: nn.Module, expected: Mapping[str, int], found: Mapping[str, int | None]) -> list[str]:
    """The differences that follow from torch's dynamo exporter alone.

    It folds a BatchNorm into the convolution before it, and says that the new convolution is the BatchNorm's.
    """
    modules = dict(model.named_modules())
    normalizations = [path for path in expected if isinstance(modules[path], nn.BatchNorm2d)]
    convolutions = {path: macs for path, macs in expected.items() if isinstance(modules[path], nn.Conv2d)}
    # Each follows its convolution, in the order in which they are called.
    swapped = dict(expected)
    for (convolution, macs), normalization in zip(convolutions.items(), normalizations):
        swapped |= {convolution: 0, normalization: macs}
    return [] if differences(swapped, found) else differences(expected, swapped)


def compare(fixture: Fixture, dynamo: bool) -> tuple[Macs, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        model, hierarchy = pathlib.Path(folder, "model.onnx"), pathlib.Path(folder, "hierarchy.json")
        export(fixture, model, dynamo)
        write_hierarchy(fixture.model, fixture.args, hierarchy)
        expected, found = torch_macs(fixture), onnx_macs(model, hierarchy)
        lines = differences(expected, found)
        return expected, [] if dynamo and lines == moved(fixture.model, expected, found) else lines


# Models with the operators that count, and at full size those whose figures are published.


class Convolutions(nn.Module):
    """Grouped, dilated, strided, transposed, in one to three dimensions."""

    def __init__(self) -> None:
        super().__init__()
        self.grouped = nn.Conv2d(8, 16, 3, groups=4, stride=2, padding=1)
        self.depthwise = nn.Conv2d(16, 16, 3, groups=16, dilation=2)
        self.up = nn.ConvTranspose2d(16, 8, 3, groups=2, stride=2, output_padding=1)
        self.line = nn.Conv1d(8, 4, 5, padding="same")
        self.volume = nn.Conv3d(1, 2, (1, 3, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.up(self.depthwise(self.grouped(x)))
        return self.line(x.flatten(2)).sum() + self.volume(x.unsqueeze(1))


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(24, 32) for _ in range(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        heads = [layer(x).unflatten(-1, (4, 8)).transpose(1, 2) for layer in (self.query, self.key, self.value)]
        return nn.functional.scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2)


class Products(nn.Module):
    """As models write them without layers."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = Attention()
        self.weight = nn.Parameter(torch.rand(7, 32))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.attend(x)
        y = torch.einsum("bld,kd->blk", x, self.weight)
        return y @ torch.baddbmm(torch.ones(()), y.transpose(1, 2), x)


class Recurrent(nn.Module):
    def __init__(self, kind: type[nn.RNNBase]) -> None:
        super().__init__()
        self.layers = kind(6, 5, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(10, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.layers(x)[0])


def bert(layers: int, hidden: int, heads: int, length: int, attention: str = "eager") -> Fixture:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        num_hidden_layers=layers,
        hidden_size=hidden,
        num_attention_heads=heads,
        intermediate_size=4 * hidden,
        attn_implementation=attention,
        return_dict=False,
    )
    tokens = torch.ones(1, length, dtype=torch.long)
    return Fixture(BertModel(config), (tokens, torch.ones_like(tokens)))


def resnet(depths: list[int], widths: list[int], embedding: int, size: int) -> Fixture:
    from transformers import ResNetConfig, ResNetForImageClassification

    config = ResNetConfig(
        depths=depths,
        hidden_sizes=widths,
        embedding_size=embedding,
        layer_type="bottleneck",
        num_labels=1000,
        return_dict=False,
    )
    return Fixture(ResNetForImageClassification(config), (torch.rand(1, 3, size, size),))


SMALL: dict[str, Callable[[], Fixture]] = {
    "bert-tiny": lambda: bert(2, 128, 2, 16),
    "bert-tiny, sdpa": lambda: bert(2, 128, 2, 16, "sdpa"),
    "resnet": lambda: resnet([1, 2], [16, 32], 8, 64),
    "convolutions": lambda: Fixture(Convolutions(), (torch.rand(2, 8, 20, 12),)),
    "attention": lambda: Fixture(Products(), (torch.rand(2, 9, 24),)),
    "gru": lambda: Fixture(Recurrent(nn.GRU), (torch.rand(2, 7, 6),)),
    "lstm": lambda: Fixture(Recurrent(nn.LSTM), (torch.rand(2, 7, 6),)),
}
FULL_SIZE: dict[str, Callable[[], Fixture]] = {
    "resnet-50": lambda: resnet([3, 4, 6, 3], [256, 512, 1024, 2048], 64, 224),
    "bert-base": lambda: bert(12, 768, 12, 128),
}
MODELS = SMALL | FULL_SIZE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=";".join(MODELS), help=f"of {', '.join(MODELS)}; default all")
    failed = False
    print("| model | exporter | modules | MACs |\n|---|---|---:|---:|")
    for name in parser.parse_args().models.split(";"):
        for dynamo in (False, True):
            expected, lines = compare(MODELS[name](), dynamo)
            exporter = "dynamo" if dynamo else "TorchScript"
            print(f"| {name} | {exporter} | {len(expected)} | {expected['']:,} |", flush=True)
            for line in lines:
                print(f"{name}, {exporter}: {line}", file=sys.stderr, flush=True)
            failed = failed or bool(lines)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
