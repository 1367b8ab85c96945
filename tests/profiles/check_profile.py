#!/usr/bin/env python3
"""Checks what `profile` says of a full-size ResNet-50, whose truth is known.

    python tests/profiles/check_profile.py [--runs=32] [--image=224]

Torchvision's resnet50 is exported both ways, tagged, optimised by ONNX Runtime at each of its levels, tagged again from
the tagged export, and run as it is, on one thread. All sessions of a level run in turn, and of each the quarter of its runs
counts in which the processor was taken from it the least: so what other programs do matters little, and is the same for
all. Prints a line for each export and level:

    conv      the share of the kernel time that `profile` gives to convolutions
    sure      the share that it attributes to modules
    wrong     the share that it gives to another module than the true one
    again     how far apart the shares of the stages, and of the convolutions, are in two sessions of this export
    other     the same between this export and the other one

The true module of a node with a weight is the one whose weight it is, by content: names say nothing here. Then all nodes
are renamed, in the graph and in the profile, and the table must be the same. Exits 1 if convolutions have less than
85 %, less than 99.9 % is attributed, more than 0.5 % is wrong, or a renamed table differs.

Needs torch, torchvision, onnx, onnxruntime, and the program, built, in the environment variable MODELEXPORT or in
.bazel/bin/tools/modelexport.
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
import time
import warnings
from typing import Any

import numpy
import onnx
import onnxruntime
import torch
import torchvision

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PROGRAM = os.environ.get("MODELEXPORT", str(REPOSITORY / ".bazel/bin/tools/modelexport"))
sys.path[:0] = [str(HERE), str(REPOSITORY / "tools" / "python")]

from modelexport.sidecar import write_hierarchy
from resnet_truth import true_owners

EXPORTS = ("torchscript", "dynamo")
LEVELS = ("DISABLE_ALL", "ENABLE_BASIC", "ENABLE_EXTENDED", "ENABLE_ALL")
STAGES = ("conv1", "layer1", "layer2", "layer3", "layer4", "fc")

Times = dict[str, float]  # By module, of the module itself.


def export(model: torch.nn.Module, image: torch.Tensor, folder: pathlib.Path, exporter: str) -> pathlib.Path:
    """The tagged export."""
    path, sidecar = folder / f"{exporter}.onnx", folder / "hierarchy.json"
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        if not sidecar.exists():
            write_hierarchy(model, (image,), sidecar)
        if exporter == "dynamo":
            torch.onnx.export(model, (image,), str(path), dynamo=True, external_data=False)
        else:
            torch.onnx.export(model, (image,), str(path), dynamo=False)
    return tag(path, sidecar, folder / f"{exporter}.tagged.onnx")


def make_model() -> torch.nn.Module:
    """With normalisations that differ, as those of a trained model do."""
    torch.manual_seed(0)
    model = torchvision.models.resnet50(weights=None).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for tensor in (module.weight, module.bias, module.running_mean, module.running_var):
                torch.nn.init.uniform_(tensor, 0.1, 0.9)
    return model


def tag(path: pathlib.Path, hierarchy: pathlib.Path, out: pathlib.Path) -> pathlib.Path:
    subprocess.run([PROGRAM, "tag", "--quiet", "--force", path, hierarchy, out], check=True)
    return out


def session(path: pathlib.Path, level: str, optimised: pathlib.Path | None = None, profile: bool = False) -> Any:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, f"ORT_{level}")
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    if optimised:
        options.optimized_model_filepath = str(optimised)
    if profile:
        options.enable_profiling = True
        options.profile_file_prefix = str(path.with_suffix(""))
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def graph_that_runs(tagged: pathlib.Path, level: str) -> pathlib.Path:
    optimised = tagged.with_suffix(f".{level}.onnx")
    session(tagged, level, optimised)
    return tag(optimised, tagged, optimised.with_suffix(".ran.onnx"))


def profiles_of(graphs: list[pathlib.Path], image: numpy.ndarray, runs: int) -> list[pathlib.Path]:
    """A profile of a session of each."""
    sessions = [session(graph, "DISABLE_ALL", profile=True) for graph in graphs]
    lost: list[list[float]] = [[] for _ in sessions]  # Of each run, the time without the processor.
    for _ in range(runs):
        for running, lost_of_it in zip(sessions, lost):
            begin = time.monotonic() - time.thread_time()
            running.run(None, {running.get_inputs()[0].name: image})
            lost_of_it.append(time.monotonic() - time.thread_time() - begin)
    profiles = [pathlib.Path(running.end_profiling()) for running in sessions]
    for profile, lost_of_it in zip(profiles, lost):
        keep_quiet_runs(profile, lost_of_it)
    return profiles


def keep_quiet_runs(profile: pathlib.Path, lost: list[float]) -> None:
    """Takes all but a quarter of the runs after the first out of the profile."""
    kept = {0, *sorted(range(1, len(lost)), key=lost.__getitem__)[: max(4, len(lost) // 4)]}
    events, run = [], 0
    for event in json.loads(profile.read_text(encoding="utf-8")):
        if run in kept:
            events.append(event)
        run += event["name"] == "model_run"
    profile.write_text(json.dumps(events), encoding="utf-8")


def ask(graph: pathlib.Path, profile: pathlib.Path, form: str) -> str:
    command = [PROGRAM, "profile", graph, f"--events={profile}", f"--format={form}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def shares(answer: dict[str, Any]) -> Times:
    return {row["module"]: row["own_us"] / answer["kernel_us"] for row in answer["rows"] if row["module"] is not None}


def wrong_share(graph: pathlib.Path, profile: pathlib.Path, owned: Times, model: torch.nn.Module) -> float:
    """Half of the sum of what modules have too much and too little."""
    owner_of = true_owners(onnx.load(graph), model)
    true: Times = {}
    total = 0
    for line in ask(graph, profile, "folded").splitlines():
        stack, _, time = line.rpartition(" ")
        owner = owner_of[stack.rpartition(";")[2]]
        true[owner] = true.get(owner, 0) + int(time)
        total += int(time)
    return sum(abs(true.get(path, 0) / total - owned.get(path, 0)) for path in {*true, *owned}) / 2


def apart(a: Times, b: Times) -> str:
    """The largest differences of shares, in points: of stages, and of single convolutions."""

    def within(times: Times, stage: str) -> float:
        return sum(time for path, time in times.items() if path == stage or path.startswith(f"{stage}."))

    stages = max(abs(within(a, stage) - within(b, stage)) for stage in STAGES)
    modules = max(abs(a.get(path, 0) - b.get(path, 0)) for path in {*a, *b})
    return f"{100 * stages:.2f} {100 * modules:.2f}"


def survives_renaming(graph: pathlib.Path, profile: pathlib.Path) -> bool:
    """Whether the table is the same when graph and profile have other names of nodes."""
    model, events = onnx.load(graph), json.loads(profile.read_text(encoding="utf-8"))
    new = {node.name: f"renamed {number * 7919 % 10007}" for number, node in enumerate(model.graph.node)}
    for node in model.graph.node:
        node.name = new[node.name]
    for event in events:
        if event["cat"] == "Node":
            name, _, kind = event["name"].rpartition("_kernel_time")
            event["name"] = f"{new[name]}_kernel_time{kind}"
    renamed, played = graph.with_suffix(".renamed.onnx"), profile.with_suffix(".renamed.json")
    onnx.save(model, renamed)
    played.write_text(json.dumps(events), encoding="utf-8")
    return ask(graph, profile, "csv") == ask(renamed, played, "csv")


def check_level(level: str, tagged: list[pathlib.Path], model: torch.nn.Module, image: numpy.ndarray, runs: int) -> bool:
    graphs = [graph_that_runs(path, level) for path in tagged]
    profiles = profiles_of([*graphs, *graphs], image, runs)
    answers = [json.loads(ask(graph, profile, "json")) for graph, profile in zip([*graphs, *graphs], profiles)]
    owned = [shares(answer) for answer in answers]
    kinds = {path: type(module) for path, module in model.named_modules()}
    good = True
    for number, exporter in enumerate(EXPORTS):
        convolutions = sum(time for path, time in owned[number].items() if kinds[path] is torch.nn.Conv2d)
        sure, wrong = answers[number]["attributed"], wrong_share(graphs[number], profiles[number], owned[number], model)
        renamed = survives_renaming(graphs[number], profiles[number])
        good = good and convolutions >= 0.85 and sure >= 0.999 and wrong <= 0.005 and renamed
        again, other = apart(owned[number], owned[number + 2]), apart(owned[number], owned[1 - number])
        shares_of_it = f"{100 * convolutions:4.1f}%  {100 * sure:5.1f}%  {100 * wrong:5.2f}%"
        same = "the same" if renamed else "DIFFERS"
        short = level.removeprefix("ENABLE_").lower()
        print(f"{exporter:11}  {short:11}  {shares_of_it}  {again:>10}  {other:>10}  {same}", flush=True)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=48, help="of each session")
    parser.add_argument("--image", type=int, default=224, help="pixels along each side")
    arguments = parser.parse_args()
    model = make_model()
    image = torch.randn(1, 3, arguments.image, arguments.image)
    print("export       level         conv    sure   wrong       again       other  renamed")
    with tempfile.TemporaryDirectory() as folder:
        tagged = [export(model, image, pathlib.Path(folder), exporter) for exporter in EXPORTS]
        good = [check_level(level, tagged, model, image.numpy(), arguments.runs) for level in LEVELS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
