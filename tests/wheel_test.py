"""The wheel in a fresh virtual environment: no torch, no onnx, no packages at all, nothing on PATH.

usage: wheel_test.py WHEEL
"""

import base64
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

from tools.python import pack_wheel

WHEEL = pathlib.Path(sys.argv.pop(1)).resolve()
MODEL = pathlib.Path("testdata/bert_tiny/torchscript/model.onnx").resolve()
HIERARCHY = pathlib.Path("testdata/bert_tiny/hierarchy.json").resolve()
STATIC = "manylinux" in WHEEL.name


class ContentsTest(unittest.TestCase):
    def setUp(self):
        with zipfile.ZipFile(WHEEL) as archive:
            self.files = {info.filename: archive.read(info) for info in archive.infolist()}
            self.modes = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
        (self.info,) = {name.partition("/")[0] for name in self.files if ".dist-info/" in name}

    def test_record_has_every_file(self):
        rows = [row.rsplit(",", 2) for row in self.files[f"{self.info}/RECORD"].decode().splitlines()]
        self.assertEqual(sorted(name for name, _, _ in rows), sorted(self.files))
        for name, digest, size in rows[:-1]:
            content = self.files[name]
            expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            self.assertEqual((digest, size), (f"sha256={expected}", str(len(content))), name)

    def test_what_the_standard_names_and_no_more(self):
        names = {name.partition("/")[2] for name in self.files if name.startswith(self.info)}
        licenses = {"licenses/LICENSE", "licenses/THIRD_PARTY_NOTICES.txt"}
        self.assertEqual(names, {"METADATA", "RECORD", "WHEEL", "entry_points.txt"} | licenses)

    def test_licences_of_what_is_linked(self):
        notices = self.files[f"{self.info}/licenses/THIRD_PARTY_NOTICES.txt"].decode()
        titles = re.findall("^={79}\n(.*)$", notices, re.MULTILINE)
        linked = ["Abseil", "onnx", "protobuf", "nlohmann_json", "libstdc++ and libgcc", "glibc"]
        self.assertEqual(titles, linked)
        metadata = self.files[f"{self.info}/METADATA"].decode()
        self.assertIn("License-Expression: Apache-2.0\nLicense-File: LICENSE\nLicense-File: THIRD", metadata)

    def test_description_has_no_links_into_the_repository(self):
        description = self.files[f"{self.info}/METADATA"].decode().partition("\n\n")[2]
        self.assertIn("export_model(", description)
        self.assertNotRegex(description, r"\]\((?!https?:)")

    def test_only_the_program_can_be_executed(self):
        self.assertEqual([name for name, mode in self.modes.items() if mode & 0o111], ["modelexport/bin/modelexport"])

    def test_no_tests_and_the_mark_of_types(self):
        self.assertIn("modelexport/py.typed", self.files)
        self.assertFalse([name for name in self.files if name.endswith("_test.py")])

    def test_program_loads_nothing(self):
        # Without an interpreter the kernel starts it alone, whatever libraries the system has.
        _, interpreter = pack_wheel.read_elf(self.files["modelexport/bin/modelexport"])
        self.assertEqual(interpreter, not STATIC)

    def test_same_files_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            again = pathlib.Path(folder, "again.whl")
            names = sorted(self.files, reverse=True)
            pack_wheel.write_wheel(again, {name: (self.files[name], bool(self.modes[name] & 0o111)) for name in names})
            self.assertEqual(again.read_bytes(), WHEEL.read_bytes())


class PromisesTest(unittest.TestCase):
    def test_dynamic_program_is_for_this_linux_only(self):
        program = pathlib.Path("/bin/sh").read_bytes()
        machine, _ = pack_wheel.read_elf(program)
        pack_wheel.check_platform(f"linux_{machine}", program)
        with self.assertRaisesRegex(ValueError, "linked dynamically"):
            pack_wheel.check_platform(f"manylinux_2_17_{machine}", program)

    def test_other_processor(self):
        with self.assertRaisesRegex(ValueError, "linux_riscv64, but the program is for"):
            pack_wheel.check_platform("linux_riscv64", pathlib.Path("/bin/sh").read_bytes())

    def test_other_version(self):
        with self.assertRaisesRegex(ValueError, "version 1.1, but the program's is 1.0"):
            pack_wheel.check_version("1.1", 'inline constexpr char kVersion[] = "1.0";')


class InstalledTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        environment = cls.folder / "environment"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        cls.python = environment / "bin" / "python"
        cls.command = environment / "bin" / "modelexport"
        pip = [sys.executable, "-m", "pip", "--python", cls.python, "--disable-pip-version-check", "install"]
        settings = {**os.environ, "HOME": str(cls.folder), "PIP_CONFIG_FILE": os.devnull}
        subprocess.run([*pip, "--quiet", "--no-index", "--no-cache-dir", WHEEL], check=True, env=settings)

    def run_alone(self, *command, **environment):
        """In a folder without anything, with an empty PATH."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env={"PATH": "", **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def make_program(self, *lines):
        """A shell script, to stand for the program."""
        path = self.folder / "stand-in"
        path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
        path.chmod(0o755)
        return path

    def python_prints(self, script, *arguments, **environment):
        result = self.run_alone(self.python, "-c", script, *arguments, **environment)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_command_is_the_program(self):
        version = self.run_alone(self.command, "--version").stdout.split()
        self.assertEqual(version, ["modelexport", WHEEL.name.split("-")[1]])
        failed = self.run_alone(self.command, "tag", "absent.onnx", HIERARCHY, "out.onnx")
        self.assertEqual((failed.returncode, failed.stdout), (3, ""))
        self.assertIn("absent.onnx", failed.stderr)
        self.assertEqual(self.run_alone(self.python, "-m", "modelexport").returncode, 2)

    def test_command_ends_like_the_program_when_nobody_reads(self):
        for name in (self.command, self.folder / "environment/bin/python"):
            reader, writer = os.pipe()
            os.close(reader)
            arguments = [name, "help"] if name == self.command else [name, "-m", "modelexport", "help"]
            status = subprocess.run(arguments, stdout=writer, stderr=subprocess.DEVNULL, check=False).returncode
            os.close(writer)
            self.assertEqual(status, -signal.SIGPIPE)

    def test_another_program(self):
        script = (
            "import modelexport as m\n"
            "try: m.tag('m.onnx', 'h.json', 'o.onnx')\n"
            "except (OSError, m.ModelExportError) as error: print(type(error).__name__, error)\n"
        )
        for name, error, word in (
            ("/no/program", "FileNotFoundError", "MODELEXPORT_PROGRAM"),
            (os.fspath(self.folder), "FileNotFoundError", "MODELEXPORT_PROGRAM"),
            (os.fspath(self.make_program("exit 0")), "ModelExportError", "stand-in wrote no report"),
        ):
            printed = self.python_prints(script, MODELEXPORT_PROGRAM=name)
            self.assertTrue(printed.startswith(error) and word in printed, printed)
        command = self.run_alone(self.command, "help", MODELEXPORT_PROGRAM="/no/program")
        self.assertEqual((command.returncode, command.stderr.count("\n")), (3, 1))
        self.assertIn("MODELEXPORT_PROGRAM is /no/program", command.stderr)

    def test_interrupt_lets_the_program_clean_up(self):
        # Only Python gets it, as from a notebook's stop button.
        temporary = self.folder / "temporary"
        # A second later, when Python surely waits for it.
        lines = (f"trap 'rm {temporary}; exit' TERM", "sleep 1", f": > {temporary}", "while :; do sleep 0.1; done")
        script = "import modelexport; modelexport.tag('m.onnx', 'h.json', 'o.onnx')"
        environment = {**os.environ, "MODELEXPORT_PROGRAM": os.fspath(self.make_program(*lines))}
        with subprocess.Popen([self.python, "-c", script], env=environment, stderr=subprocess.PIPE) as process:
            while not temporary.exists():
                self.assertIsNone(process.poll())
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            self.assertIn(b"KeyboardInterrupt", process.communicate(timeout=60)[1])
        self.assertFalse(temporary.exists())

    def test_four_lines(self):
        script = (
            "import sys, modelexport\n"
            "result = modelexport.tag(sys.argv[1], sys.argv[2], 'out.onnx')\n"
            "nodes = {node.name: node for node in modelexport.read_tags(result.model)}\n"
            "print(result.coverage, dict(result.evidence), nodes['/encoder/layer.0/attention/self/MatMul'].module)\n"
        )
        printed = self.python_prints(script, MODEL, HIERARCHY)
        self.assertEqual(printed, "1.0 {'node_name': 148} encoder.layer.0.attention.self\n")

    def test_validate_explain_strip(self):
        script = (
            "import pathlib, sys, modelexport as m\n"
            "model, hierarchy = sys.argv[1:]\n"
            "m.tag(model, hierarchy, 't.onnx')\n"
            "good, bad = m.validate('t.onnx', original=model, level='full'), m.validate(model, hierarchy=hierarchy)\n"
            "print(good.ok, good.nodes, good.evidence, good.findings)\n"
            "print(bad.ok, bad.errors, bad.counts, bad.findings[0].place)\n"
            "print(m.explain(model, hierarchy, '#62', strategy='name_scope').splitlines()[0])\n"
            "print(pathlib.Path(model).read_bytes() == m.strip('t.onnx', 's.onnx').read_bytes())\n"
            "try: m.validate('absent.onnx')\n"
            "except m.ModelExportError as error: print(error.exit_code, error)\n"
            "try: m.explain(model, hierarchy, '62')\n"
            "except m.ModelExportError as error: print(str(error).rpartition(': ')[2])\n"
            "print(m.__version__)\n"
        )
        printed = self.python_prints(script, MODEL, HIERARCHY).splitlines()
        self.assertEqual(
            printed,
            [
                "True 148 {'node_name': 148} ()",
                "False 1 {'model.untagged': 1} model",
                'node        #62 Add "/encoder/layer.0/attention/self/query/Add"',
                "True",
                "3 modelexport validate: absent.onnx: cannot open: No such file or directory",
                "\"62\" means no node; did you mean '#62'?",
                WHEEL.name.split("-")[1],
            ],
        )

    def test_torch_is_asked_for_only_where_it_is_needed(self):
        script = (
            "import sys, modelexport\n"
            "print({'torch', 'onnx', 'numpy', 'pandas'} & set(sys.modules))\n"
            "from modelexport import *\n"
            "try: export_model(None, (), 'model.onnx')\n"
            "except ModuleNotFoundError as error: print(error, error.name)\n"
        )
        printed = "set()\nmodelexport.export_model needs torch, which is not installed torch\n"
        self.assertEqual(self.python_prints(script), printed)

    def test_without_torch_every_name_can_be_looked_at(self):
        script = (
            "import inspect, modelexport, pydoc, warnings\n"
            "from unittest import mock\n"
            "assert set(modelexport.__all__) <= dict(inspect.getmembers(modelexport)).keys()\n"
            "pydoc.render_doc(modelexport), mock.create_autospec(modelexport)\n"
            "warnings.simplefilter('error', modelexport.HierarchyWarning)\n"
            "print(hasattr(modelexport, 'export_model'), hasattr(modelexport, 'no_such_name'))\n"
        )
        self.assertEqual(self.python_prints(script), "True False\n")

    def test_errors(self):
        script = (
            "import json, sys, modelexport as m\n"
            "def code(call, *arguments, **flags):\n"
            "    try: call(*arguments, **flags)\n"
            "    except m.ModelExportError as error:\n"
            "        return error.exit_code, error.message, error.report and error.report['coverage']\n"
            "model, hierarchy = sys.argv[1:]\n"
            "print(json.dumps([\n"
            "    code(m.tag, 'absent.onnx', hierarchy, 'o.onnx'),\n"
            "    code(m.tag, model, hierarchy, 'no/folder/o.onnx'),\n"
            "    code(m.tag, model, hierarchy, 'o.onnx', strategy='guess'),\n"
            "    code(m.tag, model, hierarchy, 'o.onnx', strategy='usage', min_coverage=0.999),\n"
            "    code(m.read_tags, hierarchy)]))\n"
        )
        results = json.loads(self.python_prints(script, MODEL, HIERARCHY))
        self.assertEqual([code for code, _, _ in results], [3, 4, 2, 1, 3])
        for (_, message, _), word in zip(results, ("absent.onnx", "no/folder", "guess", "coverage", "byte")):
            self.assertIn(word, message)
        coverage = results[3][2]
        self.assertTrue(0 < coverage < 0.999, coverage)
        self.assertFalse((self.folder / "o.onnx").exists())

    def test_flags(self):
        script = (
            "import sys, modelexport as m\n"
            "model, hierarchy = sys.argv[1:]\n"
            "r = m.tag(model, hierarchy, '-out.onnx', keys=['modelexport', 'winml'], embed_hierarchy=False,\n"
            "          nn_modules='show', report='kept.json', trace=None)\n"
            "node = m.read_tags(r.model)[62]\n"
            "print(node.place, node.tag, node.metadata['winml.hierarchy.depth'], r.report['presets'])\n"
            "again = m.tag(m.tag(model, hierarchy, 'a.onnx').model, 'embedded', 'b.onnx')\n"
            "print(r.hierarchy.name, again.hierarchy)\n"
        )
        printed = self.python_prints(script, MODEL, HIERARCHY).splitlines()
        place, tag, depth, presets = printed[0].split(" ", 3)
        self.assertEqual((place, tag.rpartition("/")[2], depth), ("#62", "Linear.query", "6"))
        self.assertEqual(presets, "['modelexport', 'winml']")
        self.assertEqual(printed[1], "hierarchy.json None")
        self.assertEqual(json.loads((self.folder / "kept.json").read_text())["nodes"], 148)

    def test_flags_of_a_wrong_type(self):
        script = (
            "import modelexport as m\n"
            "for flags in ({'help': True}, {'min_covrage': None}, {'trace': True}, {'report': 1},\n"
            "              {'keys': {'winml'}}, {'force': 'no'}, {'min_coverage': '1'}):\n"
            "    try: m.tag('m.onnx', 'h.json', 'o.onnx', **flags)\n"
            "    except TypeError as error: print(*flags, str(error).count(*flags))\n"
            "try: m.tag('m.onnx', 'h.json', 'o.onnx', keys=[1])\n"
            "except m.ModelExportError as error: print('keys', error.exit_code)\n"
        )
        names = ["help 1", "min_covrage 1", "trace 1", "report 1", "keys 1", "force 1", "min_coverage 1", "keys 2"]
        self.assertEqual(self.python_prints(script).splitlines(), names)

    def test_all_flags_are_those_of_the_command(self):
        usage = self.run_alone(self.command, "help", "tag").stdout
        printed = self.python_prints("import modelexport; print(*modelexport.TagFlags.__annotations__)")
        flags = set(re.findall(r"^ +--(\w+)", usage, re.MULTILINE))
        self.assertEqual(flags - {"help"}, {*printed.split(), "quiet"})

    def test_names(self):
        script = (
            "import sys, modelexport as m\n"
            "result = m.tag(sys.argv[1], 'names', 'n.onnx')\n"
            "node = m.read_tags(result.model)[62]\n"
            "print(result.hierarchy, node.module, node.tag)\n"
        )
        path = "encoder.layer.0.attention.self.query"
        self.assertEqual(
            self.python_prints(script, MODEL),
            f"None {path} /model/encoder/layer.0/attention/self/query\n",
        )

    def test_only_a_string_is_the_word_embedded(self):
        script = (
            "import pathlib, shutil, sys, modelexport as m\n"
            "shutil.copy(sys.argv[2], 'embedded')\n"
            "print(m.tag(sys.argv[1], pathlib.Path('embedded'), 'p.onnx').hierarchy)\n"
        )
        self.assertEqual(self.python_prints(script, MODEL, HIERARCHY), "embedded\n")

    def test_places_are_those_of_explain(self):
        for model in ("script_traps", "bert_tiny"):
            source = pathlib.Path(f"testdata/{model}/torchscript/model.onnx").resolve()
            hierarchy = source.parent.parent / "hierarchy.json"
            script = (
                "import sys, modelexport\n"
                "for node in modelexport.read_tags(sys.argv[1]): print(node.place, node.op_type)\n"
            )
            nodes = [line.split(" ") for line in self.python_prints(script, source).splitlines()]
            deepest = max(nodes, key=lambda node: node[0].count("/"))
            for place, op_type in (nodes[3], nodes[-1], deepest):
                explained = self.run_alone(self.command, "explain", source, hierarchy, place)
                self.assertRegex(explained.stdout, f"^node +{place} {op_type} ")
            if model == "script_traps":
                self.assertGreater(deepest[0].count("/"), 1)  # an If in a Loop


if __name__ == "__main__":
    unittest.main()
