"""Builds and runs this workspace as its users would: the library and the rules of modelexport.

Bazel is called as bazelw, which brings what a fresh machine lacks.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BIN = HERE / ".bazel/bin"
TESTDATA = HERE / "../../testdata"


def run(*command, **options):
    """Runs it here; stdout and stderr are kept apart and as text."""
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, **options)


def bazel(*arguments):
    return run("../../bazelw", *arguments)


class ConsumerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        built = bazel("build", "//...")
        if built.returncode:
            raise RuntimeError(built.stderr)

    def assert_runs(self, *command):
        result = run(*map(str, command))
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def assert_fails(self, result, code, *messages):
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        for message in messages:
            self.assertIn(message, result.stdout + result.stderr)

    def test_library_programs(self):
        bert = TESTDATA / "bert_tiny"
        model = bert / "torchscript/model.onnx"
        with tempfile.TemporaryDirectory() as directory:
            tagged = os.path.join(directory, "tagged.onnx")
            out = self.assert_runs(BIN / "tag", model, bert / "hierarchy.json", tagged)
            self.assertEqual(out, "148 of 148 nodes tagged\n")
            wrong = run(BIN / "tag", model, TESTDATA / "naming_traps/hierarchy.json", tagged)
            self.assert_fails(wrong, 1, "not good enough: ", "does not describe this model")
            query = "/encoder/layer.0/attention/self/query/MatMul"
            out = self.assert_runs(BIN / "print_modules", tagged)
            self.assertEqual(len(out.splitlines()), 148)
            self.assertIn("#62 Add: encoder.layer.0.attention.self.query (node_name)\n", out)
            out = self.assert_runs(BIN / "list_nodes", tagged, query + "_output_0")
            self.assertEqual(out, "#62 Add\n")
            out = self.assert_runs(BIN / "same_but_for_tags", tagged, model)
            self.assertIn("0 errors", out)
        out = self.assert_runs(BIN / "ask_modules", model, "pooler.dense")
        self.assertIn("148 607690 \n", out)
        self.assertIn("84 396552 encoder.layer.0-1\n", out)
        self.assertEqual(out.splitlines()[-1], "#146 /pooler/dense/Gemm")
        out = self.assert_runs(BIN / "count_parameters", bert / "hierarchy.json")
        hierarchy = json.loads((bert / "hierarchy.json").read_text())
        self.assertIn(" pooler.dense\n", out)
        self.assertLess(len(out.splitlines()), len(hierarchy["modules"]))

    def test_programs_of_the_library_are_not_forced_to_be_static(self):
        self.assertIn("libstdc++", self.assert_runs("ldd", BIN / "tag"))

    def test_warnings_of_the_library_are_no_errors(self):
        actions = bazel("aquery", 'mnemonic("CppCompile", @modelexport//modelexport/ownership)')
        self.assertIn("-Wall", actions.stdout, actions.stderr)
        self.assertNotIn("-Werror", actions.stdout)

    def test_library_takes_our_version_of_a_dependency(self):
        path = bazel("query", "--output=build", "somepath(//:tag, @nlohmann_json//:json)")
        self.assertIn('tags = ["of_the_consumer"]', path.stdout, path.stderr)

    def test_rule_gives_model_and_report(self):
        report = json.loads((BIN / "bert.report.json").read_text())
        self.assertEqual(report["presets"], ["modelexport", "winml"])
        self.assertEqual(report["coverage"], 1)
        self.assertEqual(report["bytes_out"], (BIN / "bert/model.onnx").stat().st_size)
        self.assertEqual((report["validation"], report["findings"]), ("full", []))
        self.assertNotIn("seconds", report)

    def test_rule_brings_data_files(self):
        data = BIN / "models/traps/weights/all.bin"
        self.assertEqual(data.read_bytes(), (HERE / "models/weights/all.bin").read_bytes())

    def test_rule_brings_what_is_made_and_what_is_checked_in_together(self):
        made = BIN / "models/made/made.onnx"
        self.assertEqual(made.read_bytes(), (BIN / "models/traps/model.onnx").read_bytes())
        self.assertTrue((BIN / "models/made/weights/all.bin").is_file())

    def test_rule_fails_the_build(self):
        for target, message in {
            "undeclared_data": 'external data "weights/all.bin" is not among the declared data files',
            "unused_data": 'no tensor names the declared data file "make_external.py"',
            "data_elsewhere": "external_data: broken/BUILD does not lie below the folder of models/model.onnx",
            "wrong_hierarchy": "hierarchy does not describe this model",
        }.items():
            with self.subTest(target):
                self.assert_fails(bazel("build", f"//broken:{target}"), 1, message)

    def test_undeclared_data_fails_without_a_sandbox_too(self):
        result = bazel("build", "--spawn_strategy=local", "//broken:undeclared_data")
        self.assert_fails(result, 1, "is not among the declared data files")

    def test_stale_model_fails_and_says_how_to_renew_it(self):
        self.assert_fails(
            bazel("test", "//broken:stale_test"), 3, "bazel run //broken:stale_test.renew"
        )
        stale = HERE / "broken/stale.onnx"
        before = stale.read_bytes()
        try:
            renewed = bazel("run", "//broken:stale_test.renew")
            self.assertEqual(renewed.returncode, 0, renewed.stderr)
            self.assertEqual(bazel("test", "//broken:stale_test").returncode, 0)
        finally:
            stale.write_bytes(before)

    def test_renewing_writes_a_model_for_the_first_time(self):
        self.assertNotEqual(bazel("test", "//broken:new_test").returncode, 0)
        new = HERE / "broken/new"
        try:
            written = bazel("run", "//broken:new_test.renew")
            self.assertEqual(written.returncode, 0, written.stderr)
            self.assertEqual([file.name for file in new.iterdir()], ["it's.onnx"])
            self.assertEqual(bazel("test", "//broken:new_test").returncode, 0)
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def test_same_inputs_give_the_same_bytes(self):
        outputs = ["bert/model.onnx", "bert.report.json"]
        before = [(BIN / output).read_bytes() for output in outputs]
        for output in outputs:
            (BIN / output).unlink()
        again = bazel("build", "--disk_cache=", "//:bert")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertRegex(again.stderr, r"processes: .*sandbox")
        self.assertEqual([(BIN / output).read_bytes() for output in outputs], before)

    @unittest.skipUnless(
        shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        and os.environ.get("REMOTE_CACHE_TEST"),
        "needs nginx with WebDAV and minutes: REMOTE_CACHE_TEST=1 asks for it",
    )
    def test_remote_cache(self):
        out = self.assert_runs("./remote_cache.sh")
        self.assertRegex(out, r"TagOnnx: 2 of 2 from the remote cache")


if __name__ == "__main__":
    unittest.main()
