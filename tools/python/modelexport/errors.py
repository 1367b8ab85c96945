"""What this package raises and warns of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ModelExportError(Exception):
    """The program failed; the output is as it was.

    `message` is what it said, on one line or more, `exit_code` why: 1, the model was judged and fell short; 2, wrong
    usage; 3, an input is missing, unreadable or malformed; 4, the output could not be written; negative, the signal
    that ended it; 0, it is not the program. `report` is the report of a model that was judged, else None.
    """

    def __init__(self, message: str, exit_code: int, report: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
        self.report = report

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.exit_code, self.report)


class HierarchyWarning(UserWarning):
    """Something is missing from the sidecar. The text also stands in its `source.warnings`."""
