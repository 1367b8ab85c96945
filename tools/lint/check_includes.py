#!/usr/bin/env python3
"""Finds includes of JSON, protobuf and onnx headers outside their few places.

usage: check_includes.py FILE...

These libraries lie in the system's include path, so a build does not notice a
stray include; who uses only `graph` must still build no ONNX (rule 5 of
docs/architecture.md). Prints FILE:LINE for each finding; exits 1 if there is any.
"""

import fnmatch
import re
import sys

INCLUDE = re.compile(r'\s*#\s*include\s*[<"]([^>"]+)[>"]')

# Tests may use anything.
TESTS = ("*_test.cc", "tests/*", "modelexport/testing/*")

# What the included path looks like -> where that may stand. No header is among
# these: who includes ours, as other projects do, meets none of these libraries.
ALLOWED = {
    "nlohmann/*": (
        "modelexport/hierarchy/readers/*_json.cc",
        "modelexport/json/*.cc",
        "modelexport/render/*.cc",
        "modelexport/view/*_json.cc",
    ),
    "google/protobuf/*": ("modelexport/validation/onnx_*.cc",),
    "onnx/*": ("modelexport/validation/onnx_*.cc", "modelexport/validation/shapes/*.cc"),
    "*.pb.h": ("modelexport/validation/onnx_*.cc",),
}


def matches(path, patterns):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def findings_in(path, lines):
    """Yields (line number, included path, where it would be allowed)."""
    if matches(path, TESTS):
        return
    for number, line in enumerate(lines, start=1):
        include = INCLUDE.match(line)
        if not include:
            continue
        for pattern, places in ALLOWED.items():
            if matches(include[1], (pattern,)) and not matches(path, places):
                yield number, include[1], places
                break


def main(paths):
    failed = False
    for path in paths:
        with open(path, encoding="utf-8") as source:
            for number, included, places in findings_in(path, source):
                failed = True
                allowed = ", ".join(places + TESTS)
                print(f"{path}:{number}: {included} may be included in {allowed} alone")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
