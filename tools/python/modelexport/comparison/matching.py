"""Which tensor of the source model a value of the ONNX model is to be, by structure alone.

Values are never matched by what they are: an error would hide itself.
"""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Mapping, Sequence

Signature = tuple[tuple[int, ...], str]  # The shape, and the kind of element: "f", "i", "b" or "c".


def kind_of(dtype: str) -> str:
    """Of the name of a dtype, of numpy or torch. Precisions of one kind may differ between the models."""
    name = dtype.removeprefix("torch.")
    if name.startswith("bool"):
        return "b"
    if name.startswith("complex"):
        return "c"
    return "f" if "float" in name else "i"


@dataclasses.dataclass(frozen=True)
class Matching:
    """Pairs of positions, of a tensor and of a value, and why each other tensor has none."""

    pairs: tuple[tuple[int, int], ...]
    without: Mapping[int, str]


def match(tensors: Sequence[Signature], values: Sequence[Signature], feeds: Sequence[Sequence[int]]) -> Matching:
    """`tensors` are those that a call of the source model gives out, each once, `values` those of the ONNX call.

    `feeds` has for each value the positions of the values that the call computes from it. Where more values than tensors
    have a signature, those that others of them are computed from are steps on the way. What is left must be as many as
    the tensors: they are paired in order.
    """
    by_signature: dict[Signature, list[int]] = collections.defaultdict(list)
    for position, signature in enumerate(values):
        by_signature[signature].append(position)
    wanted: dict[Signature, list[int]] = collections.defaultdict(list)
    for position, signature in enumerate(tensors):
        wanted[signature].append(position)
    pairs: list[tuple[int, int]] = []
    without: dict[int, str] = {}
    for signature, positions in wanted.items():
        found = by_signature.get(signature, [])
        if len(found) > len(positions):
            found = _last_steps(found, feeds)
        if len(found) == len(positions):
            pairs += zip(positions, found)
        else:
            reason = _reason(signature, len(found), len(positions), values)
            without |= dict.fromkeys(positions, reason)
    return Matching(tuple(sorted(pairs)), without)


def _last_steps(values: Sequence[int], feeds: Sequence[Sequence[int]]) -> list[int]:
    return [value for value in values if not set(feeds[value]).intersection(values)]


def _reason(signature: Signature, found: int, wanted: int, values: Sequence[Signature]) -> str:
    if found:
        return f"ambiguous: {found} values for {wanted} tensors of this shape"
    shapes = sorted({shape for shape, kind in values if kind == signature[1]})
    if not shapes:
        return "no value of this kind leaves the call: it is used nowhere else, or has become part of another node"
    return f"no value of this shape leaves the call, only {', '.join(str(list(shape)) for shape in shapes[:3])}"
