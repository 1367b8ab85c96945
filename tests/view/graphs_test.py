"""Graphs that are hard to show: large, wide, deep, knotted. Generated; all is of modules that tags name."""

from tests.growth import onnx_bytes as onnx
from tests.view.browser import BrowserTest


def tags(module, call=None):
    entries = {"modelexport.module": module, "modelexport.tag": "/M", "modelexport.evidence": "node_name"}
    if call is not None:
        entries["modelexport.call"] = str(call)
    return entries


def chain(modules, tag=tags):
    """A node of each module, which reads the one before it."""
    return onnx.model(
        onnx.node("Relu", [f"v{i}"], f"v{i + 1}", f"n{i}", tags=tag(module)) for i, module in enumerate(modules)
    )


def transformer(layers):
    """Some 20 nodes a layer, in four modules."""
    nodes = []
    last = "x"
    for layer in range(layers):
        begin = last
        for block, count in (("attention.query", 4), ("attention.key", 4), ("attention", 6), ("mlp.up", 3), ("mlp.down", 3)):
            for i in range(count):
                value = f"v{len(nodes)}"
                reads = [begin if i == 0 and block.startswith("attention.") else last]
                nodes.append(onnx.node("MatMul" if i == 0 else "Add", reads, value, f"/l{layer}/{block}/{i}", tags=tags(f"layers.{layer}.{block}")))
                last = value
    return onnx.model(nodes)


def u_net(levels):
    """Each module on the way up also reads what its counterpart on the way down made."""
    nodes = [
        onnx.node("Conv", [f"down{i - 1}" if i else "x"], f"down{i}", f"/down.{i}/Conv", tags=tags(f"down.{i}"))
        for i in range(levels)
    ]
    nodes += [
        onnx.node("Concat", [f"up{i - 1}" if i else f"down{levels - 1}", f"down{levels - 1 - i}"], f"up{i}", f"/up.{i}/Concat", tags=tags(f"up.{i}"))
        for i in range(levels)
    ]
    return onnx.model(nodes)


def attribute(name, graph):
    """A body."""
    return onnx.message(5, onnx.message(1, name) + onnx.message(6, graph) + onnx.number(20, 5))


def bodies(count):
    """Each If has another in its branch, which reads what is made outside of both."""
    nodes = []
    for i in range(count):
        inner = onnx.node("Neg", [f"v{i}"], "inner", tags=tags(f"m{i}.yes.neg"))
        deep = onnx.message(1, inner) + onnx.message(2, "deep") + onnx.message(12, onnx.message(1, "inner"))
        held = onnx.node("If", ["x"], "held", tags=tags(f"m{i}.yes")) + attribute("then_branch", deep) + attribute("else_branch", deep)
        body = onnx.message(1, held) + onnx.message(2, "yes") + onnx.message(12, onnx.message(1, "held"))
        nodes.append(onnx.node("If", ["x"], f"v{i + 1}", tags=tags(f"m{i}")) + attribute("then_branch", body) + attribute("else_branch", body))
    return onnx.model([onnx.node("Relu", ["x"], "v0", tags=tags("first")), *nodes])


def functions(count):
    inner = onnx.node("Relu", ["p"], "q", tags={"modelexport.submodule": "act", "modelexport.evidence": "node_name"})
    calls = [onnx.node("F", [f"v{i}" if i else "x"], f"v{i + 1}", domain="local", tags=tags(f"m{i}")) for i in range(count)]
    return onnx.model(calls, functions=[onnx.function("F", "p", "q", [inner])])


GRAPHS = {
    "hub": onnx.model(
        [onnx.node("Relu", ["x"], "h", "hub", tags=tags("hub"))]
        + [onnx.node("Add", ["h", f"r{i - 1}" if i else "h"], f"r{i}", f"n{i}", tags=tags("readers")) for i in range(2000)]
    ),
    "two thousand nodes": chain(["flat"] * 2000),
    "experts": onnx.model(
        node
        for i in range(490)
        for node in (
            onnx.node("MatMul", ["x"], f"a{i}", f"a{i}", tags=tags(f"experts.{i}.up")),
            onnx.node("Relu", [f"a{i}"], f"b{i}", f"b{i}", tags=tags(f"experts.{i}.act")),
        )
    ),
    "deep": chain([".".join("abcde"[d % 5] for d in range(depth)) for depth in range(1, 257)]),
    "cycle": chain(["a", "b"] * 20),
    "u-net": u_net(26),
    "called often": chain([f"{call}" for call in range(12)], lambda call: tags("cell", int(call))),
    "no module": chain([""] * 300, lambda _: {}),
    "twenty thousand of no module": chain([""] * 20000, lambda _: {}),
    "bodies": bodies(12),
    "functions": functions(12),
    "empty": onnx.model([]),
}


class GraphsTest(BrowserTest):
    def open_all(self, tab, most):
        for _ in range(most):
            closed = tab.evaluate("document.querySelector('#graph .box[aria-expanded=false]')?.id.slice(3)")
            if closed is None:
                break
            tab.evaluate("id => modelexport.toggle(modelexport.boxes.all[id])", closed)

    def test_each_is_laid_out(self):
        for name, model in GRAPHS.items():
            with self.subTest(name):
                # What no tag and no name speaks of has no modules: the sidecar has the root.
                hierarchy = self.path("root.json")
                with open(hierarchy, "w", encoding="utf-8") as file:
                    file.write('{"schema": "modelexport.hierarchy", "version": 1, "modules": [{"path": "", "class": "m.Net"}]}')
                flags = [f"--hierarchy={hierarchy}"] if name in ("no module", "twenty thousand of no module", "empty") else []
                tab = self.open(self.page_of_bytes(model, *flags))
                self.open_all(tab, 12)
                self.assertEqual(self.geometry_problems(tab), [])
                items, dummies = map(int, tab.get_attribute("html", "data-bounds").split(","))
                self.assertLessEqual(items, 60)
                self.assertLessEqual(dummies, 120)

    def test_twenty_thousand_nodes(self):
        page = self.page_of_bytes(transformer(1000))
        with open(page, "rb") as file:
            size = len(file.read())
        tab = self.open(page)
        nodes, modules = tab.evaluate("[modelexport.model.data.nodes.name.length, modelexport.model.data.modules.path.length]")
        self.assertEqual(nodes, 20000)
        self.assertLess(size, 200_000 + 60 * nodes + 60 * modules)
        self.open_all(tab, 6)
        self.assertEqual(self.geometry_problems(tab), [])
        self.assertLess(tab.locator("#graph *").count(), 12000)
        tab.fill("#search", "/l999/mlp.down/2")
        tab.keyboard.press("Enter")
        self.assertIn("layers.999.mlp.down", tab.inner_text(".panel"))
        self.assertEqual(tab.locator("#graph .box[aria-pressed=true]").count(), 1)
