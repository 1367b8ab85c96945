"""Random tagged graphs, played as profiles of ONNX Runtime: the program's table is the player's own.

Needs the program, built, in the environment variable MODELEXPORT.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest
from typing import Any

import onnx
from onnx import TensorProto, helper

PROGRAM = os.environ.get("MODELEXPORT", "modelexport")
MODULES = ["", "a", "a.q", "a.q.r", "b", "b.0", "b.1", "c"]
OPERATORS = ["Relu", "Neg", "Abs", "Exp"]
NONE = None  # The row of what nothing attributes.


@dataclasses.dataclass
class Played:
    """A node as the profile has it."""

    name: str
    op_type: str
    position: int
    module: str | None
    bodies: list[list[Played]]


class Graphs:
    """A random tagged model: names that repeat in bodies, no names, names as ONNX Runtime makes them, Constants."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.values = 0

    def value(self) -> str:
        self.values += 1
        return f"v{self.values}"

    def tagged(self, node: onnx.NodeProto, module: str | None) -> onnx.NodeProto:
        if module is not None:
            path = ["/Net", *(f"/{part.upper()}" for part in module.split(".") if module)]
            entries = {"modelexport.module": module, "modelexport.tag": "".join(path), "modelexport.evidence": "node_name"}
            node.metadata_props.extend(onnx.StringStringEntryProto(key=key, value=text) for key, text in entries.items())
        return node

    def nodes(self, depth: int, count: int, names: set[str]) -> tuple[list[onnx.NodeProto], list[Played], str]:
        made: list[onnx.NodeProto] = []
        played: list[Played] = []
        last = "x"
        for _ in range(count):
            if self.dice.random() < 0.15:
                tensor = helper.make_tensor("t", TensorProto.FLOAT, [1], [1.0])
                made.append(helper.make_node("Constant", [], [self.value()], value=tensor))
            module = self.dice.choice([*MODULES, NONE])
            is_if = depth < 3 and self.dice.random() < 0.2
            op_type = "If" if is_if else self.dice.choice(OPERATORS)
            name = self.dice.choice(["", f"n{self.dice.randrange(99)}", f"{self.dice.choice(OPERATORS)}_{self.dice.randrange(9)}"])
            name = "" if name in names else name
            names.add(name)
            output = self.value()
            bodies: list[list[Played]] = []
            attributes: dict[str, Any] = {}
            if is_if:
                for branch in ("then_branch", "else_branch"):
                    attributes[branch], inner = self.body(depth + 1, branch)
                    bodies.append(inner)
            node = helper.make_node(op_type, ["c" if is_if else last], [output], name=name, **attributes)
            made.append(self.tagged(node, module))
            shown = name or f"{op_type}_{len(played)}"
            played.append(Played(shown, op_type, len(played), module, bodies))
            last = output
        return made, played, last

    def body(self, depth: int, name: str) -> tuple[onnx.GraphProto, list[Played]]:
        nodes, played, last = self.nodes(depth, self.dice.randrange(1, 4), set())
        return helper.make_graph(nodes, name, [], [helper.make_tensor_value_info(last, TensorProto.FLOAT, [1])]), played

    def model(self) -> tuple[onnx.ModelProto, list[Played]]:
        nodes, played, last = self.nodes(0, self.dice.randrange(3, 14), set())
        inputs = [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, [1]),
            helper.make_tensor_value_info("c", TensorProto.BOOL, [1]),
        ]
        graph = helper.make_graph(nodes, "g", inputs, [helper.make_tensor_value_info(last, TensorProto.FLOAT, [1])])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
        return model, played


def unclear(nodes: list[Played]) -> None:
    """Makes nodes unattributed that nothing in a profile tells from another one, in the other branch, of another module."""
    groups: dict[tuple[str, str, int], list[Played]] = {}
    for node in nodes:
        groups.setdefault((node.name, node.op_type, node.position), []).append(node)
    for group in groups.values():
        unclear([inner for node in group for body in node.bodies for inner in body])
        if len({node.module for node in group}) > 1:
            for node in group:
                node.module = NONE


class Player:
    """Runs on one thread: events in the order of their ends, with whole microseconds."""

    def __init__(self, dice: random.Random, thread: int, now: int) -> None:
        self.dice, self.thread, self.now = dice, thread, now
        self.events: list[dict[str, Any]] = []
        self.times: dict[str | None, int] = {}

    def event(self, category: str, name: str, begin: int, arguments: dict[str, Any]) -> None:
        self.events.append(
            {"cat": category, "pid": 1, "tid": self.thread, "dur": self.now - begin, "ts": begin, "ph": "X", "name": name}
            | {"args": arguments}
        )

    def play(self, node: Played) -> None:
        begin, within = self.now, 0
        self.now += self.dice.randrange(0, 5)
        if node.bodies:
            self.now += 1  # an If takes longer than what it runs
            for inner in self.dice.choice(node.bodies):
                before = self.now
                self.play(inner)
                within += self.now - before
            self.now += 1
        arguments = {"op_name": node.op_type, "node_index": str(node.position), "thread_scheduling_stats": ""}
        self.event("Node", f"{node.name}_kernel_time", begin, arguments)
        self.times[node.module] = self.times.get(node.module, 0) + self.now - begin - within

    def run(self, nodes: list[Played]) -> tuple[int, dict[str | None, int], int]:
        """When the run began, its time by module, and its time outside of kernels."""
        begin = self.now
        self.times = {}
        outside = self.dice.randrange(0, 4)
        self.now += outside
        for node in nodes:
            self.play(node)
        self.event("Session", "SequentialExecutor::Execute", begin, {})
        self.event("Session", "model_run", begin, {})
        self.now += self.dice.randrange(3, 9)  # so that runs do not touch
        return begin, dict(self.times), outside


def kept(runs: list[tuple[int, dict[str | None, int], int]], warmup: int) -> list[tuple[dict[str | None, int], int]]:
    """By the rule of docs/commands/profile.md."""
    rest = sorted(runs, key=lambda run: run[0])[min(warmup, len(runs) - 1) :]
    sums = sorted(sum(times.values()) for _, times, _ in rest)
    cut = len(sums) // 4 if len(sums) >= 4 else 0
    low, high = sums[cut], sums[-1 - cut]
    return [(times, outside) for _, times, outside in rest if low <= sum(times.values()) <= high]


class ProfilePropertyTest(unittest.TestCase):
    def profile(self, model: pathlib.Path, events: pathlib.Path, warmup: int) -> dict[str, Any]:
        ran = subprocess.run(
            [PROGRAM, "profile", model, f"--events={events}", f"--warmup={warmup}", "--format=json", "--min_attributed=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        self.assertEqual((ran.stderr, ran.returncode), ("", 0))
        return json.loads(ran.stdout)

    def check(self, seed: int, folder: pathlib.Path) -> None:
        dice = random.Random(seed)
        model, nodes = Graphs(dice).model()
        unclear(nodes)
        path, events = folder / "model.onnx", folder / "events.json"
        onnx.save(model, path)
        players = [Player(dice, 100 + thread, dice.randrange(50)) for thread in range(dice.randrange(1, 5))]
        runs = [dice.choice(players).run(nodes) for _ in range(dice.randrange(1, 14))]
        recorded = [event for player in players for event in player.events]
        recorded.sort(key=lambda event: event["ts"] + event["dur"])  # each thread's own order stays
        events.write_text(json.dumps(recorded), encoding="utf-8")
        warmup = dice.randrange(0, 3)
        answer = self.profile(path, events, warmup)
        chosen = kept(runs, warmup)
        self.assertEqual((answer["runs"], answer["runs_seen"]), (len(chosen), len(runs)))
        expected: dict[str | None, int] = {}
        for times, _ in chosen:
            for module, time in times.items():
                expected[module] = expected.get(module, 0) + time
        own = {row["module"]: round(row["own_us"] * answer["runs"], 6) for row in answer["rows"]}
        self.assertEqual({module: time for module, time in own.items() if time}, {m: t for m, t in expected.items() if t})
        self.assertAlmostEqual(answer["outside_us"] * answer["runs"], sum(outside for _, outside in chosen), places=6)
        for row in answer["rows"]:
            if row["module"] is None:
                continue
            prefix = f"{row['module']}." if row["module"] else ""
            below = [time for module, time in expected.items() if module is not None and f"{module}.".startswith(prefix)]
            self.assertAlmostEqual(row["total_us"] * answer["runs"], sum(below), places=6)
        self.truncated(dice, path, events, recorded)

    def truncated(
        self, dice: random.Random, path: pathlib.Path, events: pathlib.Path, recorded: list[dict[str, Any]]
    ) -> None:
        """Cut anywhere after its first kernel, a profile has what the whole events before the cut say."""
        text = events.read_text(encoding="utf-8")
        first = text.find("}}", text.index('"Node"')) + 2
        cut = dice.randrange(first, len(text))
        events.write_text(text[:cut], encoding="utf-8")
        of_cut = self.profile(path, events, 0)
        whole = []
        size = 1
        for event in recorded:
            size += len(json.dumps(event))
            if size > cut:
                break
            whole.append(event)
            size += 2
        events.write_text(json.dumps(whole), encoding="utf-8")
        of_whole = self.profile(path, events, 0)
        self.assertEqual(of_cut["rows"], of_whole["rows"])

    def test_the_table_is_the_players_own(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            for seed in range(60):
                with self.subTest(seed=seed):
                    self.check(seed, pathlib.Path(name))


if __name__ == "__main__":
    unittest.main()
