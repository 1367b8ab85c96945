"""modelexport.view as notebooks and scripts use it."""

import html.parser
import pathlib
import tempfile
import unittest

import modelexport

MODEL = pathlib.Path("testdata/bert_tiny/dynamo/model.onnx")


class Frames(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


class ViewTest(unittest.TestCase):
    def test_a_page(self):
        with tempfile.TemporaryDirectory() as folder:
            view = modelexport.view(MODEL)
            path = view.save(pathlib.Path(folder) / "page.html")
            self.assertEqual(path.read_text(encoding="utf-8"), view.page)
        self.assertTrue(view.page.startswith("<!doctype html>"))
        self.assertEqual(view.page, modelexport.view(MODEL, hierarchy="embedded").page)

    def test_in_a_notebook(self):
        view = modelexport.view(MODEL)
        parser = Frames()
        parser.feed(view._repr_html_())
        ((tag, attributes),) = parser.found
        self.assertEqual((tag, attributes["sandbox"]), ("iframe", "allow-scripts allow-downloads"))
        self.assertEqual(attributes["srcdoc"], view.page)

    def test_errors(self):
        with self.assertRaises(modelexport.ModelExportError) as caught:
            modelexport.view("none.onnx")
        self.assertEqual(caught.exception.exit_code, 3)


if __name__ == "__main__":
    unittest.main()
