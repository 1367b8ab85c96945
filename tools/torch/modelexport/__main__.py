"""`python -m modelexport`, and the console command `modelexport`: the program itself."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from .program import program_path


def main() -> NoReturn:
    """Becomes the program, with the same arguments, signals and exit code."""
    path = program_path()
    os.execv(path, [str(path), *sys.argv[1:]])


if __name__ == "__main__":
    main()
