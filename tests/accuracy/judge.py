"""How right one tag is, and how right those of a tagged file of the corpus are."""

from __future__ import annotations

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import onnx

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "testdata"))

import ground_truth

OTHER_EXPORTER = {"torchscript": "dynamo", "dynamo": "torchscript"}

SURE = 0.9  # the confidence of nodes that should nearly all be exact

# exact: the node's own module, or one that is as right. ancestor: a module around it, other than the root. root: the
# root, where that is not the truth, or no tag. wrong: anything else.
VERDICTS = ("exact", "ancestor", "root", "wrong")


@dataclass(frozen=True)
class Case:
    """A file of the corpus: <model>/<exporter>/<variant>."""

    folder: pathlib.Path

    @property
    def model(self) -> str:
        return self.folder.parts[-3]

    @property
    def exporter(self) -> str:
        return self.folder.parts[-2]

    @property
    def variant(self) -> str:
        return self.folder.parts[-1]

    def __str__(self) -> str:
        return f"{self.model}/{self.exporter}/{self.variant}"


@dataclass
class Score:
    """Verdicts over the nodes of a case that have a truth of the kind asked for, all and for each kind of evidence."""

    case: Case
    verdicts: collections.Counter[str] = field(default_factory=collections.Counter)
    by_evidence: dict[str, collections.Counter[str]] = field(
        default_factory=lambda: collections.defaultdict(collections.Counter)
    )
    lost: list[str] = field(default_factory=list)  # a line for each node that is not exact
    expected: float = 0  # the mean confidence of the nodes that count, in percent; only if asked for
    sure: collections.Counter[str] = field(default_factory=collections.Counter)  # verdicts of those with 0.9 or more
    failure: str = ""  # what the tagger said; all nodes then count as `root`

    @property
    def nodes(self) -> int:
        return self.verdicts.total()

    def share(self, verdict: str) -> float:
        return 100 * self.verdicts[verdict] / self.nodes


@dataclass(frozen=True)
class Settings:
    """How the tagger is run, and which nodes count."""

    strategy: str = "auto"
    without: frozenset[str] = frozenset()  # members of the sidecar that are hidden from it
    soft: bool = False  # counts the nodes whose truth is arbitrary to some degree, instead of the others
    names: bool = False  # the tagger gets no sidecar, but reads modules off the names in the file
    other_run: bool = False  # the tagger gets the sidecar that was written for the other exporter's file
    confidence: bool = False  # how sure the tagger is, is asked too
    tagged: bool = False  # the tagger gets the tagged export `plain` of the same exporter in place of the sidecar


def verdict_of(found: str | None, truths: list[str], names: dict[str, list[str]]) -> str:
    """`truths` are equally right modules; `names` has the aliases of those that have any."""
    if found in truths:
        return "exact"
    if not found:
        return "root"
    around = any(
        f"{inner}.".startswith(f"{outer}.")
        for inner in (truths[0], *names.get(truths[0], []))
        for outer in (found, *names.get(found, []))
    )
    return "ancestor" if around else "wrong"


@dataclass(frozen=True)
class Judged:
    """A node with a truth, and what the tagger said about it."""

    place: str
    operator: str
    owner: str  # the truth, as owners.tsv has it
    found: str | None
    evidence: str
    verdict: str


def aliases_of(hierarchy: dict) -> dict[str, list[str]]:
    """Of the modules that have any, by path."""
    return {module["path"]: module["aliases"] for module in hierarchy["modules"] if "aliases" in module}


def judged(
    case: Case, nodes: Iterable[tuple[str, onnx.NodeProto]], names: dict[str, list[str]], soft: bool = False
) -> Iterator[Judged]:
    """The nodes of a tagged file, given with their places, that have a certain truth, or an arbitrary one if `soft`."""
    rows = [line.split("\t") for line in (case.folder / "owners.tsv").read_text(encoding="utf-8").splitlines()]
    for (place, node), (_, operator, owner, _, softness, _, also) in zip(nodes, rows, strict=True):
        if owner == "?" or (softness == "soft") != soft:
            continue
        tags = {entry.key: entry.value for entry in node.metadata_props}
        found, evidence = tags.get("modelexport.module"), tags.get("modelexport.evidence", "none")
        truths = ["" if path == "." else path for path in (owner, *also.split(",")) if path != "-"]
        yield Judged(place, operator, owner, found, evidence, verdict_of(found, truths, names))


def score(case: Case, settings: Settings) -> Score:
    """Tags the file of a case with the program in TAG_ONNX and judges every node."""
    result = Score(case)
    export = case.folder.parent
    if settings.other_run:
        export = export.parent / OTHER_EXPORTER[case.exporter]
    hierarchy = json.loads((export / "hierarchy.json").read_text(encoding="utf-8"))
    nodes, sure, result.failure = _tagged_nodes(case, hierarchy, settings)
    for node in judged(case, nodes, aliases_of(hierarchy), settings.soft):
        result.verdicts[node.verdict] += 1
        result.by_evidence[node.evidence][node.verdict] += 1
        result.expected += 100 * sure.get(node.place, 0)
        if sure.get(node.place, 0) >= SURE:
            result.sure[node.verdict] += 1
        if node.verdict != "exact":
            said = f"{node.found or '.'} by {node.evidence}, not {node.owner}"
            result.lost.append(f"{case} {node.place} {node.operator}: {node.verdict}, {said}")
    result.expected /= max(1, result.nodes)
    return result


def tag(
    source: pathlib.Path, hierarchy: pathlib.Path, target: pathlib.Path, strategy: str = "auto"
) -> subprocess.CompletedProcess[str]:
    # --force: a file without any name that the hierarchy knows is no sign of the wrong one here.
    command = [os.environ["TAG_ONNX"], source, hierarchy, target, "--quiet", "--force", "--validate=off"]
    return subprocess.run([*command, f"--strategy={strategy}"], capture_output=True, text=True, check=False)


def _confidence(source: pathlib.Path, hierarchy: str | pathlib.Path) -> dict[str, float]:
    """By place of a node, as far as something speaks for it."""
    program = pathlib.Path(os.environ["TAG_ONNX"]).with_name("modelexport")
    command = [program, "select", source, "**", f"--hierarchy={hierarchy}", "--format=json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return {} if run.returncode else {node["place"]: node["confidence"] for node in json.loads(run.stdout)["nodes"]}


def _tagged_nodes(case: Case, hierarchy: dict, settings: Settings) -> tuple[list, dict[str, float], str]:
    """The nodes with their tags, how sure they are if that is asked for, and what the tagger said if it failed."""
    source = case.folder / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        sidecar, target = pathlib.Path(scratch) / "hierarchy.json", pathlib.Path(scratch) / "out.onnx"
        shown = {key: value for key, value in hierarchy.items() if key not in settings.without}
        sidecar.write_text(json.dumps(shown), encoding="utf-8")
        known = "names" if settings.names else sidecar
        if settings.tagged:
            known = pathlib.Path(scratch) / "plain.onnx"
            tag(case.folder.parent / "plain" / "model.onnx", sidecar, known).check_returncode()
        run = tag(source, known, target, settings.strategy)
        model = onnx.load(source if run.returncode else target, load_external_data=False)
        sure = _confidence(source, known) if settings.confidence else {}
    return list(ground_truth.all_nodes(model)), sure, run.stderr.strip() if run.returncode else ""
