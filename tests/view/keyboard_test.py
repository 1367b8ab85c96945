"""The page by keys alone: every part is reached, and in each the keys do what docs/commands/view.md says."""

import unittest

from tests.view.browser import BrowserTest


class KeyboardTest(BrowserTest):
    def press(self, tab, *keys):
        for key in keys:
            tab.keyboard.press(key)

    def chosen(self, tab):
        """What is selected, as the side panel says."""
        return tab.inner_text(".panel h2")

    def test_tree(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"))
        tab.focus(".tree")
        for key, module in (("ArrowDown", "embeddings"), ("ArrowRight", "embeddings.word_embeddings"), ("ArrowLeft", "embeddings"),
                            ("End", "pooler.activation"), ("Home", "(root)")):
            tab.keyboard.press(key)
            self.assertEqual(self.chosen(tab), module, key)

    def test_a_name_is_typed_in_the_tree(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"))
        tab.focus(".tree")
        tab.keyboard.type("pool")
        self.assertEqual(self.chosen(tab), "pooler")
        # After a pause another name begins; one letter again and again goes through all that begin so.
        tab.wait_for_timeout(900)
        self.press(tab, "Home")
        seen = []
        for _ in range(3):
            tab.keyboard.press("e")
            seen.append(self.chosen(tab))
        self.assertEqual(seen, ["embeddings", "encoder", "embeddings"])
        # What nothing is called changes nothing; a number alone finds the layer; "/" is the search.
        tab.wait_for_timeout(900)
        tab.keyboard.type("zzz")
        self.assertEqual(self.chosen(tab), "embeddings")
        tab.wait_for_timeout(900)
        tab.keyboard.press("1")
        self.assertEqual(self.chosen(tab), "encoder.layer.1")
        tab.keyboard.press("/")
        self.assertEqual(tab.evaluate("document.activeElement.id"), "search")

    def test_graph(self):
        tab = self.open(self.page_of("resnet50/torchscript"))
        tab.focus("#graph")
        seen = []
        for key in ("Home", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "Enter", "ArrowDown", "Escape", "Enter", "ArrowUp"):
            tab.keyboard.press(key)
            seen.append(tab.locator("#graph .box[aria-pressed=true] text").first.text_content())
        self.assertEqual(
            seen,
            "resnet embedder encoder stages.0 stages.1 stages.1 layers.0 stages.1 stages.1 stages.0".split(),
        )
        self.assertNotIn("layers.0", self.titles(tab))

    def test_every_box_that_is_open_is_reached(self):
        for name in ("bert_tiny/torchscript", "resnet50/torchscript"):
            with self.subTest(name):
                tab = self.open(self.page_of(name))
                tab.focus("#graph")
                boxes = set(tab.evaluate("[...document.querySelectorAll('#graph .box')].map(box => box.id)"))
                reached, open_ways = set(), [["Home"]]
                current = "document.querySelector('#graph .box[aria-pressed=true]')?.id"
                # In breadth: each box that a way of keys leads to, tried on by each arrow.
                while open_ways and reached != boxes:
                    way = open_ways.pop(0)
                    tab.evaluate("modelexport.select(null)")
                    self.press(tab, *way)
                    box = tab.evaluate(current)
                    if box in reached:
                        continue
                    reached.add(box)
                    open_ways += [[*way, key] for key in ("ArrowDown", "ArrowRight", "ArrowLeft")]
                self.assertEqual(boxes - reached, set())

    def test_icicle(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"))
        tab.focus("#icicle")
        seen = []
        for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowUp"):
            tab.keyboard.press(key)
            seen.append(self.chosen(tab))
        self.assertEqual(
            seen, ["(root)", "embeddings", "encoder", "encoder.layer", "encoder", "embeddings", "(root)"]
        )
        active = tab.get_attribute("#icicle", "aria-activedescendant")
        self.assertIn("(root)", tab.get_attribute(f"#{active}", "aria-label"))
        # Enter makes it the top, Escape goes out again.
        self.press(tab, "ArrowDown", "ArrowRight", "Enter")
        self.assertEqual(tab.locator(".cell").first.get_attribute("aria-label").split(":")[0], "encoder")
        self.press(tab, "Escape")
        self.assertEqual(tab.locator(".cell").first.get_attribute("aria-label").split(":")[0], "(root)")

    def test_all_controls_are_reached_by_tab(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"))
        reached, unseen = set(), []
        for _ in range(60):
            tab.keyboard.press("Tab")
            name, seen = tab.evaluate(
                """(() => {
                     const at = document.activeElement, style = getComputedStyle(at);
                     return [at.id || at.className, at === document.body || (style.outlineStyle !== 'none' && style.outlineWidth !== '0px')];
                   })()"""
            )
            reached.add(name)
            if not seen:
                unseen.append(name)
        self.assertTrue({"search", "tree", "graph", "icicle", "link"} <= reached, reached)
        self.assertEqual(unseen, [])

    def test_a_link_is_copied(self):
        tab = self.open(self.page_of("bert_tiny/torchscript"), "#m=encoder.layer.0")
        tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
        tab.focus("button:text-is('Copy link')")
        tab.keyboard.press("Enter")
        self.assertTrue(tab.evaluate("navigator.clipboard.readText()").endswith("#m=encoder.layer.0"))
        tab.focus("button:text-is('Copy path')")
        tab.keyboard.press("Enter")
        self.assertEqual(tab.evaluate("navigator.clipboard.readText()"), "encoder.layer.0")


if __name__ == "__main__":
    unittest.main()
