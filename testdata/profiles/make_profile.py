#!/usr/bin/env python3
"""Makes the profiles in this directory that are ONNX Runtime's, with the graphs that ran, as docs/profile.md tells users to.

usage: make_profile.py PROGRAM NAME...

Each NAME is one of those in MODELS. PROGRAM is modelexport. Needs onnx and onnxruntime, of the versions of ../requirements.txt. The times are those of the
computer; all else is the same on every run. Of several profiles the one whose slowest run is the least slow is taken: in
the others other programs got in the way. The graph is written without its weights: nothing that reads tags wants them.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime

HERE = pathlib.Path(__file__).resolve().parent
LEVELS = onnxruntime.GraphOptimizationLevel
MODELS = {
    "bert_tiny_extended": ("bert_tiny", LEVELS.ORT_ENABLE_EXTENDED),
    "resnet50_all": ("resnet50", LEVELS.ORT_ENABLE_ALL),
}
RUNS = 6
ATTEMPTS = 40


def session(path, level, optimised=None, profile=None):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    if optimised:
        options.optimized_model_filepath = str(optimised)
    if profile:
        options.enable_profiling = True
        options.profile_file_prefix = str(profile)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def feeds(model):
    """The same numbers on every run."""
    random = numpy.random.default_rng(0)
    return {
        value.name: random.integers(0, 2, value.shape) if "int" in value.type else random.random(value.shape, numpy.float32)
        for value in model.get_inputs()
    }


def slowest(profile):
    """The time of the slowest run after the first."""
    events = json.loads(pathlib.Path(profile).read_text(encoding="utf-8"))
    return max([event["dur"] for event in events if event["name"] == "model_run"][1:])


def record(path, folder, level):
    """The profile of some runs."""
    running = session(path, level, profile=folder / "profile")
    for _ in range(RUNS):
        running.run(None, feeds(running))
    return running.end_profiling()


def without_weights(source, target):
    """The file at `source` with its weights in a data file that is not there."""
    model = onnx.load(source)
    onnx.save(model, target, save_as_external_data=True, location="weights.bin", size_threshold=1024)
    pathlib.Path(target.parent, "weights.bin").unlink()


def make(program, name):
    model, level = MODELS[name]
    folder = HERE.parent / model
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        tag = [program, "tag", "--quiet"]
        subprocess.run([*tag, folder / "torchscript/model.onnx", folder / "hierarchy.json", work / "tagged.onnx"], check=True)
        session(work / "tagged.onnx", level, optimised=work / "optimised.onnx")
        subprocess.run([*tag, work / "optimised.onnx", work / "tagged.onnx", work / "ran.onnx"], check=True)
        profiles = []
        for attempt in range(ATTEMPTS):
            (work / str(attempt)).mkdir()
            profiles.append(record(work / "ran.onnx", work / str(attempt), LEVELS.ORT_DISABLE_ALL))
        shutil.copy(min(profiles, key=slowest), HERE / f"{name}.json")
        without_weights(work / "ran.onnx", work / "light.onnx")
        shutil.copy(work / "light.onnx", HERE / f"{name}.onnx")


if __name__ == "__main__":
    for chosen in sys.argv[2:]:
        make(sys.argv[1], chosen)
