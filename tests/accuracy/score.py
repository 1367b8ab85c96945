#!/usr/bin/env python3
"""How often the owner is right on the corpus of make_corpus.py. Prints the tables of docs/accuracy.md, in Markdown.

    python tests/accuracy/score.py totals                    # by exporter and variant: micro and macro average
    python tests/accuracy/score.py matrix                    # by exporter, variant and model
    python tests/accuracy/score.py evidence                  # how often each kind of evidence is right
    python tests/accuracy/score.py strategies                # each strategy; where `auto` is not the best
    python tests/accuracy/score.py confidence                # whether files with many wrong owners say so
    python tests/accuracy/score.py lost                      # every node that is not exact

    --without ops,calls    members of the sidecar that are hidden from the tagger
    --strategy NAME        as in docs/cli.md
    --names                no sidecar: the tagger reads modules off the names in the file
    --other_run            the tagger gets the sidecar of the other exporter's file, of a run of its own
    --tagged               the tagger gets the tagged export `plain` in place of the sidecar
    --soft                 counts the nodes whose truth is arbitrary to some degree, instead of the others
    --corpus DIRECTORY     what make_corpus.py made with --out DIRECTORY

Needs the package onnx; TAG_ONNX is the program, .bazel/bin/tools/tag_onnx if not given.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import dataclasses
import functools
import os
import pathlib
import sys
from collections.abc import Iterable
from typing import Any

from judge import OTHER_EXPORTER, REPOSITORY, VERDICTS, Case, Score, Settings, score

EXPORTERS = ("torchscript", "dynamo")
VARIANTS = ("meta plain nonodenames onlyparams anon ort_basic onnxsim ort_extended onnxslim fp16 qdq dynquant").split()
STRATEGIES = ("name_scope", "usage", "trace", "fx")
TOLERANCE = 0.2  # points by which `auto` may stay behind the best single strategy on any file

# What was aimed at: exact at least, wrong at most, in percent.
GOALS = {
    "meta": {"dynamo": (100, 0)},
    "plain": {"torchscript": (99.9, 0.05), "dynamo": (99.7, 0.1)},
    "nonodenames": {"torchscript": (99.7, 0.1), "dynamo": (99.7, 0.1)},
    **dict.fromkeys(("onlyparams", "anon"), {"torchscript": (99.0, 0.4), "dynamo": (99.5, 0.3)}),
    **dict.fromkeys(("ort_basic", "onnxsim"), {"torchscript": (99.5, 0.2), "dynamo": (99.0, 0.4)}),
    **dict.fromkeys(("ort_extended", "onnxslim", "qdq", "dynquant"), dict.fromkeys(EXPORTERS, (99.0, 0.4))),
    "fp16": {"torchscript": (99.7, 0.1), "dynamo": (99.5, 0.2)},
}

# The same with --names. Dynamo's names say little: what they do not say must not be made up.
NAMES_GOALS = {"torchscript": {"plain": (98.5, 1)}, "dynamo": dict.fromkeys(VARIANTS, (0, 0.5))}
# The same with --other_run.
OTHER_RUN_GOALS = {
    "plain": (99.8, 0.1),
    **dict.fromkeys("ort_basic ort_extended onnxslim onnxsim dynquant".split(), (98.5, 0.7)),
}
# The same with --tagged.
TAGGED_GOALS = {
    **dict.fromkeys("ort_basic ort_extended onnxsim onnxslim fp16 qdq dynquant".split(), (99.0, 0.3)),
    "anon": (98.0, 0.8),
}

# The sidecars of the table `confidence`.
CONFIDENCE: dict[str, dict[str, Any]] = {
    "its own": {},
    "without `ops`": {"without": frozenset(["ops"])},
    "without `ops`, `calls`": {"without": frozenset(["ops", "calls"])},
    "of modules alone": {"without": frozenset(["ops", "calls", "tensors"])},
    "without `tensors`": {"without": frozenset(["tensors"])},
    "of another run": {"other_run": True},
    "another tagged model": {"tagged": True},
    "names alone": {"names": True},
}

Groups = dict[tuple[str, str], list[Score]]  # by exporter and variant


def find_cases(corpus: pathlib.Path) -> list[Case]:
    """Every folder of the corpus with a model and its owners."""
    return [Case(path.parent) for path in sorted(corpus.glob("*/*/*/owners.tsv"))]


def score_all(cases: list[Case], settings: Settings) -> list[Score]:
    """The scores of all cases with nodes that count, in their order; failures go to standard error. What was scored
    once is not tagged again."""
    if settings.other_run:
        cases = [case for case in cases if (case.folder.parents[1] / OTHER_EXPORTER[case.exporter]).exists()]
    return _score_all(tuple(cases), settings)


@functools.cache
def _score_all(cases: tuple[Case, ...], settings: Settings) -> list[Score]:
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        scores = list(pool.map(lambda case: score(case, settings), cases))
    for one in scores:
        if one.failure:
            print(f"{one.case}: {one.failure}", file=sys.stderr)
    return [one for one in scores if one.nodes]


def grouped(scores: Iterable[Score]) -> Groups:
    groups: Groups = {(exporter, variant): [] for exporter in EXPORTERS for variant in VARIANTS}
    for one in scores:
        groups[one.case.exporter, one.case.variant].append(one)
    return {key: group for key, group in groups.items() if group}


def micro(group: list[Score], verdict: str) -> float:
    """Over all nodes, in percent."""
    return 100 * sum(one.verdicts[verdict] for one in group) / sum(one.nodes for one in group)


def macro(group: list[Score], verdict: str) -> float:
    """Over models, each of the same weight, in percent."""
    return sum(one.share(verdict) for one in group) / len(group)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def totals(corpus: list[Case], settings: Settings) -> str:
    def row(exporter: str, variant: str, group: list[Score]) -> list[str]:
        averages = [f"{over(group, 'exact'):.2f} / {over(group, 'wrong'):.2f}" for over in (micro, macro)]
        others = f"{micro(group, 'ancestor'):.2f} / {micro(group, 'root'):.2f}"
        nodes = sum(one.nodes for one in group)
        goal = GOALS[variant][exporter]
        if settings.names:
            goal = NAMES_GOALS[exporter].get(variant)
        if settings.other_run:
            goal = OTHER_RUN_GOALS.get(variant)
        if settings.tagged:
            goal = TAGGED_GOALS.get(variant)
        return [exporter, variant, str(len(group)), str(nodes), *averages, others, compared(goal, group)]

    def compared(goal: tuple[float, float] | None, group: list[Score]) -> str:
        if goal is None:
            return "-"
        exact, wrong = goal
        reached = all(over(group, "exact") >= exact and over(group, "wrong") <= wrong for over in (micro, macro))
        return f"{exact} / {wrong}" + ("" if reached else ", missed")

    head = ["exporter", "variant", "models", "nodes", "micro: exact / wrong %", "macro: exact / wrong %"]
    groups = grouped(score_all(corpus, settings))
    rows = (row(*key, group) for key, group in groups.items())
    return table([*head, "micro: ancestor / root %", "goal: exact ≥ / wrong ≤"], rows)


def matrix(corpus: list[Case], settings: Settings) -> str:
    groups = grouped(score_all(corpus, settings))
    parts = []
    for exporter in EXPORTERS:
        variants = [variant for variant in VARIANTS if (exporter, variant) in groups]
        cells = {(one.case.model, v): one for v in variants for one in groups[exporter, v]}
        models = sorted({model for model, _ in cells})

        def cell(model: str, variant: str) -> str:
            one = cells.get((model, variant))
            return f"{one.share('exact'):.1f} / {one.share('wrong'):.1f}" if one else "-"

        rows = [[f"`{model}`", *(cell(model, variant) for variant in variants)] for model in models]
        parts.append(table([f"{exporter}: exact / wrong %", *variants], rows))
    return "\n\n".join(parts)


def evidence(corpus: list[Case], settings: Settings) -> str:
    kinds: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for one in score_all(corpus, settings):
        for kind, verdicts in one.by_evidence.items():
            kinds[kind] += verdicts

    def row(kind: str, verdicts: collections.Counter[str]) -> list[str]:
        shares = (f"{100 * verdicts[verdict] / verdicts.total():.2f}" for verdict in VERDICTS)
        return [f"`{kind}`", str(verdicts.total()), *shares]

    ordered = sorted(kinds.items(), key=lambda item: -item[1].total())
    return table(["evidence", "nodes", *(f"{v} %" for v in VERDICTS)], (row(*item) for item in ordered))


def strategies(corpus: list[Case], settings: Settings) -> str:
    names = ("auto", *STRATEGIES)
    scores = {name: score_all(corpus, dataclasses.replace(settings, strategy=name)) for name in names}
    groups = {name: grouped(scores[name]) for name in names}

    def cell(name: str, key: tuple[str, str]) -> str:
        return f"{micro(groups[name][key], 'exact'):.1f} / {micro(groups[name][key], 'wrong'):.1f}"

    rows = ([*key, *(cell(name, key) for name in names)] for key in groups["auto"])
    behind = []
    for one, *singles in zip(*(scores[name] for name in names)):
        best, name = max((single.share("exact"), name) for single, name in zip(singles, STRATEGIES))
        if best > one.share("exact") + TOLERANCE:
            behind.append([f"`{one.case}`", str(one.nodes), f"{one.share('exact'):.2f}", f"`{name}` {best:.2f}"])
    worse = table(["file", "nodes", "`auto`: exact %", "best single strategy"], behind) if behind else ""
    verdict = f"`auto` is more than {TOLERANCE} points behind on {len(behind)} of {len(scores['auto'])} files."
    return "\n\n".join(filter(None, [table(["exporter", "variant", *(f"`{n}`" for n in names)], rows), verdict, worse]))


def confidence(corpus: list[Case], settings: Settings) -> str:
    """By sidecar: how many files with few exact owners expect few, how many with many expect many; and how often nodes of
    at least 0.9 are exact."""
    rows = []
    for name, sidecar in CONFIDENCE.items():
        scores = score_all(corpus, dataclasses.replace(settings, confidence=True, **sidecar))
        low = [one.expected < 93 for one in scores if one.share("exact") < 90]
        high = [one.expected >= 97 for one in scores if one.share("exact") >= 99]
        sure = sum((one.sure for one in scores), collections.Counter())
        shown = f"{100 * sure['exact'] / sure.total():.2f}" if sure else "-"
        rows.append([name, str(len(scores)), *(f"{sum(said)} of {len(said)}" for said in (low, high)), shown])
    head = ["sidecar", "files", "below 90 % exact, expect below 93 %", "99 % exact or more, expect 97 % or more"]
    return table([*head, "exact % of nodes with 0.9 or more"], rows)


def lost(corpus: list[Case], settings: Settings) -> str:
    return "\n".join(line for one in score_all(corpus, settings) for line in one.lost)


TABLES = {f.__name__: f for f in (totals, matrix, evidence, strategies, confidence, lost)}


def run(command: list[str]) -> str:
    """The table that the arguments of a command line ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=TABLES)
    parser.add_argument("--corpus", type=pathlib.Path, default=REPOSITORY / ".bazel" / "corpus")
    parser.add_argument("--strategy", default="auto")
    parser.add_argument("--without", default="", help="comma-separated")
    parser.add_argument("--names", action="store_true")
    parser.add_argument("--other_run", action="store_true")
    parser.add_argument("--tagged", action="store_true")
    parser.add_argument("--soft", action="store_true")
    arguments = parser.parse_args(command)
    os.environ.setdefault("TAG_ONNX", str(REPOSITORY / ".bazel/bin/tools/tag_onnx"))
    corpus = find_cases(arguments.corpus)
    if not corpus:
        parser.error(f"{arguments.corpus} has no models: make_corpus.py makes them")
    without = frozenset(filter(None, arguments.without.split(",")))
    settings = Settings(
        arguments.strategy,
        without,
        arguments.soft,
        names=arguments.names,
        other_run=arguments.other_run,
        tagged=arguments.tagged,
    )
    return TABLES[arguments.table](corpus, settings)


if __name__ == "__main__":
    print(run(sys.argv[1:]))
