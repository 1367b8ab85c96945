#!/usr/bin/env python3
"""Runs the unittest cases of a directory's *_test.py and writes JUnit XML.

usage: unittest_xml.py DIRECTORY OUTPUT.xml
"""

import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree


class XmlResult(unittest.TextTestResult):
    """Also keeps a <testcase> of every case, in `suite`."""

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.suite = ElementTree.Element("testsuite")
        self._element = None
        self._start = 0.0

    def startTest(self, test):
        super().startTest(test)
        self._element = self._case(test)
        self._start = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        self._element.set("time", f"{time.monotonic() - self._start:.3f}")
        self._element = None

    def addError(self, test, err):
        super().addError(test, err)
        self._add(test, "error", str(err[1]))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._add(test, "failure", str(err[1]))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._add(test, "failure", f"{subtest}: {err[1]}")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._add(test, "failure", "unexpected success")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._add(test, "skipped", reason)

    def _case(self, test):
        # A module or class that fails to set up is no case of its own, but a failure.
        class_name, _, name = test.id().rpartition(".")
        return ElementTree.SubElement(self.suite, "testcase", classname=class_name, name=name)

    def _add(self, test, word, message):
        element = self._element if self._element is not None else self._case(test)
        # XML has no way to write most control characters.
        ElementTree.SubElement(element, word, message="".join(c if c.isprintable() else " " for c in message))


def main(directory, output):
    tests = unittest.TestLoader().discover(directory, pattern="*_test.py")
    result = unittest.TextTestRunner(resultclass=XmlResult, verbosity=2).run(tests)
    ElementTree.ElementTree(result.suite).write(output, encoding="utf-8", xml_declaration=True)
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
