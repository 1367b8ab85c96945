"""README and the pages of docs/ say what the program does.

The commands of all blocks that begin with ```console are run in their order, those of one page in one
folder, and must print what the page shows, errors included. Digits of a line that begins with "time" may
differ. A command that fails is followed by `$ echo $?`. Each command of the program has a page
docs/commands/NAME.md, with its help.

    ./bazelw run //tests:docs_test -- --update    # writes what the program prints into the pages
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path("tools/modelexport").resolve()
PAGES = [pathlib.Path("README.md"), *sorted(pathlib.Path("docs").rglob("*.md"))]
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
END = "--- exit status of the command above: "


def environment(folder):
    """What commands see: the program by its name, a terminal's usual width, no colours."""
    return {"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": str(folder), "COLUMNS": "80", "LC_ALL": "C.UTF-8"}


def prepare(folder):
    (folder / "bin").mkdir()
    (folder / "bin/modelexport").symlink_to(PROGRAM)
    (folder / "testdata").symlink_to(pathlib.Path("testdata").resolve())


def commands(block):
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def run(block, folder):
    """The block with what its commands print now, and those that fail without `$ echo $?` after them."""
    script, shown, failed = "true\n", "", []
    for command in commands(block):
        script += f'{command}\nstatus=$?; echo "{END}$status"; (exit $status)\n'
    ran = subprocess.run(["bash", "-c", f"exec 2>&1\n{script}"], cwd=folder, env=environment(folder),
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=300, check=False)
    outputs = re.split(f"{END}([0-9]+)\n", ran.stdout)
    for index, command in enumerate(commands(block)):
        shown += f"$ {command}\n{outputs[2 * index]}"
        following = commands(block)[index + 1:index + 2]
        if outputs[2 * index + 1] != "0" and following != ["echo $?"]:
            failed.append(command)
    return shown, failed


def help_of(*command):
    return subprocess.run([PROGRAM, *command, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout


def command_names():
    names = re.findall(r"^  ([a-z]+) ", help_of(), re.MULTILINE)
    assert names
    return names


def without_times(text):
    return re.sub(r"^time .*$", lambda line: re.sub(r"[0-9.]+", "N", line[0]), text, flags=re.MULTILINE)


def renewed(page):
    """The text of the page with what its commands print now, and the commands that fail."""
    failed = []

    def renew(block):
        shown, block_failed = run(block[0], folder)
        failed.extend(block_failed)
        return block[0] if without_times(shown) == without_times(block[0]) else shown

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prepare(folder)
        return BLOCK.sub(renew, page.read_text()), failed


class DocsTest(unittest.TestCase):
    maxDiff = None

    def test_output_of_the_program_is_in_blocks_that_are_run(self):
        for page in PAGES:
            with self.subTest(page=str(page)):
                self.assertNotIn("$ modelexport", BLOCK.sub("", page.read_text()))

    def test_a_page_for_each_command(self):
        pages = [page for page in PAGES if page.parent.name == "commands"]
        self.assertEqual([page.stem for page in pages], sorted(command_names()))
        for page in pages:
            self.assertIn(f"$ modelexport {page.stem} --help\n", page.read_text())

    def test_help_needs_no_page(self):
        for command in ["", *command_names()]:
            self.assertNotIn("docs/", help_of(*command.split()))

    def test_examples_of_help_run(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            prepare(folder)
            for command in command_names():
                example = help_of(command).partition("\nexample:\n  ")[2]
                with self.subTest(command=command):
                    self.assertTrue(example.startswith(f"modelexport {command} "), example)
                    shown, failed = run(f"$ {example}", folder)
                    self.assertEqual(failed, [], shown)


def add_tests(page):
    name = re.sub(r"\W", "_", str(page.with_suffix("")).removeprefix("docs/"))

    def prints_what_is_shown(self):
        text, failed = renewed(page)
        self.assertEqual(failed, [])
        self.assertMultiLineEqual(page.read_text(), text)

    if BLOCK.search(page.read_text()):
        setattr(DocsTest, f"test_{name}_prints_what_is_shown", prints_what_is_shown)


for each in PAGES:
    add_tests(each)


def update():
    source = pathlib.Path(os.environ["BUILD_WORKSPACE_DIRECTORY"])
    for page in PAGES:
        text, failed = renewed(page)
        if text != page.read_text():
            (source / page).write_text(text)
            print(f"{page}: renewed")
        for command in failed:
            print(f"{page}: fails: {command}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        unittest.main()
