#!/usr/bin/env python3
"""Measures the page of `view` in headless Chromium: its size, when it can be used, and what then takes long.

    MODELEXPORT=.bazel/bin/tools/modelexport PYTHONPATH=. PYTHON tests/view/measure.py [--rounds=5] [--nodes=2000,20000,100000]

PYTHON is what `tools/setup/python_environment.sh tests/view/requirements.txt` prints. The models are those of
tests/performance/generate.py, chains of encoder layers with a sidecar, so that each node has a reason; one more has a
module of 500 children. Times are medians of the rounds, in a new window each: from the beginning of the navigation until
the first whole picture is painted, and from a click until what it opens is.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

from playwright.sync_api import Browser, Page, sync_playwright

from tests.growth import onnx_bytes as onnx
from tests.view.browser import TESTDATA, view

GENERATE = pathlib.Path(__file__).parents[1] / "performance/generate.py"

def tags(module: str) -> dict[str, str]:
    return {"modelexport.module": module, "modelexport.tag": "/M", "modelexport.evidence": "node_name"}


def wide_model() -> bytes:
    """Two modules of 500 children, each of two nodes; none is the larger one, so that both are closed at first."""
    nodes = []
    for side in ("left", "right"):
        for i in range(500):
            name, module = f"{side}{i}", tags(f"{side}.expert{i}")
            nodes.append(onnx.node("MatMul", ["x"], f"{name}.up", name, tags=module))
            nodes.append(onnx.node("Relu", [f"{name}.up"], f"{name}.act", f"{name}.act", tags=module))
        nodes.append(onnx.node("Sum", [f"{side}{i}.act" for i in range(500)], side, side, tags=tags(side)))
    return onnx.model(nodes)


def opened(chromium: Browser, page: str) -> Page:
    tab = chromium.new_page(viewport={"width": 1440, "height": 900})
    tab.goto(f"file://{page}")
    tab.wait_for_selector(".panel h2", timeout=120_000)
    while not tab.evaluate("performance.getEntriesByName('usable').length"):
        tab.wait_for_timeout(10)
    return tab


def usable(chromium: Browser, page: str, rounds: int) -> list[float]:
    seconds = []
    for _ in range(rounds):
        tab = opened(chromium, page)
        seconds.append(tab.evaluate("performance.getEntriesByName('usable')[0].startTime") / 1000)
        tab.close()
    return seconds


def search(chromium: Browser, page: str) -> float:
    """Milliseconds until the hits are found, of the slowest of some keys; what is made at the first key is left out."""
    tab = opened(chromium, page)
    times = tab.evaluate(
        """modelexport.search.find('x') && [...'layer.1'].map((_, i, letters) => {
             const began = performance.now();
             modelexport.search.find(letters.slice(0, i + 1).join(''));
             return performance.now() - began;
           })"""
    )
    tab.close()
    return max(times)


def opening(chromium: Browser, page: str, title: str, rounds: int) -> tuple[float, int]:
    """Seconds from asking for a box to be opened until it is painted, and how many elements the graph has then."""
    seconds, elements = [], 0
    for _ in range(rounds):
        tab = opened(chromium, page)
        seconds.append(
            tab.evaluate(
                """async title => {
                     const box = modelexport.boxes.all.find(box => box.label === title);
                     const began = performance.now();
                     modelexport.toggle(box);
                     await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                     return (performance.now() - began) / 1000;
                   }""",
                title,
            )
        )
        elements = tab.locator("#graph *").count()
        tab.close()
    return statistics.median(seconds), elements


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--nodes", default="2000,20000,100000")
    arguments = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        cases = [
            (name, str(TESTDATA / name / "model.onnx"), str(TESTDATA / name.split("/")[0] / "hierarchy.json"))
            for name in ("resnet50/torchscript", "sam_vision/torchscript")
        ]
        for nodes in arguments.nodes.split(","):
            model, sidecar = f"{folder}/{nodes}.onnx", f"{folder}/{nodes}.json"
            subprocess.run([sys.executable, GENERATE, model, sidecar, f"--nodes={nodes}"], check=True)
            cases.append((f"generated, {nodes}", model, sidecar))
        page = f"{folder}/page.html"
        print("| model | nodes | modules | page, kB | limit, kB | usable after, s: median, least | slowest search, ms |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for name, model, sidecar in cases:
            content = view(model, page, f"--hierarchy={sidecar}")
            tab = opened(chromium, page)
            nodes, modules = tab.evaluate("[modelexport.model.data.nodes.name.length, modelexport.model.data.modules.path.length]")
            tab.close()
            limit = 200 + 0.06 * (nodes + modules)
            times, key = usable(chromium, page, arguments.rounds), search(chromium, page)
            print(f"| {name} | {nodes} | {modules} | {len(content) / 1000:.0f} | {limit:.0f} | {statistics.median(times):.2f}, {min(times):.2f} | {key:.1f} |", flush=True)
        script = re.search(rb"<script>(.*?)</script>", content, re.DOTALL)[1]
        print(f"\nscript: {len(script) / 1000:.1f} kB")
        pathlib.Path(f"{folder}/wide.onnx").write_bytes(wide_model())
        view(f"{folder}/wide.onnx", page)
        time, elements = opening(chromium, page, "left", arguments.rounds)
        print(f"a module of 500 children is open after {time:.2f} s; the graph has {elements} elements then")
        chromium.close()


if __name__ == "__main__":
    main()
