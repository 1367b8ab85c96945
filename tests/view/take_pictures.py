#!/usr/bin/env python3
"""Takes the pictures of docs/ again, by hand: what the page of `view` shows of models of testdata.

    MODELEXPORT=.bazel/bin/tools/modelexport PYTHONPATH=. PYTHON tests/view/take_pictures.py

PYTHON is what `tools/setup/python_environment.sh tests/view/requirements.txt` prints. They are made smaller by Debian's
pngquant.
"""

import subprocess
import tempfile

from playwright.sync_api import sync_playwright

from tests.view.browser import TESTDATA, view

# File, model, what is selected, colour, theme, size of the window.
PICTURES = [
    ("view.png", "resnet50/torchscript", "#m=resnet.encoder.stages.3.layers.1", "operator", "light", (1280, 800)),
    ("view_bert.png", "bert_tiny/torchscript", "#m=encoder.layer.0.attention.self", "operator", "light", (1280, 800)),
    ("view_dark.png", "sam_vision/torchscript", "#m=vision_encoder.layers.7", "evidence", "dark", (1280, 800)),
]


def take(chromium, folder, name, model, fragment, colour, theme, size):
    page = f"{folder}/page.html"
    view(TESTDATA / model / "model.onnx", page, f"--hierarchy={TESTDATA / model.split('/')[0]}/hierarchy.json")
    tab = chromium.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    tab.goto(f"file://{page}{fragment}")
    tab.wait_for_selector(".panel h2")
    tab.select_option("label:has-text('Colour') select", colour)
    tab.evaluate("modelexport.toggle(modelexport.selectedBox)")
    tab.screenshot(path=f"docs/{name}")
    tab.close()
    subprocess.run(["pngquant", "--force", "--strip", "--quality=85-98", "--ext=.png", f"docs/{name}"], check=True)


def main():
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for picture in PICTURES:
            take(chromium, folder, *picture)
        chromium.close()


if __name__ == "__main__":
    main()
