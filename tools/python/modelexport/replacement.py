"""What a file that is written may replace, as docs/commands/tag.md has it for OUT."""

from __future__ import annotations

import contextlib
import errno
import os
import pathlib
import shutil
import tempfile


def refuse_other_than_files(name: pathlib.Path) -> None:
    """Raises OSError if there is something at `name` that a file must not replace: a folder, a device, a FIFO or a
    socket, or a link to one of the latter three. A link to a file, to a folder or to nothing is replaced itself."""
    if name.is_dir() and not name.is_symlink():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(name))
    if name.exists() and not name.is_file() and not name.is_dir():
        raise OSError(errno.EINVAL, "is neither a regular file nor a link to one", str(name))


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Writes `text` to `path`. A file appears whole or not at all: after an exception what was there is as before. A link
    to a file stays, and what is no file, such as a device, is written to as it is."""
    name = pathlib.Path(path).resolve()
    if name.exists() and not name.is_file():
        name.write_text(text, encoding="utf-8", newline="\n")
        return
    with tempfile.TemporaryDirectory(prefix=".modelexport-", dir=name.parent) as folder:
        written = pathlib.Path(folder, name.name)
        written.write_text(text, encoding="utf-8", newline="\n")
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(name, written)
        os.replace(written, name)
