"""Headless Chromium for the tests of the page, and what they ask a page."""

import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from playwright.sync_api import sync_playwright

PROGRAM = os.environ["MODELEXPORT"]
TESTDATA = pathlib.Path("testdata").resolve()

PATIENCE = 120  # Seconds: machines that run tests have other things to do.


def view(model, page, *flags):
    """Runs the program; returns the bytes of the page."""
    subprocess.run([PROGRAM, "view", model, "-o", page, "--quiet", *flags], check=True)
    return pathlib.Path(page).read_bytes()


class BrowserTest(unittest.TestCase):
    """One browser for the tests of a class; a page that complains fails its test."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.chromium = cls.playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        cls.addClassCleanup(cls.chromium.close)

    def setUp(self):
        self.complaints = []
        self.addCleanup(lambda: self.assertEqual(self.complaints, []))

    def path(self, name):
        return f"{self.folder.name}/{name}"

    def page_of(self, name):
        """The page of a model of testdata, as "resnet50/torchscript", made once."""
        page = self.path(name.replace("/", "_") + ".html")
        if not os.path.exists(page):
            view(TESTDATA / name / "model.onnx", page, f"--hierarchy={TESTDATA / name.split('/')[0]}/hierarchy.json")
        return page

    def page_of_bytes(self, model, *flags):
        model_path = self.path("model.onnx")
        pathlib.Path(model_path).write_bytes(model)
        view(model_path, self.path("model.html"), *flags)
        return self.path("model.html")

    def window(self, **options):
        context = self.chromium.new_context(viewport={"width": 1440, "height": 900}, **options)
        context.set_default_timeout(1000 * PATIENCE)
        self.addCleanup(context.close)
        return context.new_page()

    def open(self, page, fragment="", **options):
        """The page in a window of its own, when it can be used."""
        tab = self.window(**options)
        tab.on("console", lambda message: self.complaints.append(message.text))
        tab.on("pageerror", lambda error: self.complaints.append(f"{error}\n{error.stack}"))
        tab.goto(f"file://{page}{fragment}")
        self.wait_until(tab, "performance.getEntriesByName('usable').length > 0")
        return tab

    def wait_until(self, tab, condition):
        """Not wait_for_function, which evaluates within the page, where the page's policy forbids it."""
        end = time.monotonic() + PATIENCE
        while not tab.evaluate(condition):
            self.assertLess(time.monotonic(), end, f"in vain: {condition}; {self.complaints}")
            tab.wait_for_timeout(20)

    def titles(self, tab):
        """The titles of what the graph shows, but for ports, from above."""
        return tab.evaluate(
            """[...document.querySelectorAll('#graph .box')].map(box => {
                 const {x, y} = box.getBoundingClientRect();
                 return {x, y, title: box.querySelector('text').textContent};
               }).sort((a, b) => a.y - b.y || a.x - b.x).map(one => one.title)"""
        )

    def toggle(self, tab, title):
        """Clicks the button that opens or closes the box, with the mouse."""
        box = tab.locator("#graph .box", has=tab.locator(f"xpath=.//*[local-name()='text'][1][text()='{title}']")).first
        box.locator(".toggle").click()

    def geometry_problems(self, tab):
        return tab.evaluate(GEOMETRY)


# In the window's own numbers: items of a level overlap, are outside of it, or an edge ends elsewhere
# than at an item of its level.
GEOMETRY = r"""() => {
  const problems = [];
  const numbers = (element, name) => element.getAttribute(name).match(/-?[\d.]+/g).map(Number);
  for (const level of document.querySelectorAll('#graph .level')) {
    const [levelWidth, levelHeight] = level.dataset.size.split(',').map(Number);
    const items = [...level.children].filter(child => child.classList.contains('item')).map(item => {
      const [x, y] = numbers(item, 'transform');
      const [width, height] = item.dataset.size.split(',').map(Number);
      return {x, y, width, height, title: item.querySelector('text')?.textContent};
    });
    items.forEach((a, i) => {
      if (a.x < -1 || a.y < -1 || a.x + a.width > levelWidth || a.y + a.height > levelHeight) {
        problems.push(`${a.title} is outside of its level`);
      }
      for (const b of items.slice(i + 1)) {
        if (a.x + a.width > b.x + 0.5 && b.x + b.width > a.x + 0.5 && a.y + a.height > b.y + 0.5 &&
            b.y + b.height > a.y + 0.5) problems.push(`${a.title} and ${b.title} overlap`);
      }
    });
    const isAt = (x, y) => items.some(item => x > item.x - 2 && x < item.x + item.width + 2 &&
      y > item.y - 2 && y < item.y + item.height + 2);
    for (const edge of [...level.children].flatMap(child => [...child.children]).filter(e => e.matches('path.edge'))) {
      const points = numbers(edge, 'd');
      for (const at of [0, points.length - 2]) {
        if (!isAt(points[at], points[at + 1])) problems.push(`an edge ends at nothing: ${edge.getAttribute('d')}`);
      }
      for (let at = 0; at < points.length; at += 2) {
        if (points[at] < -1 || points[at] > levelWidth) problems.push('an edge leaves its level');
      }
    }
  }
  return problems.slice(0, 10);
}"""
