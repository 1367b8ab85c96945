"""The fields of a protobuf message, as they stand in a file."""

from __future__ import annotations

from collections.abc import Iterator

VARINT, FIXED64, LENGTH, START_GROUP, END_GROUP, FIXED32 = range(6)


class MalformedError(ValueError):
    """Not a protobuf message; the text says at which byte of the file."""


class Message:
    """A message: bytes [begin, end) of a file. Only what is asked for is read, so a file may be mapped and huge."""

    def __init__(self, data: memoryview, begin: int, end: int) -> None:
        self._data, self._begin, self._end = data, begin, end

    def fields(self) -> Iterator[tuple[int, Message]]:
        """(number, content) of each field that has a length, in order; the others and groups are passed over."""
        data, at, end = self._data, self._begin, self._end
        groups: list[int] = []  # Numbers of those that are open.
        while at < end:
            start = at
            key, at = self._varint(at)
            number, kind = key >> 3, key & 7
            if not number:
                raise MalformedError(f"byte {start}: a field of number 0")
            if kind == VARINT:
                _, at = self._varint(at)
                continue
            if kind == START_GROUP:
                groups.append(number)
                continue
            if kind == END_GROUP:
                if not groups or groups.pop() != number:
                    raise MalformedError(f"byte {start}: end of a group that did not begin")
                continue
            if kind == LENGTH:
                length, at = self._varint(at)
            elif kind in (FIXED64, FIXED32):
                length = 8 if kind == FIXED64 else 4
            else:
                raise MalformedError(f"byte {start}: a field of wire type {kind}")
            if length > end - at:
                raise MalformedError(f"byte {start}: a field of {length} bytes, of which {end - at} are there")
            if kind == LENGTH and not groups:
                yield number, Message(data, at, at + length)
            at += length
        if groups:
            raise MalformedError(f"byte {end}: group {groups[-1]} does not end")

    def messages(self, number: int) -> Iterator[Message]:
        """The fields `number` that have a length, in order."""
        return (content for found, content in self.fields() if found == number)

    def by_number(self) -> dict[int, list[Message]]:
        """The fields that have a length, by number, each in order."""
        found: dict[int, list[Message]] = {}
        for number, content in self.fields():
            found.setdefault(number, []).append(content)
        return found

    def __str__(self) -> str:
        """The bytes as UTF-8, with replacement characters where they are none."""
        return str(self._data[self._begin : self._end], "utf-8", "replace")

    def _varint(self, at: int) -> tuple[int, int]:
        if at < self._end and self._data[at] < 0x80:
            return self._data[at], at + 1  # nearly all
        value = 0
        for index in range(10):
            if at + index >= self._end:
                raise MalformedError(f"byte {at}: a number that is cut off")
            byte = self._data[at + index]
            value |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                return value, at + index + 1
        raise MalformedError(f"byte {at}: a number of more than 10 bytes")


def text(fields: dict[int, list[Message]], number: int) -> str:
    """The string in field `number`: of several the last, as protobuf has it; empty if absent."""
    return str(fields[number][-1]) if number in fields else ""
