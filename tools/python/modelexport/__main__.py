"""`python -m modelexport`, and the console command `modelexport`: the program itself."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

from .program import program_path


def main() -> NoReturn:
    """Becomes the program, with the same arguments, signals and exit code."""
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by Python, and a new program would inherit that
        signal.signal(ignored, signal.SIG_DFL)
    try:
        path = program_path()
        os.execv(path, [str(path), *sys.argv[1:]])
    except OSError as error:
        print(f"modelexport: {error}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
