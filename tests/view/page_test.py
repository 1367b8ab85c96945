"""The page of real models, used as people do: by clicks and keys."""

import json
import pathlib
import re
import subprocess
import unittest
import urllib.parse

from tests.view.browser import PROGRAM, TESTDATA, BrowserTest, view


class FirstViewTest(BrowserTest):
    def test_the_stages_of_a_resnet(self):
        tab = self.open(self.page_of("resnet50/torchscript"))
        self.assertEqual(
            self.titles(tab),
            "resnet embedder encoder stages.0 stages.1 stages.2 stages.3 pooler classifier".split(),
        )
        self.assertIn("122 nodes · 286 modules · 373k parameters · 100 % attributed", tab.inner_text(".facts"))

    def test_the_largest_stage_and_the_operators_of_a_block_in_two_clicks(self):
        tab = self.open(self.page_of("resnet50/torchscript"))
        figures = tab.evaluate(
            "[...document.querySelectorAll('#graph .box')].map(box => box.querySelector('text:nth-of-type(2)')?.textContent)"
        )
        self.assertIn("ResNetStage · 235k", figures)
        self.toggle(tab, "stages.3")
        self.toggle(tab, "layers.1")
        shown = tab.evaluate("[...document.querySelectorAll('#graph .item text')].map(text => text.textContent)")
        self.assertTrue({"Conv · 256×64×1×1", "Relu", "Add"} <= set(shown), shown)

    def test_the_layers_of_a_bert(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"))
        self.assertEqual(
            self.titles(tab), "15 nodes,embeddings,encoder,layer.0,layer.1,pooler".split(",")
        )

    def test_equal_layers_are_folded(self):
        tab = self.open(self.page_of("sam_vision/torchscript"))
        self.assertEqual(self.titles(tab), "vision_encoder patch_embed Add layers.0-11 neck".split())
        self.toggle(tab, "layers.0-11")
        self.assertEqual([title for title in self.titles(tab) if title.startswith("layers.")][1:],
                         [f"layers.{i}" for i in range(12)])


class GeometryTest(BrowserTest):
    def test_everything_opened_one_after_the_other(self):
        for name in ("resnet50/torchscript", "bert_tiny/torchscript", "sam_vision/dynamo"):
            with self.subTest(name):
                tab = self.open(self.page_of(name))
                for _ in range(25):
                    closed = tab.locator("#graph .box[aria-expanded=false]")
                    if closed.count() == 0:
                        break
                    box = closed.first.get_attribute("id")
                    # What is outside of the window is shown first, as a search would.
                    tab.evaluate("id => modelexport.reveal(modelexport.placeOfBox(modelexport.boxes.all[id.slice(3)]))", box)
                    tab.locator(f"#{box} .toggle").click()
                    where = tab.locator(f"#{box} .toggle").bounding_box()
                    graph = tab.locator("#graph").bounding_box()
                    self.assertGreaterEqual(where["x"], graph["x"] - 1)
                    self.assertGreaterEqual(where["y"], graph["y"] - 1)
                    self.assertLessEqual(where["x"] + where["width"], graph["x"] + graph["width"] + 1)
                    self.assertLessEqual(where["y"] + where["height"], graph["y"] + graph["height"] + 1)
                self.assertEqual(self.geometry_problems(tab), [])


class SumTest(BrowserTest):
    def test_nothing_is_lost(self):
        for name, nodes in (("resnet50/torchscript", 122), ("bert_tiny/torchscript", 148), ("sam_vision/torchscript", 3129)):
            with self.subTest(name):
                tab = self.open(self.page_of(name))
                for colour in ("operator", "evidence"):
                    tab.select_option("label:has-text('Colour') select", colour)
                    counts = tab.eval_on_selector_all(".legend button .dim", "all => all.map(one => +one.textContent)")
                    self.assertEqual(sum(counts), nodes)
                # Each pair of nodes, one of which reads the other, is in just one level's edges, unless one
                # is folded into the other.
                self.assertEqual(*tab.evaluate(FLOWS))


    def test_figures_are_those_of_analyze(self):
        model = TESTDATA / "resnet50/torchscript/model.onnx"
        hierarchy = f"--hierarchy={TESTDATA}/resnet50/hierarchy.json"
        said = subprocess.run([PROGRAM, "analyze", model, hierarchy, "--costs", "--format=json"], check=True, stdout=subprocess.PIPE)
        rows = [row for row in json.loads(said.stdout)["modules"] if row["module"] is not None]
        tab = self.open(self.page_of("resnet50/torchscript"))
        for key, figure in (
            ("parameters", lambda row: row["parameters"]["total"]),
            ("bytes", lambda row: row["bytes"]),
            ("nodes", lambda row: row["nodes"]["total"]),
            ("macs", lambda row: row["macs"]),
        ):
            shown = tab.evaluate("key => modelexport.model.sizes.find(size => size.key === key).total", key)
            self.assertEqual(shown, [figure(row) for row in rows], key)
            # Siblings and what the module has of its own are all of it.
            sums = tab.evaluate(
                """key => {
                     const {model} = modelexport, size = model.sizes.find(size => size.key === key);
                     return model.children.map((children, m) => children.reduce((sum, child) => sum + size.total[child], size.own[m]));
                   }""",
                key,
            )
            self.assertEqual(sums, shown, key)
        self.assertGreater(rows[0]["macs"], 0)


# [values that flow between children of levels, the same counted from nodes' inputs]
FLOWS = r"""() => {
  const {boxes, model} = modelexport;
  let drawn = 0;
  for (const box of boxes.all) for (const flow of box.flows) drawn += flow.values.length;
  const wanted = new Set();
  for (const {from, to, value} of model.edges) {
    const chain = node => { const way = []; for (let b = boxes.ofNode[node]; b; b = b.parent) way.push(b); return way; };
    if (boxes.ofNode[from].node !== from || boxes.ofNode[from] === boxes.ofNode[to]) continue;
    const [a, b] = [chain(from), chain(to)];
    const common = a.find(box => b.includes(box));
    wanted.add(`${common.id}:${a[a.indexOf(common) - 1].id}:${b[b.indexOf(common) - 1].id}:${value}`);
  }
  return [drawn, wanted.size];
}"""


class PanelTest(BrowserTest):
    def test_of_a_node(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"), "#n=:%2Fpooler%2Fdense%2FGemm")
        text = tab.inner_text(".panel")
        for part in ("Gemm", "/pooler/dense/Gemm", "pooler.dense", "Linear", "/BertModel/BertPooler", "node_name",
                     'node name "/pooler/dense/Gemm", scope "/pooler/dense"', "transB", "pooler.dense.weight", "weight, 65.5 kB",
                     "float[128, 128]", "/pooler/dense/Gemm_output_0", "to Tanh"):
            self.assertIn(part, text)
        tab.click(".panel .link:has-text('Tanh')")
        self.assertIn("/pooler/activation/Tanh", tab.inner_text(".panel"))
        self.assertEqual(tab.locator("#graph .box[aria-pressed=true] text").first.text_content(), "activation")

    def test_of_a_node_of_several_modules(self):
        tab = self.open(self.page_of("resnet50/torchscript"))
        node, other = tab.evaluate("[modelexport.model.data.also.node[0], modelexport.model.path(modelexport.model.data.also.module[0])]")
        tab.evaluate("node => modelexport.reveal({kind: 'node', node})", node)
        also = tab.locator(".panel .fact:has(dt:text-is('also'))")
        self.assertRegex(also.inner_text(), rf"^also\s+{re.escape(other)}\s*: \w.*")
        also.locator(".link").first.click()
        self.assertEqual(tab.inner_text(".panel h2"), other)
        self.assertRegex(tab.inner_text(".panel"), r"(?i)nodes of others that do its work too\s+\w+")

    def test_of_a_tagged_model(self):
        """Tags say no reason, but the kind of evidence."""
        tagged = self.path("tagged.onnx")
        models = TESTDATA / "bert_tiny"
        subprocess.run([PROGRAM, "tag", models / "dynamo/model.onnx", models / "hierarchy.json", tagged, "--quiet"], check=True)
        view(tagged, self.path("tagged.html"))
        tab = self.open(self.path("tagged.html"), "#m=pooler.dense")
        tab.click(".panel section:has(h3:text('Nodes of its own')) .link")
        facts = tab.locator(".panel dl").first.inner_text()
        self.assertRegex(facts, r"class path\s+/BertModel/BertPooler\s")
        self.assertRegex(facts, r"evidence\s+scope_metadata: the exporter wrote")
        self.assertNotIn("reason", facts)

    def test_of_a_module(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"), "#m=encoder.layer.1")
        text = tab.inner_text(".panel")
        for part in ("encoder.layer.1", "BertLayer", "198k", "attention\t66.3k", "MatMul\t8"):
            self.assertIn(part, text)


class SearchTest(BrowserTest):
    def test_by_keys(self):
        tab = self.open(self.page_of("sam_vision/torchscript"))
        tab.keyboard.press("/")
        tab.keyboard.type("layers.11.mlp.lin2")
        tab.keyboard.press("Enter")
        self.assertEqual(tab.evaluate("location.hash"), "#m=vision_encoder.layers.11.mlp.lin2")
        chosen = tab.locator("#graph .box[aria-pressed=true]")
        self.assertEqual(chosen.locator("text").first.text_content(), "lin2")
        self.assertTrue(chosen.is_visible())

    def test_finds_nodes_values_operators_and_classes(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"))
        for text, what, found in (
            ("bertpooler", "class", "BertPooler"),
            ("erf", "node", "/encoder/layer.0/intermediate/intermediate_act_fn/Erf"),
            ("last_hidden_state", "value", "last_hidden_state"),
            ("pooler.dense", "module", "pooler.dense"),
        ):
            with self.subTest(text):
                tab.fill("#search", text)
                hits = tab.locator(f"#hits li:has(.what:text-is('{what}')) .name").all_inner_texts()
                self.assertIn(found, hits)
        tab.fill("#search", "no such thing")
        self.assertEqual(tab.inner_text("#hits"), "Nothing has this in its name.")


class LinkTest(BrowserTest):
    def test_to_a_node_in_a_folded_run(self):
        tab = self.open(self.page_of("sam_vision/torchscript"), "#m=vision_encoder.layers.7.attn.qkv")
        chosen = tab.locator("#graph .box[aria-pressed=true]")
        self.assertEqual(chosen.locator("text").first.text_content(), "qkv")
        self.assertEqual(chosen.count(), 1)

    def test_to_a_node_in_a_folded_group_of_a_folded_run(self):
        page = self.page_of("sam_vision/torchscript")
        tab = self.open(page)
        # A node that is inside more than one box that was made only for the picture.
        name = tab.evaluate(
            """(() => {
                 const {boxes, model} = modelexport;
                 const folds = box => { let count = 0; for (let up = box.parent; up; up = up.parent) count += up.kind === 'group'; return count; };
                 const node = boxes.ofNode.findIndex((box, n) => box?.node === n && folds(box) > 1);
                 return model.data.nodes.name[node];
               })()"""
        )
        tab = self.open(page, f"#n=:{urllib.parse.quote(name, safe='')}")
        chosen = tab.locator("#graph .box[aria-pressed=true]")
        self.assertEqual(chosen.count(), 1)
        self.assertIn(name, tab.inner_text(".panel"))
        self.assert_in_window(tab, chosen)

    def assert_in_window(self, tab, box):
        where, graph = box.bounding_box(), tab.locator("#graph").bounding_box()
        self.assertGreaterEqual(where["x"], graph["x"] - 1)
        self.assertGreaterEqual(where["y"], graph["y"] - 1)
        self.assertLess(where["x"], graph["x"] + graph["width"])
        self.assertLess(where["y"], graph["y"] + graph["height"])

    def test_what_is_searched_linked_or_closed_is_in_the_window(self):
        tab = self.open(self.page_of("sam_vision/torchscript"), "#m=vision_encoder.layers.7.attn")
        chosen = tab.locator("#graph .box[aria-pressed=true]")
        self.assert_in_window(tab, chosen.locator(".toggle"))
        tab.fill("#search", "layers.11.mlp")
        tab.keyboard.press("Enter")
        self.assert_in_window(tab, chosen.locator(".toggle"))
        for _ in range(2):  # Opened, and closed again.
            chosen.locator(".toggle").click()
            self.assert_in_window(tab, chosen.locator(".toggle"))

    def test_to_what_is_not_there(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"), "#m=encoder.layer.9")
        self.assertEqual(tab.inner_text("[role=alert] bdi"), "There is no module encoder.layer.9")

    def test_back_returns(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"))
        tab.click(".row:has-text('pooler')")
        tab.click(".row:has-text('intermediate')")
        self.assertEqual(tab.inner_text(".panel h2"), "encoder.layer.0.intermediate")
        tab.go_back()
        self.assertEqual(tab.inner_text(".panel h2"), "pooler")
        tab.go_back()
        self.assertEqual(tab.inner_text(".panel h2"), "(root)")


class ExportTest(BrowserTest):
    def test_svg_and_png(self):
        tab = self.open(self.page_of("resnet50/torchscript"))
        for kind, begin in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
            with tab.expect_download() as download:
                tab.click(f".exports button:text-is('{kind}')")
            content = pathlib.Path(download.value.path()).read_bytes()
            self.assertEqual(content[:4], begin)
            self.assertEqual(download.value.suggested_filename, f"model.onnx.{kind.lower()}")
            if kind == "SVG":
                self.assertIn(b"stages.3", content)
                self.assertNotIn(b"var(", content)


class EventsTest(BrowserTest):
    def test_time_by_module_and_node(self):
        model = TESTDATA / "profiles/bert_tiny_extended.onnx"
        events = TESTDATA / "profiles/bert_tiny_extended.json"
        view(model, self.path("profiled.html"), f"--events={events}")
        tab = self.open(self.path("profiled.html"))
        self.assertEqual(tab.input_value("label:has-text('Size') select"), "time_us")
        tab.select_option("label:has-text('Colour') select", "time_us")
        self.assertRegex(tab.locator(".row:has-text('encoder')").first.inner_text(), r"\d (us|ms)$")
        self.assertRegex(tab.inner_text(".legend"), r"(?s)^time\s+5 % and more")
        # Modules of one parent, the slowest first.
        rows = tab.locator(".panel section:has(h3:text('Modules by time')) tr").all_inner_texts()
        self.assertTrue(rows[0].startswith("encoder"), rows)
        # All adds up.
        whole, parts = tab.evaluate(
            """[modelexport.size.total[0],
                modelexport.model.data.metrics.find(one => one.key === 'time_us').of_nodes.reduce((a, b) => a + b, 0)]"""
        )
        self.assertAlmostEqual(whole, parts)
        self.assertGreater(whole, 0)


    def test_the_slowest_stage_of_a_resnet_is_on_the_first_view(self):
        model = TESTDATA / "profiles/resnet50_all.onnx"
        view(model, self.path("slow.html"), f"--events={TESTDATA}/profiles/resnet50_all.json")
        tab = self.open(self.path("slow.html"))
        shown = tab.evaluate(
            """Object.fromEntries([...document.querySelectorAll('#graph .box')].map(box =>
                 [...box.querySelectorAll(':scope > text')].map(text => text.textContent)))"""
        )
        stages = {title: float(figure.split(" · ")[1].removesuffix(" us")) for title, figure in shown.items() if title.startswith("stages.")}
        self.assertEqual(len(stages), 4, shown)
        self.assertEqual(max(stages, key=stages.get), "stages.2")


class CompareTest(BrowserTest):
    def test_what_a_simplifier_did(self):
        models = TESTDATA / "lost_names"
        view(models / "torchscript_onnxsim/model.onnx", self.path("compared.html"),
             f"--compare={models}/torchscript/model.onnx", f"--hierarchy={models}/hierarchy.json")
        tab = self.open(self.path("compared.html"))
        tab.select_option("label:has-text('Colour') select", "compared")
        legend = tab.inner_text(".legend")
        self.assertRegex(legend, r"(?s)^against model\.onnx\s+same\s+\d+")
        nodes = tab.evaluate("modelexport.model.data.nodes.name.length")
        counts = tab.eval_on_selector_all(".legend button .dim", "all => all.map(one => +one.textContent)")
        self.assertEqual(sum(counts), nodes)
        # Compared with itself, nothing differs.
        view(models / "torchscript/model.onnx", self.path("same.html"),
             f"--compare={models}/torchscript/model.onnx", f"--hierarchy={models}/hierarchy.json")
        tab = self.open(self.path("same.html"))
        marks = tab.evaluate("modelexport.model.data.marks[0]")
        self.assertEqual(set(marks["of_nodes"]), {0})


class FileTest(BrowserTest):
    def test_size(self):
        for name in ("resnet50/torchscript", "bert_tiny/dynamo", "sam_vision/torchscript"):
            with self.subTest(name):
                tab = self.open(self.page_of(name))
                nodes, modules = tab.evaluate("[modelexport.model.data.nodes.name.length, modelexport.model.data.modules.path.length]")
                self.assertLess(pathlib.Path(self.page_of(name)).stat().st_size, 200_000 + 60 * nodes + 60 * modules)

    def test_script_and_licences(self):
        page = pathlib.Path(self.page_of("bert_tiny/dynamo")).read_text(encoding="utf-8")
        script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
        self.assertLess(len(script.encode()), 120_000)
        for package in ("@dagrejs/dagre", "@dagrejs/graphlib", "preact"):
            self.assertRegex(page, rf"(?m)^{package}$")
        self.assertEqual(page.count("Permission is hereby granted"), 3)
        # No address that a browser would load from.
        self.assertNotRegex(page, r"""(?:src|href)\s*=\s*["']""")

    def test_the_same_bytes_each_time(self):
        model = TESTDATA / "bert_tiny/dynamo/model.onnx"
        self.assertEqual(view(model, self.path("a.html")), view(model, self.path("b.html")))

    def test_lock_file_has_no_addresses(self):
        lock = pathlib.Path("modelexport/view/page/package-lock.json").read_text(encoding="utf-8")
        self.assertNotIn("http", lock)
        self.assertIn("sha512-", lock)

    def test_without_javascript(self):
        context = self.chromium.new_context(java_script_enabled=False)
        self.addCleanup(context.close)
        tab = context.new_page()
        tab.goto(f"file://{self.page_of('bert_tiny/dynamo')}")
        self.assertIn("needs JavaScript", tab.inner_text("body"))

    def test_in_a_sandboxed_frame(self):
        page = pathlib.Path(self.page_of("bert_tiny/dynamo")).read_text(encoding="utf-8")
        context = self.chromium.new_context(viewport={"width": 1440, "height": 900})
        self.addCleanup(context.close)
        tab = context.new_page()
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.set_content("<iframe sandbox='allow-scripts' style='width:1300px;height:800px'></iframe>")
        tab.eval_on_selector("iframe", "(frame, page) => { frame.srcdoc = page; }", page)
        frame = tab.frame_locator("iframe")
        frame.locator(".row:has-text('pooler')").first.click()
        self.assertEqual(frame.locator(".panel h2").inner_text(), "pooler")
        frame.locator(".row:has-text('encoder')").first.click()
        self.assertEqual(frame.locator(".panel h2").inner_text(), "encoder")


if __name__ == "__main__":
    unittest.main()
