"""docs/profile_bert.svg is what testdata/profiles/flame_graph.py draws of the profile beside it.

    ./bazelw run //tests:flame_graph_test -- --update    # draws it anew
"""

import os
import pathlib
import subprocess
import sys
import unittest

PICTURE = pathlib.Path("docs/profile_bert.svg")
PROFILES = pathlib.Path("testdata/profiles")
TITLE = "bert_tiny at ORT_ENABLE_EXTENDED: modules (blue) and kernels (orange) by their time"


def draw():
    model, events = PROFILES / "bert_tiny_extended.onnx", PROFILES / "bert_tiny_extended.json"
    command = ["tools/modelexport", "profile", model, f"--events={events}", "--format=folded"]
    folded = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    script = [sys.executable, PROFILES / "flame_graph.py", TITLE]
    return subprocess.run(script, input=folded, stdout=subprocess.PIPE, text=True, check=True).stdout


class FlameGraphTest(unittest.TestCase):
    def test_the_picture_is_what_is_drawn(self):
        self.assertEqual(PICTURE.read_text(encoding="utf-8"), draw())


if __name__ == "__main__":
    if "--update" in sys.argv:
        target = pathlib.Path(os.environ["BUILD_WORKSPACE_DIRECTORY"]) / PICTURE
        target.write_text(draw(), encoding="utf-8")
    else:
        unittest.main()
