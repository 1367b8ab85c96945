#!/usr/bin/env python3
"""Measures tagging against `cp`, Python and C++, and prints the table of docs/performance.md.

    tests/performance/run.py [--table=tag|questions] [--cases=NAME,...] [--rounds=7] [--work=FOLDER] [--tagger=PROGRAM] [--python=INTERPRETER]

Writes each case's files (generate.py), reads them once so that they are in memory, then runs in turn the program, `cp`
of the model and what one would write in Python: onnx.load without external data, three metadata_props on each node,
onnx.save; and the same in C++, by protobuf (tag_with_protobuf.cc). Outputs lie in the same folder and are removed
before each run. Times are medians; ratios are medians of those of each round. Memory is the most that any round had.
With --table=questions the contestants are the commands that ask a file for its modules, against `tag --validate=off` of
the same file. Needs 13 GB of disk, and memory for the files to stay in.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator

import generate

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BERT_TINY = REPOSITORY / "testdata" / "bert_tiny"
MEASURE = REPOSITORY / ".bazel/bin/tests/performance/measure"
PROTOBUF = REPOSITORY / ".bazel/bin/tests/performance/tag_with_protobuf"
MODELEXPORT = REPOSITORY / ".bazel/bin/tools/modelexport"
GB = 10**9

TAG_IN_PYTHON = """
import sys, onnx
model = onnx.load(sys.argv[1], load_external_data=False)
for node in model.graph.node:
    for key, value in (("module", "encoder.layer.0"), ("tag", "/Model/Encoder/Layer.0"), ("evidence", "node_name")):
        node.metadata_props.add(key="modelexport." + key, value=value)
onnx.save(model, sys.argv[2])
"""


@dataclasses.dataclass
class Run:
    seconds: float
    megabytes: float


@dataclasses.dataclass
class Result:
    """Of one case: the runs of each contestant, by round."""

    case: Case
    model_bytes: int
    sidecar_bytes: int
    runs: dict[str, list[Run]]

    @property
    def seconds(self) -> float:
        return statistics.median(run.seconds for run in self.runs["ours"])

    @property
    def peak(self) -> float:
        return max(run.megabytes for run in self.runs["ours"])

    def ratio(self, other: str) -> float | None:
        """How long the program takes in times of `other`, in the rounds that both ran."""
        pairs = list(zip(self.runs["ours"], self.runs.get(other, [])))
        return statistics.median(ours.seconds / theirs.seconds for ours, theirs in pairs) if pairs else None


@dataclasses.dataclass
class Target:
    """`limit` is in the unit of `value`, which is None where it was not measured."""

    text: str
    value: Callable[[Result], float | None]
    limit: Callable[[Result], float]

    def verdict(self, result: Result) -> str:
        value = self.value(result)
        if value is None:
            return f"{self.text}: not measured"
        return f"{self.text}: {'met' if value <= self.limit(result) else '**missed**'}"


def at_most_cp(times: float) -> Target:
    return Target(f"<= {times} x cp", lambda result: result.ratio("cp"), lambda result: times)


def at_most_ms(milliseconds: float) -> Target:
    return Target(f"<= {milliseconds:g} ms", lambda result: 1e3 * result.seconds, lambda result: milliseconds)


HALF_OF_PROTOBUF = Target("<= 0.5 x C++", lambda result: result.ratio("protobuf"), lambda result: 0.5)

FIVE_TIMES_PYTHON = Target("5 x faster than Python", lambda result: result.ratio("python"), lambda result: 1 / 5)

STREAMED = Target(
    "peak <= 24 MB + 1 KB a node + 2 x sidecar",
    lambda result: result.peak,
    lambda result: 24 + result.case.nodes / 1e3 + 2 * result.sidecar_bytes / 1e6,
)

SMALL_PEAK = Target("peak <= 3 x file", lambda result: result.peak, lambda result: 3 * result.model_bytes / 1e6)

PEAK_OF_A_MILLION = Target("peak <= 400 MB", lambda result: result.peak, lambda result: 400)


@dataclasses.dataclass
class Case:
    name: str
    about: str
    nodes: int = 0
    weights: int = 0
    external: bool = False
    targets: list[Target] = dataclasses.field(default_factory=list)
    rounds: int | None = None  # Fewer than --rounds says.
    python_rounds: int | None = None  # Fewer than the others have; 0, of C++ too: protobuf cannot read the file.
    validated: bool = False  # The output is proved against the input, every byte.

    def disk(self) -> int:
        """The inputs and one output."""
        graph = 400 * self.nodes
        return (1 if self.external else 2) * self.weights + 2 * graph


# What asks a file for its modules, by name; each is held against `tag --validate=off` in the same rounds. {model} has no
# tags, {tagged} has.
QUESTIONS: dict[str, list[str]] = {
    "analyze, tags": ["analyze", "{tagged}"],
    "analyze, tags, JSON": ["analyze", "{tagged}", "--format=json"],
    "analyze, sidecar": ["analyze", "{model}", "--hierarchy={sidecar}"],
    "analyze, names": ["analyze", "{model}"],
    "select, tags": ["select", "{tagged}", "**.attention+op:Add"],
    "select, sidecar": ["select", "{model}", "**.attention+op:Add", "--hierarchy={sidecar}"],
    "select, names": ["select", "{model}", "**.attention+op:Add"],
}

QUESTIONS_MS = {"external": 30.0}  # Of other cases: as long as `tag`.

FEW = 3  # Rounds in Python of what takes it long.
INSIDE = [at_most_cp(1.1), STREAMED, FIVE_TIMES_PYTHON]
SMALL = [at_most_cp(6), SMALL_PEAK, PEAK_OF_A_MILLION, HALF_OF_PROTOBUF, FIVE_TIMES_PYTHON]

CASES = [
    Case("help", "`--help`", targets=[at_most_ms(6)]),
    Case("bert-tiny", "bert-tiny of testdata", targets=[at_most_cp(1.6), FIVE_TIMES_PYTHON]),
    Case("1gb", "1 GB of weights inside", 1500, GB, False, INSIDE, python_rounds=FEW),
    Case("2gb", "1.9 GB of weights inside", 1500, 19 * GB // 10, False, INSIDE, python_rounds=FEW),
    Case("external", "4 GB of weights beside", 3000, 4 * GB, True, [at_most_ms(30), FIVE_TIMES_PYTHON]),
    Case("6gb", "6 GB of weights inside", 1500, 6 * GB, False, [STREAMED], rounds=1, python_rounds=0, validated=True),
    Case("10k", "10,000 small nodes", 10**4, targets=[FIVE_TIMES_PYTHON]),
    Case("100k", "100,000 small nodes", 10**5, targets=[FIVE_TIMES_PYTHON]),
    Case("1m", "1,000,000 small nodes", 10**6, targets=SMALL, python_rounds=FEW),
]


def inputs(case: Case, folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """The model and its sidecar, in memory from now on."""
    model, sidecar = folder / "in.onnx", folder / "in.json"
    if case.nodes:
        shape = generate.Model(case.nodes, case.weights, case.external)
        generate.write_model(shape, model)
        generate.write_sidecar(shape, sidecar)
    else:
        shutil.copyfile(BERT_TINY / "torchscript" / "model.onnx", model)
        shutil.copyfile(BERT_TINY / "hierarchy.json", sidecar)
    subprocess.run(["sync", "-f", folder], check=True)  # What is still to be written would be in the way.
    for path in (model, sidecar):
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
    return model, sidecar


def measure(command: list[object]) -> Run:
    done = subprocess.run([MEASURE, *map(str, command)], check=True, stdout=subprocess.PIPE, text=True)
    seconds, kilobytes = done.stdout.split()
    return Run(float(seconds), int(kilobytes) * 1024 / 1e6)


def check(case: Case, tagger: pathlib.Path, model: pathlib.Path, sidecar: pathlib.Path) -> None:
    """That the figures are of the work they seem to be of."""
    output, report = model.with_name("ours.onnx"), model.with_name("report.json")
    subprocess.run([tagger, model, sidecar, output, "--quiet", f"--report={report}"], check=True)
    counts = json.loads(report.read_text())
    if case.nodes and (counts["coverage"] != 1 or counts["nodes"] != case.nodes + 1):
        sys.exit(f"{case.name}: {counts['nodes']} nodes, coverage {counts['coverage']}")
    if case.validated:
        validate = [MODELEXPORT, "validate", output, f"--original={model}", "--level=full"]
        subprocess.run(validate, check=True, stdout=subprocess.DEVNULL)


def contest(case: Case, arguments: argparse.Namespace, folder: pathlib.Path) -> Result:
    model, sidecar = inputs(case, folder)
    commands: dict[str, list[object]] = {"ours": [arguments.tagger, "--help"]}
    if case.name != "help":
        check(case, arguments.tagger, model, sidecar)
        commands = {
            "ours": [arguments.tagger, model, sidecar, folder / "ours.onnx", "--quiet"],
            "cp": ["cp", model, folder / "cp.onnx"],
        }
        if case.python_rounds != 0:
            commands["protobuf"] = [PROTOBUF, model, folder / "protobuf.onnx"]
        if arguments.python and case.python_rounds != 0:
            commands["python"] = [arguments.python, "-c", TAG_IN_PYTHON, model, folder / "python.onnx"]
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    names = list(commands)
    rounds = case.rounds or arguments.rounds
    for turn in range(rounds):
        # Whoever is first meets another disk and cache than whoever is last.
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            if name == "python" and case.python_rounds is not None and turn >= case.python_rounds:
                continue
            (folder / f"{name}.onnx").unlink(missing_ok=True)
            runs[name].append(measure(commands[name]))
            (folder / f"{name}.onnx").unlink(missing_ok=True)
    return Result(case, model.stat().st_size, sidecar.stat().st_size, runs)


def ask(case: Case, arguments: argparse.Namespace, folder: pathlib.Path) -> list[str]:
    """A row for `tag` and for each question."""
    model, sidecar = inputs(case, folder)
    tagged, out = folder / "tagged.onnx", folder / "out.onnx"
    tag: list[object] = [arguments.tagger, model, sidecar, out, "--quiet", "--validate=off"]
    subprocess.run([*tag[:3], tagged, *tag[4:]], check=True)
    names = {"model": model, "sidecar": sidecar, "tagged": tagged}
    commands = {"tag --validate=off": tag}
    for name, words in QUESTIONS.items():
        commands[name] = [MODELEXPORT, *(word.format(**names) for word in words)]
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    order = list(commands)
    for turn in range(case.rounds or arguments.rounds):
        for name in order[turn % len(order) :] + order[: turn % len(order)]:
            out.unlink(missing_ok=True)
            runs[name].append(measure(commands[name]))
    return [question_row(case, name, runs) for name in runs]


def question_row(case: Case, name: str, runs: dict[str, list[Run]]) -> str:
    tags = next(iter(runs.values()))
    ours = runs[name]
    milliseconds = 1e3 * statistics.median(run.seconds for run in ours)
    ratio = statistics.median(mine.seconds / theirs.seconds for mine, theirs in zip(ours, tags))
    peak, most = max(run.megabytes for run in ours), max(run.megabytes for run in tags)
    verdicts = []
    if ours is not tags:
        limit = QUESTIONS_MS.get(case.name)
        fast = ratio <= 1 if limit is None else milliseconds <= limit
        verdicts = [
            f"{'<= 1 x tag' if limit is None else f'<= {limit:g} ms'}: {'met' if fast else '**missed**'}",
            f"peak <= tag's: {'met' if peak <= most else '**missed**'}",
        ]
    return f"| {case.about} | {name} | {milliseconds:.1f} ms | {ratio:.2f} | {peak:.1f} | {'; '.join(verdicts)} |"


def show(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def row(result: Result) -> str:
    python = result.ratio("python")
    cells = [
        result.case.about,
        f"{1e3 * result.seconds:.1f} ms",
        show(result.ratio("cp"), "{:.2f}"),
        show(result.ratio("protobuf"), "{:.2f}"),
        show(python, "{:.4f}"),
        f"{result.peak:.1f}",
        "; ".join(target.verdict(result) for target in result.case.targets),
    ]
    return f"| {' | '.join(cells)} |"


def growth(results: list[Result]) -> str | None:
    """A sentence on how the time for a node grows with their number."""
    by_name = {result.case.name: result for result in results}
    if not {"100k", "1m"} <= by_name.keys():
        return None
    ratio = by_name["1m"].seconds / by_name["100k"].seconds / 10
    verdict = "met" if ratio <= 1.3 else "**missed**"
    return f"Time for a node, of 1,000,000 against of 100,000: {ratio:.2f} x (<= 1.3 x: {verdict})."


def python_with_onnx() -> pathlib.Path | None:
    """An environment of its own with the onnx of the Python tests, made once; None, said so, where pip cannot."""
    names = ("onnx==", "numpy==", "protobuf==", "ml_dtypes==", "typing_extensions==")
    lines = (REPOSITORY / "tests/python/requirements.txt").read_text().split()
    packages = [line for line in lines if line.startswith(names)]
    key = hashlib.sha256(" ".join([sys.version, *packages]).encode()).hexdigest()[:16]
    environment = REPOSITORY / ".bazel/python" / f"onnx-{key}"
    if not environment.exists():
        partial = environment.with_name(f"{environment.name}.{os.getpid()}")
        install = [sys.executable, "-m", "pip", "--python", partial / "bin/python", "--disable-pip-version-check"]
        try:
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", partial], check=True)
            subprocess.run([*install, "--no-input", "install", "--quiet", *packages], check=True)
            partial.rename(environment)
        except subprocess.CalledProcessError:
            shutil.rmtree(partial, ignore_errors=True)
            print("pip could not install onnx: no comparison with Python (or --python=INTERPRETER)", file=sys.stderr)
            return None
    return environment / "bin/python"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [case.name for case in CASES]
    parser.add_argument("--table", choices=("tag", "questions"), default="tag", help="default: %(default)s")
    parser.add_argument("--cases", help="default: all; of questions external, 10k and 1m")
    parser.add_argument("--rounds", type=int, default=7, help="default: %(default)s")
    parser.add_argument("--work", type=pathlib.Path, default=REPOSITORY / ".bazel/performance", help="folder of files")
    parser.add_argument("--tagger", type=pathlib.Path, help="another tag_onnx than that of this repository")
    parser.add_argument("--python", help="an interpreter that has onnx, or `none`; default: one is set up")
    arguments = parser.parse_args()
    arguments.cases = arguments.cases or ("external,10k,1m" if arguments.table == "questions" else ",".join(names))
    unknown = set(arguments.cases.split(",")) - set(names)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    return arguments


def main() -> None:
    arguments = parse()
    ours = ("measure", "tag_with_protobuf")
    targets = ["//tools:tag_onnx", "//tools:modelexport", *(f"//tests/performance:{name}" for name in ours)]
    subprocess.run(["./bazelw", "build", *targets], cwd=REPOSITORY, check=True)
    arguments.tagger = (arguments.tagger or REPOSITORY / ".bazel/bin/tools/tag_onnx").resolve()
    cases = [case for case in CASES if case.name in arguments.cases.split(",")]
    (ask_all if arguments.table == "questions" else contest_all)(cases, arguments)


@contextlib.contextmanager
def folder_of(case: Case, arguments: argparse.Namespace) -> Iterator[pathlib.Path]:
    """An empty folder that is removed at the end."""
    folder = arguments.work / case.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        if shutil.disk_usage(folder).free < case.disk():
            sys.exit(f"{folder}: {case.name} needs {case.disk() / GB:.0f} GB of free disk")
        yield folder
    finally:
        shutil.rmtree(folder)


def ask_all(cases: list[Case], arguments: argparse.Namespace) -> None:
    print("| case | command | time | x tag | peak MB | targets |\n|---|---|---|---|---|---|", flush=True)
    for case in cases:
        with folder_of(case, arguments) as folder:
            print("\n".join(ask(case, arguments, folder)), flush=True)
    print(f"\nMedians of {arguments.rounds} rounds.")


def contest_all(cases: list[Case], arguments: argparse.Namespace) -> None:
    arguments.python = {None: python_with_onnx, "none": lambda: None}.get(arguments.python, lambda: arguments.python)()
    print("| case | time | x cp | x C++ | x Python | peak MB | targets |\n|---|---|---|---|---|---|---|", flush=True)
    results = []
    for case in cases:
        with folder_of(case, arguments) as folder:
            results.append(contest(case, arguments, folder))
        print(row(results[-1]), flush=True)
    if sentence := growth(results):
        print(f"\n{sentence}")
    few = ", ".join(result.case.name for result in results if result.case.python_rounds and "python" in result.runs)
    note = f"; Python had {FEW} for {few}" if few else ""
    print(f"\nMedians of {arguments.rounds} rounds, of one for 6 GB{note}.")


if __name__ == "__main__":
    main()
