#!/usr/bin/env python3
"""Takes the pictures of docs/ again, by hand: what the page of `view` shows of three models at full size.

    TAG_ONNX=.bazel/bin/tools/tag_onnx PYTHON tests/full_size/full_size.py --keep=FOLDER
    MODELEXPORT=.bazel/bin/tools/modelexport PYTHONPATH=. PYTHON tests/view/take_pictures.py FOLDER

The first PYTHON needs the packages of testdata/requirements.txt, the second is what
`tools/setup/python_environment.sh tests/view/requirements.txt` prints. Debian's pngquant makes the files smaller.
"""

import pathlib
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

from tests.view.browser import view

FULL_SIZE = pathlib.Path(sys.argv[1])

# File, model, its hierarchy, what is opened and selected, colour, theme.
PICTURES = [
    (
        "view.png",
        FULL_SIZE / "resnet-50/torchscript/in.onnx",
        FULL_SIZE / "resnet-50/torchscript/hierarchy.json",
        "resnet.encoder.stages.3.layers.1",
        "operator",
        "light",
    ),
    (
        "view_bert.png",
        FULL_SIZE / "bert-tiny/torchscript/in.onnx",
        FULL_SIZE / "bert-tiny/torchscript/hierarchy.json",
        "encoder.layer.0.attention.self",
        "operator",
        "light",
    ),
    (
        "view_sam.png",
        FULL_SIZE / "sam-vit-base/torchscript/in.onnx",
        FULL_SIZE / "sam-vit-base/torchscript/hierarchy.json",
        "vision_encoder.layers.7",
        "evidence",
        "dark",
    ),
]


def take(chromium, folder, name, model, hierarchy, module, colour, theme):
    # A name that says more than "in.onnx".
    named = pathlib.Path(folder) / f"{model.parts[-3].replace('_', '-')}.onnx"
    named.unlink(missing_ok=True)
    named.symlink_to(model)
    page = f"{folder}/page.html"
    view(named, page, f"--hierarchy={hierarchy}")
    tab = chromium.new_page(viewport={"width": 1280, "height": 800}, color_scheme=theme)
    tab.goto(f"file://{page}#m={module}")
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
