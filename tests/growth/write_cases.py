"""Writes cases of generators.py as files, for tests that are not Python: write_cases.py FOLDER NAME=SIZE ..."""

from __future__ import annotations

import json
import pathlib
import sys

from tests.growth import generators


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    for case in sys.argv[2:]:
        name, size = case.split("=")
        model, hierarchy = getattr(generators, name)(int(size))
        (folder / f"{name}.onnx").write_bytes(model)
        (folder / f"{name}.json").write_text(json.dumps(hierarchy))


if __name__ == "__main__":
    main()
