import contextlib
import io
import os
import tempfile
import unittest

from tools.ci import count_cases
from tools.ci import unittest_xml

CASES = """
import unittest

class Some(unittest.TestCase):
    def test_passes(self): pass
    def test_fails(self): self.fail("a \\x00 byte")
    def test_raises(self): raise ValueError
    @unittest.skip("not here")
    def test_skipped(self): pass
    def test_parts(self):
        for part in range(3):
            with self.subTest(part): self.assertEqual(part, 0)

class Unready(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise OSError("no")
    def test_never_runs(self): pass
"""


def run(name, cases):
    """(exit status, what count_cases prints) for a directory with this one file."""
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, name), "w") as file:
            file.write(cases)
        printed = io.StringIO()
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(printed):
            status = unittest_xml.main(directory, os.path.join(directory, "result.xml"))
            count_cases.main([directory])
        return status, printed.getvalue().strip()


class UnittestXmlTest(unittest.TestCase):
    def test_every_kind_of_outcome(self):
        self.assertEqual(run("some_test.py", CASES), (1, "1 4"))

    def test_all_passed(self):
        only = CASES[: CASES.index("    def test_fails")]
        self.assertEqual(run("passing_test.py", only), (0, "1 0"))

    def test_file_that_does_not_load(self):
        self.assertEqual(run("broken_test.py", "import nothing_of_this_name"), (1, "0 1"))

    def test_nothing_to_run(self):
        self.assertEqual(run("other.py", CASES), (1, "0 0"))


if __name__ == "__main__":
    unittest.main()
