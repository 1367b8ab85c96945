import os
import pathlib
import tempfile
import unittest

from tools.lint import clang_tidy


class GroupsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        for cached in (clang_tidy.read, clang_tidy.defined, clang_tidy.included, clang_tidy.mentioned):
            cached.cache_clear()
        clang_tidy.includes_onnx.cache_clear()

    def groups(self, **sources):
        for name, source in sources.items():
            pathlib.Path(name.replace("_h", ".h") if name.endswith("_h") else f"{name}.cc").write_text(source)
        paths = sorted(path.name for path in pathlib.Path(".").glob("*.cc"))
        return [" ".join(group) for group in clang_tidy.grouped(paths)]

    def test_files_that_have_nothing_in_common(self):
        self.assertEqual(self.groups(a="int A() { return 1; }\n", b="class B {};\n"), ["a.cc b.cc"])

    def test_one_name_twice(self):
        for source in (
            "constexpr size_t kMost = 1;\n",
            "int Read(int n) {\n",
            "struct Row {\n",
            "using Rows = int;\n",
            "const char* const kNames[] = {\n",
            "enum : int { kFirst, kSecond = 7 };\n",
            "#define ROW 1\n",
        ):
            with self.subTest(source):
                self.assertEqual(self.groups(a=source, b=source, c="int C;\n"), ["a.cc c.cc", "b.cc"])

    def test_a_name_of_anothers_header(self):
        """What `a` calls Rows is one thing; with the header of `b` there would be two."""
        header = "class Rows;\n"
        a = "class Rows {};\n"
        self.assertEqual(self.groups(rows_h=header, a=a, b='#include "rows.h"\n'), ["a.cc", "b.cc"])

    def test_a_header_that_both_include(self):
        source = '#include "rows.h"\n'
        self.assertEqual(self.groups(rows_h="class Rows;\n", a=source, b=source), ["a.cc b.cc"])

    def test_using_a_namespace(self):
        self.assertEqual(self.groups(a="using namespace x;\n", b="int B;\n"), ["a.cc", "b.cc"])

    def test_onnx(self):
        onnx = '#include "onnx/onnx_pb.h"\n'
        self.assertEqual(self.groups(a=onnx, b="int B;\n", c=onnx), ["a.cc c.cc", "b.cc"])

    def test_no_more_than_a_dozen(self):
        sources = {f"s{n:02}": f"int F{n};\n" for n in range(clang_tidy.MOST + 1)}
        self.assertEqual([len(group.split()) for group in self.groups(**sources)], [clang_tidy.MOST, 1])


if __name__ == "__main__":
    unittest.main()
