#!/usr/bin/env python3
"""Counts test cases that really ran, from the runners' own XML.

usage: count_cases.py DIRECTORY...

Reads every *.xml below the directories: Bazel's test.xml (gtest's own inside, one
case for a test that writes none) and JUnit XML. Skipped and disabled cases
did not run. Prints "PASSED FAILED"; names the failed cases on standard error.
"""

import os
import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    """'passed', 'failed', or None for a <testcase> that did not run."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.get("status") == "notrun" or case.find("skipped") is not None:
        return None
    # gtest's words for disabled, filtered out and skipped.
    return None if case.get("result") in ("suppressed", "skipped") else "passed"


def cases(path):
    """Yields (name, outcome) of each case; a file that is cut off is a failed case."""
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        yield f"{path}: {error}", "failed"
        return
    for case in root.iter("testcase"):
        yield f"{path}: {case.get('classname', '')} {case.get('name')}", outcome(case)


def xml_files(directory):
    for parent, _, names in os.walk(directory):
        for name in sorted(names):
            if name.endswith(".xml"):
                yield os.path.join(parent, name)


def main(directories):
    counts = {"passed": 0, "failed": 0, None: 0}
    for directory in directories:
        for path in xml_files(directory):
            for name, result in cases(path):
                counts[result] += 1
                if result == "failed":
                    print(f"failed: {name}", file=sys.stderr)
    print(counts["passed"], counts["failed"])


if __name__ == "__main__":
    main(sys.argv[1:])
