"""What `analyze` writes for other viewers, in these viewers: their own servers, their own pages."""

import json
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from tests.view.browser import PATIENCE, PROGRAM, TESTDATA, BrowserTest

MODEL = TESTDATA / "bert_tiny/torchscript/model.onnx"
HIERARCHY = TESTDATA / "bert_tiny/hierarchy.json"


PROFILED = TESTDATA / "profiles/bert_tiny_extended.onnx"
EVENTS = TESTDATA / "profiles/bert_tiny_extended.json"


class ViewersTest(BrowserTest):
    def analyze(self, kind, name, model=MODEL, *flags):
        flags = flags or (f"--hierarchy={HIERARCHY}",)
        text = subprocess.run([PROGRAM, "analyze", model, *flags, f"--format={kind}"], check=True, stdout=subprocess.PIPE).stdout
        path = pathlib.Path(self.path(name))
        path.write_bytes(text)
        return path

    def serve(self, port, *command):
        """Starts a server, which ends with the test, and waits until it answers."""
        server = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                return
            except OSError:
                self.assertIsNone(server.poll(), "the server has ended")
                self.assertLess(time.monotonic(), end)
                time.sleep(0.2)

    def window_at(self, address):
        tab = self.window()
        tab.goto(address)
        return tab

    def test_model_explorer(self):
        graph = self.analyze("model_explorer", "model_explorer.json")
        port = free_port()
        self.serve(port, "-m", "model_explorer", str(graph), "--no_open_in_browser", "--host=127.0.0.1", f"--port={port}")
        models = urllib.parse.quote(json.dumps({"models": [{"url": str(graph)}]}))
        tab = self.window_at(f"http://127.0.0.1:{port}/?data={models}")
        info = tab.locator("body")
        tab.get_by_text("layer count").wait_for()
        text = re.sub(r"\s+", " ", info.inner_text())
        collection = json.loads(graph.read_text(encoding="utf-8"))
        layers = set()
        for node in collection["graphs"][0]["nodes"]:
            parts = node["namespace"].split("/") if node["namespace"] else []
            layers.update("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        self.assertIn("encoder/layer.0/attention/self/query", layers)
        self.assertEqual(layers - set(collection["graphs"][0]["groupNodeAttributes"]), set())
        shown = [node for node in collection["graphs"][0]["nodes"] if node["label"] != "Constant"]
        self.assertIn(f"{len(shown)} nodes", text)
        count = int(re.search(r"layer count (\d+)", text)[1])
        # It shows no layer of a single node.
        self.assertGreater(count, len(layers) / 2)
        self.assertLessEqual(count, len(layers))

    def test_times_in_model_explorer(self):
        graph = self.analyze("model_explorer", "profiled.json", PROFILED, "--hierarchy=tags")
        times = self.analyze("node_data", "times.json", PROFILED, "--hierarchy=tags", f"--events={EVENTS}")
        results = json.loads(times.read_text(encoding="utf-8"))["main_graph"]["results"]
        ids = {node["id"] for node in json.loads(graph.read_text(encoding="utf-8"))["graphs"][0]["nodes"]}
        self.assertLessEqual(set(results), ids)
        port = free_port()
        self.serve(port, "-m", "model_explorer", str(graph), "--no_open_in_browser", "--host=127.0.0.1", f"--port={port}")
        data = urllib.parse.quote(json.dumps({"models": [{"url": str(graph)}], "nodeData": [str(times)]}))
        tab = self.window_at(f"http://127.0.0.1:{port}/?data={data}")
        # Its table of node data has them, with their sum.
        tab.get_by_text("time (us)").first.wait_for()
        text = re.sub(r"\s+", " ", tab.locator("body").inner_text())
        self.assertRegex(text, r"time \(us\)")

    def test_netron(self):
        attachment = self.analyze("netron", "netron.json")
        port = free_port()
        self.serve(port, "-c", f"import netron; netron.start({str(MODEL)!r}, ('127.0.0.1', {port}), browse=False); netron.wait()")
        tab = self.window_at(f"http://127.0.0.1:{port}/")
        tab.click("button:has-text('Accept')")
        # By its own reader of attachments: dropping a file first asks Netron's servers. The page has no eval,
        # so not by playwright's.
        session = tab.context.new_cdp_session(tab)
        attached = session.send(
            "Runtime.evaluate",
            {
                "awaitPromise": True,
                "expression": """(async () => {
                  const base = await import('./base.js');
                  while (!__view__.model) await new Promise(done => setTimeout(done, 50));
                  const stream = new base.BinaryStream(new TextEncoder().encode(%s));
                  return __view__.attach({identifier: 'a.json', stream, entries: new Map()});
                })()"""
                % json.dumps(attachment.read_text(encoding="utf-8")),
            },
        )
        self.assertEqual(attached["result"].get("value"), True, attached)
        tab.get_by_text("pooler_output").first.wait_for()
        find = tab.locator(".sidebar input").first
        end = time.monotonic() + PATIENCE
        while not find.is_visible():  # It takes keys only once it has drawn all.
            self.assertLess(time.monotonic(), end)
            tab.keyboard.press("Control+f")
            tab.wait_for_timeout(500)
        tab.keyboard.type("/pooler/dense/Gemm")
        tab.locator("li:has-text('/pooler/dense/Gemm')").first.dblclick()
        tab.get_by_text("Metadata").wait_for()
        self.assertRegex(tab.locator(".sidebar").inner_text(), r"(?is)metadata\s+pooler\.dense\s+torch\.nn\.\S+Linear\s+node_name")


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]
