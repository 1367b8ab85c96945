"""What `profile` found, for people and for tools."""

from __future__ import annotations

import dataclasses
import html
import os
import pathlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

_SHOWN_ROWS = 200  # In a notebook.


@dataclasses.dataclass(frozen=True)
class ProfileRow:
    """One module. Times are microseconds of a run: the mean of the kept ones."""

    module: str | None
    """The path, "" for the root; None for what nothing attributes to a module."""
    module_class: str | None
    own_us: float
    """Kernels of the module itself, and, in `total_us`, of the modules below it too."""
    total_us: float
    share: float | None
    """Of `total_us` in the time of all kernels."""
    kernels: float
    """How many a run has."""
    shared_us: float = 0
    """What of `own_us` is of nodes that do the work of other modules too."""


@dataclasses.dataclass(frozen=True)
class Profile:
    """Modules by their time, the greatest among those of one parent first; a parent comes before its children."""

    rows: tuple[ProfileRow, ...]
    attributed: float | None
    """The share of the kernel time that is attributed to modules."""
    kernel_us: float
    """All kernels of a run."""
    outside_us: float | None
    """Time of a run without a kernel; None where kernels run beside each other."""
    runs: int
    """The kept ones: without the warm-up, between the quartiles. `runs_seen` are all."""
    runs_seen: int
    notes: tuple[str, ...]
    """What the user should know of how this was measured."""
    _texts: Mapping[str, str] = dataclasses.field(repr=False, compare=False)

    def table(self) -> str:
        """The table as text, 80 characters wide."""
        return self._texts["text"]

    def frame(self) -> pandas.DataFrame:
        """The rows; needs pandas."""
        import pandas

        return pandas.DataFrame([dataclasses.asdict(row) for row in self.rows], columns=_columns())

    def folded(self, path: str | os.PathLike[str]) -> pathlib.Path:
        """Writes collapsed stacks, for speedscope and flamegraph.pl."""
        return self._write("folded", path)

    def trace(self, path: str | os.PathLike[str]) -> pathlib.Path:
        """Writes Chrome trace events, for Perfetto: modules are spans around their kernels."""
        return self._write("trace", path)

    def _write(self, form: str, path: str | os.PathLike[str]) -> pathlib.Path:
        pathlib.Path(path).write_text(self._texts[form], encoding="utf-8")
        return pathlib.Path(path)

    def __str__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("module", "class", "own us", "total us", "share", "kernels"))
        lines = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in _cells(row))}</tr>" for row in self.rows[:_SHOWN_ROWS]]
        if len(self.rows) > _SHOWN_ROWS:
            lines.append(f"<tr><td>{len(self.rows) - _SHOWN_ROWS} more</td></tr>")
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _columns() -> list[str]:
    return [field.name for field in dataclasses.fields(ProfileRow)]


def _cells(row: ProfileRow) -> tuple[str, ...]:
    name = {None: "(not attributed)", "": "(root)"}.get(row.module, row.module)
    share = "?" if row.share is None else f"{100 * row.share:.1f}%"
    module_class = (row.module_class or "?").rpartition(".")[2]
    texts = (str(name), module_class, f"{row.own_us:.1f}", f"{row.total_us:.1f}", share, f"{row.kernels:g}")
    return tuple(html.escape(text) for text in texts)
