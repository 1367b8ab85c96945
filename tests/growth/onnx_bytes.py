"""Writes ONNX models as protobuf bytes, with no package but Python's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def message(field: int, content: bytes | str) -> bytes:
    encoded = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(encoded)) + encoded


def _messages(field: int, contents: Iterable[bytes | str]) -> bytes:
    return b"".join(message(field, content) for content in contents)


def metadata(field: int, entries: dict[str, str]) -> bytes:
    return _messages(field, (message(1, key) + message(2, value) for key, value in entries.items()))


def node(
    operator: str,
    inputs: Sequence[str],
    output: str,
    name: str = "",
    domain: str = "",
    tags: dict[str, str] | None = None,
) -> bytes:
    return (
        _messages(1, inputs)
        + message(2, output)
        + message(3, name)
        + message(4, operator)
        + message(7, domain)
        + metadata(9, tags or {})
    )


def scoped(operator: str, inputs: Sequence[str], scope: str) -> bytes:
    """A node as the TorchScript exporter names it: /SCOPE/OPERATOR, its output after it."""
    name = f"/{scope}/{operator}"
    return node(operator, inputs, name + "_output_0", name)


def float_tensor(name: str, shape: Sequence[int], content: bytes) -> bytes:
    return b"".join(number(1, size) for size in shape) + number(2, 1) + message(8, name) + message(9, content)


def floats(name: str, shape: Sequence[int]) -> bytes:
    """A value of that type."""
    dims = _messages(1, (number(1, size) for size in shape))
    return message(1, name) + message(2, message(1, number(1, 1) + message(2, dims)))


def function(name: str, parameter: str, result: str, nodes: Iterable[bytes]) -> bytes:
    """A function of the domain "local"."""
    return message(1, name) + message(4, parameter) + message(5, result) + _messages(7, nodes) + message(10, "local")


def model(
    nodes: Iterable[bytes],
    initializers: Iterable[bytes] = (),
    functions: Iterable[bytes] = (),
    entries: dict[str, str] | None = None,
    inputs: Iterable[bytes] = (message(1, "x"),),
    outputs: Iterable[bytes] = (),
    values: Iterable[bytes] = (),
) -> bytes:
    """A model, of which inputs, outputs and values are ValueInfoProtos."""
    graph = _messages(1, nodes) + message(2, "g") + _messages(5, initializers)
    graph += _messages(11, inputs) + _messages(12, outputs) + _messages(13, values)
    opset = message(1, "") + number(2, 18)
    return (
        number(1, 10) + message(7, graph) + message(8, opset) + metadata(14, entries or {}) + _messages(25, functions)
    )
