import contextlib
import io
import os
import tempfile
import unittest

from tools.ci import count_cases

GTEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="5" failures="1" disabled="1" errors="0" name="AllTests">
  <testsuite name="Cursor" tests="5" failures="1" disabled="1" skipped="1" errors="0">
    <testcase name="Reads" status="run" result="completed" classname="Cursor" />
    <testcase name="ReadsAgain" status="run" result="completed" classname="Cursor" />
    <testcase name="Breaks" status="run" result="completed" classname="Cursor">
      <failure message="no" type=""><![CDATA[no]]></failure>
    </testcase>
    <testcase name="DISABLED_Later" status="notrun" result="suppressed" classname="Cursor" />
    <testcase name="Skips" status="run" result="skipped" classname="Cursor">
      <skipped message="not here"><![CDATA[not here]]></skipped>
    </testcase>
  </testsuite>
</testsuites>
"""

# What Bazel writes for a test that wrote nothing itself.
BAZEL_PASSED = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="tools/setup/x" tests="1" failures="0" errors="0">
    <testcase name="tools/setup/x" status="run" duration="0" time="0"></testcase>
  </testsuite>
</testsuites>
"""

BAZEL_CRASHED = BAZEL_PASSED.replace(
    "></testcase>", '><error message="exited with error code 134"></error></testcase>'
)

PYTEST = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="0" failures="0" skipped="1" tests="2">
  <testcase classname="x" name="test_a" time="0.001" />
  <testcase classname="x" name="test_b" time="0.001"><skipped type="pytest.skip" /></testcase>
</testsuite></testsuites>
"""


def counted(**files):
    """Prints of main for a directory with these files."""
    with tempfile.TemporaryDirectory() as directory:
        for name, text in files.items():
            os.mkdir(os.path.join(directory, name))
            with open(os.path.join(directory, name, "test.xml"), "w", encoding="utf-8") as out:
                out.write(text)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            count_cases.main([directory])
        return printed.getvalue()


class CountCasesTest(unittest.TestCase):
    def test_gtest_cases_that_ran(self):
        self.assertEqual(counted(a=GTEST), "2 1\n")

    def test_one_case_for_a_test_without(self):
        self.assertEqual(counted(a=BAZEL_PASSED, b=BAZEL_CRASHED), "1 1\n")

    def test_junit(self):
        self.assertEqual(counted(a=PYTEST), "1 0\n")

    def test_files_add_up_and_a_broken_one_is_a_failure(self):
        self.assertEqual(counted(a=GTEST, b=PYTEST, c=GTEST[:300]), "3 2\n")

    def test_no_files(self):
        self.assertEqual(counted(), "0 0\n")
        self.assertEqual(list(count_cases.xml_files("no/such/directory")), [])


if __name__ == "__main__":
    unittest.main()
