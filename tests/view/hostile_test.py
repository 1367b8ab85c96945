"""Names of a model may hold anything: nothing of them may run, load, or be lost; and axe has no serious finding."""

import pathlib
import re
import threading
import http.server

import axe_playwright_python

from tests.growth import onnx_bytes as onnx
from tests.view.browser import BrowserTest, view

AXE = pathlib.Path(axe_playwright_python.__file__).with_name("axe.min.js")

# PORT is that of a server which must hear nothing.
HOSTILE = [
    "</script><script>window.PWNED=1</script>",
    "<img src=http://127.0.0.1:PORT/a onerror=window.PWNED=1>",
    "\"'><svg onload=window.PWNED=1>",
    "javascript:window.PWNED=1",
    "${window.PWNED=1}",
    "<!--",
    "]]>",
    "&lt;b&gt;&amp;",
    "__proto__",
    "constructor",
    "a\x00b\x01\x1b[31m",
    "\u202etxt.exe\u2066",
    "line\u2028break\nnew",
    "é" + "\u0301" * 50,
    "👩‍👩‍👧‍👦 می‌خواهم",
    "x" * 4000,
    " ",
    "url(http://127.0.0.1:PORT/b)",
    "#m=elsewhere",
]


class Listener(http.server.BaseHTTPRequestHandler):
    heard = []

    def do_GET(self):
        self.heard.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def hostile_model(texts):
    """Each text is a module, its class, a node, its operator and domain, and a value."""
    nodes = []
    for i, text in enumerate(texts):
        tags = {
            "modelexport.module": text.replace(".", "·"),
            "modelexport.tag": "/" + text.replace("/", "∕"),
            "modelexport.evidence": "node_name",
        }
        attribute = onnx.message(5, onnx.message(1, text) + onnx.message(4, text) + onnx.number(20, 3))
        # As many values as nodes, each read by the next.
        reads = texts[i - 1] if i else "x"
        nodes.append(onnx.node(text, [reads], text, text, text if i % 2 else "", tags) + attribute)
    return onnx.model(nodes)


class HostileTest(BrowserTest):
    def setUp(self):
        super().setUp()
        Listener.heard.clear()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.texts = [text.replace("PORT", str(self.server.server_port)) for text in HOSTILE]

    def test_in_every_field_in_both_themes(self):
        page = self.page_of_bytes(hostile_model(self.texts))
        for theme in ("light", "dark"):
            with self.subTest(theme):
                tab = self.open(page, color_scheme=theme)
                scripts = tab.evaluate("document.scripts.length")
                self.assertEqual(scripts, 2)
                data = tab.evaluate("modelexport.model.data")
                self.assertEqual(data["nodes"]["name"], self.texts)
                self.assertEqual([data["operators"][op] for op in data["nodes"]["op"]],
                                 [f"{text}.{text}" if i % 2 else text for i, text in enumerate(self.texts)])
                self.assertEqual(data["nodes"]["attributes"][0], [self.texts[0]] * 2)
                self.visit(tab, len(self.texts))
                self.assertEqual(tab.evaluate("window.PWNED"), None)
                self.assertEqual(tab.evaluate("document.scripts.length"), scripts)
                self.assertEqual(tab.locator("img, iframe, object, embed").count(), 0)
                shown = tab.inner_text("body")
                self.assertIsNone(re.search("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]", shown))
        self.assertEqual(Listener.heard, [])

    def visit(self, tab, count):
        """Selects every node and module, searches for each name, and saves a picture."""
        for node in range(count):
            tab.evaluate("node => modelexport.reveal({kind: 'node', node})", node)
        modules = tab.evaluate("modelexport.model.modules")
        for module in range(modules):
            tab.evaluate("module => modelexport.reveal({kind: 'module', module})", module)
            fragment = tab.evaluate("location.hash")
            self.assertEqual(tab.evaluate("hash => { modelexport.follow(hash); return modelexport.selected.module }", fragment), module)
        self.assertEqual(tab.evaluate("modelexport.message"), "")
        for text in self.texts:
            tab.fill("#search", text)
            self.assertGreater(tab.locator("#hits li").count(), 0)
        tab.keyboard.press("Escape")
        for kind in ("SVG", "PNG"):
            with tab.expect_download():
                tab.click(f".exports button:text-is('{kind}')")

    def test_what_the_policy_blocks(self):
        page = self.page_of_bytes(hostile_model(["a"]))
        tab = self.open(page)
        tab.evaluate(
            """port => setTimeout(() => {
                 window.blocked = [];
                 document.addEventListener('securitypolicyviolation', e => blocked.push(e.effectiveDirective));
                 const add = (name, values) => document.body.append(Object.assign(document.createElement(name), values));
                 add('script', {textContent: 'window.PWNED = 1'});
                 add('img', {src: `http://127.0.0.1:${port}/img`});
                 add('iframe', {src: `http://127.0.0.1:${port}/frame`});
                 add('style', {textContent: 'body { background: red }'});
                 fetch(`http://127.0.0.1:${port}/fetch`).catch(() => {});
                 try { eval('window.PWNED = 1'); } catch {}
               })""",
            self.server.server_port,
        )
        self.wait_until(tab, "window.blocked?.length >= 6")
        self.assertEqual(
            sorted(set(tab.evaluate("blocked"))),
            ["connect-src", "frame-src", "img-src", "script-src", "script-src-elem", "style-src-elem"],
        )
        self.assertEqual(tab.evaluate("window.PWNED"), None)
        self.assertEqual(Listener.heard, [])
        self.complaints.clear()  # The browser has told of each.

    def test_a_hostile_file_name(self):
        model = pathlib.Path(self.path("<img src=x onerror=window.PWNED=1>.onnx"))
        model.write_bytes(hostile_model(["a"]))
        view(str(model), self.path("named.html"))
        tab = self.open(self.path("named.html"))
        self.assertEqual(tab.inner_text("h1"), "<img src=x onerror=window.PWNED=1>.onnx")
        self.assertEqual(tab.evaluate("window.PWNED"), None)


class AxeTest(BrowserTest):
    def findings(self, tab):
        tab.evaluate(AXE.read_text(encoding="utf-8"))
        result = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{finding['id']}: {finding['help']}: {[node['html'][:200] for node in finding['nodes'][:3]]}"
            for finding in result["violations"]
            if finding["impact"] in ("serious", "critical")
        ]

    def test_no_serious_finding(self):
        for theme in ("light", "dark"):
            for fragment in ("", "#n=:%2Fpooler%2Fdense%2FGemm", "#m=encoder.layer.0.attention"):
                with self.subTest(theme=theme, fragment=fragment):
                    tab = self.open(self.page_of("bert_tiny/torchscript"), fragment, color_scheme=theme)
                    self.assertEqual(self.findings(tab), [])

    def test_while_searching(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"))
        tab.fill("#search", "dense")
        self.assertEqual(self.findings(tab), [])

    def test_it_would_be_found(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"))
        tab.evaluate("for (const name of ['aria-label', 'placeholder']) document.getElementById('search').removeAttribute(name)")
        self.assertRegex("; ".join(self.findings(tab)), "^label: ")
