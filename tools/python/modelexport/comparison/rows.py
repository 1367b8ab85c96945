"""What compare_outputs returns."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

    from .figures import Figures


@dataclasses.dataclass(frozen=True)
class ComparedOutput:
    """One tensor that a call of a module gives out, compared with the value of the ONNX file that is to be the same.

    Figures are None where nothing was compared; `why` says why not.
    """

    module: str
    """The path, "" for the root."""
    module_class: str | None
    call: int
    """Which call of the module, from 0."""
    output: int | None
    """Which of the tensors that the call gives out, from 0; None if the row speaks for the whole call."""
    value: str | None
    """The name of the value in the ONNX file."""
    shape: tuple[int, ...] | None
    max_abs: float | None = None
    mean_abs: float | None = None
    relative: float | None = None
    """`max_abs` by the largest absolute value of the reference."""
    cosine: float | None = None
    snr_db: float | None = None
    """The reference's power by the error's, in decibels; None also if there is no error."""
    not_finite: int | None = None
    """Elements of the ONNX value that are NaN or infinite, and of the reference in `reference_not_finite`."""
    reference_not_finite: int | None = None
    headroom: float | None = None
    """How often the largest absolute value fits into float16's largest number, 65504."""
    beyond: bool = False
    """Whether the error is beyond the tolerance."""
    local: float | None = None
    """`relative` of the call run alone on the reference's own inputs; None if that was not done."""
    origin: str | None = None
    """"local" if the call alone is beyond the tolerance too, "inherited" if it is not; None if it was not run alone."""
    why: str | None = None
    """Why nothing was compared, or why the call was not run alone."""

    @property
    def compared(self) -> bool:
        return self.max_abs is not None

    @property
    def name(self) -> str:
        path = self.module or "."
        return f"{path}, call {self.call}" if self.call else path

    def with_figures(self, figures: Figures, beyond: bool) -> ComparedOutput:
        return dataclasses.replace(
            self,
            max_abs=figures.max_abs,
            mean_abs=figures.mean_abs,
            relative=figures.relative,
            cosine=figures.cosine,
            snr_db=figures.snr_db,
            not_finite=figures.not_finite,
            reference_not_finite=figures.reference_not_finite,
            headroom=figures.headroom,
            beyond=beyond,
        )


@dataclasses.dataclass(frozen=True)
class OutputComparison:
    """The outputs of all calls, in the order in which the calls end: a call comes after those that it makes."""

    model: str
    """The ONNX file."""
    reference: str
    """What it was compared with: the class of the PyTorch model, or another ONNX file."""
    hierarchy: str
    """Where the modules of the ONNX file come from."""
    tolerance: float
    atol: float
    rows: tuple[ComparedOutput, ...]

    @property
    def first(self) -> ComparedOutput | None:
        """The first output beyond the tolerance."""
        return next((row for row in self.rows if row.beyond), None)

    @property
    def ok(self) -> bool:
        """Whether something was compared and nothing is beyond the tolerance."""
        return self.first is None and any(row.compared for row in self.rows)

    def __str__(self) -> str:
        return f"{self.summary()}\n{self.table()}"

    def summary(self) -> str:
        """Two lines: the first output beyond the tolerance, and how much was compared."""
        calls = {(row.module, row.call) for row in self.rows}
        compared = {(row.module, row.call) for row in self.rows if row.compared}
        beyond = {(row.module, row.call) for row in self.rows if row.beyond}
        return (
            f"{self._first_line()}\n{len(compared)} of {len(calls)} module calls compared with {self.reference},"
            f" {len(beyond)} beyond {self.tolerance:g} of the largest value + {self.atol:g}"
        )

    def _first_line(self) -> str:
        row = self.first
        if row is None:
            nothing = "nothing beyond tolerance" if self.ok else "nothing was compared"
            return nothing
        kind = f" ({row.module_class.rpartition('.')[2]})" if row.module_class else ""
        origin = {None: "", "local": ", made there", "inherited": ", inherited"}[row.origin]
        return f"first beyond tolerance: {row.name}{kind}: relative error {_text(row.relative)}{origin}; value {row.value}"

    def table(self, *, everything: bool = False) -> str:
        """The rows that were compared, or all of them. `!` marks those beyond the tolerance."""
        titles = ["", "module", "relative", "max abs", "mean abs", "cosine", "SNR dB", "fp16 room", "alone", ""]
        lines = [titles]
        for row in self.rows:
            if not row.compared:
                if everything:
                    lines.append(["", _named(row), *[""] * 7, row.why or ""])
                continue
            lines.append(
                [
                    "!" if row.beyond else "",
                    _named(row),
                    _text(row.relative),
                    _text(row.max_abs),
                    _text(row.mean_abs),
                    "" if row.cosine is None else f"{row.cosine:.6f}",
                    "" if row.snr_db is None else f"{row.snr_db:.1f}",
                    _text(row.headroom),
                    _text(row.local) if row.local is not None else "",
                    row.origin or (row.why or ""),
                ]
            )
        widths = [max(len(line[column]) for line in lines) for column in range(len(titles))]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if column in (0, 1, 9) else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths))
            ).rstrip()
            for line in lines
        )

    def json(self) -> str:
        """All of it as a JSON object; what is infinite or not a number is a string, what is unknown null."""
        members = {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "rows"}
        rows = [{name: _jsonable(value) for name, value in vars(row).items()} for row in self.rows]
        first = self.first
        position = None if first is None else self.rows.index(first)
        return json.dumps({**members, "ok": self.ok, "first": position, "rows": rows}, indent=2) + "\n"

    def frame(self) -> pandas.DataFrame:
        """The rows as a pandas.DataFrame."""
        import pandas

        names = [field.name for field in dataclasses.fields(ComparedOutput)]
        table = pandas.DataFrame([[getattr(row, name) for name in names] for row in self.rows], columns=names)
        # With gaps pandas would make integers floats.
        return table.astype(dict.fromkeys(("output", "not_finite", "reference_not_finite"), "Int64"))


def _named(row: ComparedOutput) -> str:
    return f"{row.name} [{row.output}]" if row.output else row.name


def _text(number: float | None) -> str:
    return "?" if number is None else f"{number:.3g}"


def _jsonable(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
