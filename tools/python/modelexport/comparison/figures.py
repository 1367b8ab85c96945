"""How far two arrays are apart."""

from __future__ import annotations

import dataclasses
import math

import numpy
from numpy.typing import NDArray

FLOAT16_MOST = 65504.0
_BLOCK = 1 << 20  # elements that are converted at once

Array = NDArray[numpy.generic]


@dataclasses.dataclass(frozen=True)
class Figures:
    """The error of an array against a reference of the same shape. None where it has no value."""

    max_abs: float
    """The largest difference; infinite where exactly one of two elements is not finite."""
    mean_abs: float
    relative: float | None
    """`max_abs` by the largest finite absolute value of the reference; None if that is 0 and the error is not."""
    cosine: float | None
    snr_db: float | None
    """10 log10 of the reference's power by the error's; None without an error."""
    reference_largest: float
    """The largest absolute value of the reference, and in `largest` of both, of their finite elements."""
    largest: float
    not_finite: int
    """Elements of the array that are NaN or infinite, and of the reference in `reference_not_finite`."""
    reference_not_finite: int

    @property
    def headroom(self) -> float | None:
        """How often `largest` fits into float16's largest number: below 1 it overflows there."""
        return FLOAT16_MOST / self.largest if self.largest else None


@dataclasses.dataclass
class _Sums:
    count: int = 0
    max_abs: float = 0.0
    sum_abs: float = 0.0
    errors: float = 0.0
    squares: float = 0.0
    reference_squares: float = 0.0
    products: float = 0.0
    reference_most: float = 0.0
    most: float = 0.0
    not_finite: int = 0
    reference_not_finite: int = 0

    def add(self, array: Array, reference: Array) -> None:
        a, b = (_as_double(each) for each in (array, reference))
        fine_a, fine_b = numpy.isfinite(a), numpy.isfinite(b)
        self.not_finite += int((~fine_a).sum())
        self.reference_not_finite += int((~fine_b).sum())
        # Both NaN, or the same infinity, is no difference.
        alike = (numpy.isnan(a) & numpy.isnan(b)) | (~fine_a & ~fine_b & (a == b))
        if not bool(numpy.all((fine_a & fine_b) | alike)):
            self.max_abs = math.inf
        a, b = a[fine_a & fine_b], b[fine_a & fine_b]
        self.count += a.size
        if not a.size:
            return
        difference = numpy.abs(a - b)
        self.max_abs = max(self.max_abs, float(difference.max()))
        self.sum_abs += float(difference.sum())
        self.errors += float(difference @ difference)
        self.squares += float(a @ a)
        self.reference_squares += float(b @ b)
        self.products += float(a @ b)
        self.most = max(self.most, float(numpy.abs(a).max()))
        self.reference_most = max(self.reference_most, float(numpy.abs(b).max()))


def figures_of(array: Array, reference: Array) -> Figures:
    """Of two arrays of the same shape, in double precision, a part of them at a time."""
    sums = _Sums()
    flat, flat_reference = array.reshape(-1), reference.reshape(-1)
    for begin in range(0, flat.size, _BLOCK):
        sums.add(flat[begin : begin + _BLOCK], flat_reference[begin : begin + _BLOCK])
    return Figures(
        max_abs=sums.max_abs,
        mean_abs=sums.sum_abs / sums.count if sums.count else 0.0,
        relative=_ratio(sums.max_abs, sums.reference_most),
        cosine=_cosine(sums),
        snr_db=10 * math.log10(sums.reference_squares / sums.errors)
        if sums.errors and sums.reference_squares
        else None,
        reference_largest=sums.reference_most,
        largest=max(sums.most, sums.reference_most),
        not_finite=sums.not_finite,
        reference_not_finite=sums.reference_not_finite,
    )


def _as_double(array: Array) -> NDArray[numpy.float64]:
    return array.astype(numpy.float64)


def _ratio(error: float, most: float) -> float | None:
    if not error:
        return 0.0
    return error / most if most else None


def _cosine(sums: _Sums) -> float | None:
    norms = math.sqrt(sums.squares) * math.sqrt(sums.reference_squares)
    return max(-1.0, min(1.0, sums.products / norms)) if norms else None
