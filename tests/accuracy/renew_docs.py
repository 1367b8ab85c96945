#!/usr/bin/env python3
"""Renews the tables of docs/accuracy.md: does what each command there says which is indented and begins with `python
tests/accuracy/score.py`, and puts its output between the two lines `<!-- table -->` and `<!-- end -->` below it.
Further arguments, as --corpus DIRECTORY, are added to each command.
"""

from __future__ import annotations

import pathlib
import re
import shlex
import sys

import score

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "accuracy.md"
TABLE = re.compile(r"(\n    python (tests/accuracy/score\.py [^\n]*)\n\n<!-- table -->\n).*?(<!-- end -->)", re.S)


def renewed(match: re.Match[str]) -> str:
    _, *command = shlex.split(match[2])
    return f"{match[1]}{score.run([*command, *sys.argv[1:]])}\n{match[3]}"


def main() -> None:
    old = PAGE.read_text(encoding="utf-8")
    page, count = TABLE.subn(renewed, old)
    if not count or {count} != {old.count(line) for line in ("<!-- table -->", "<!-- end -->")}:
        raise SystemExit(f"{PAGE}: each table needs a command, `<!-- table -->` before it and `<!-- end -->` behind it")
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
