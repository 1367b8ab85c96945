"""Which module of the source model each node of an ONNX file came from.

    import modelexport
    result = modelexport.export_model(model.eval(), (input_ids,), "model.onnx")

exports a PyTorch model, tags the nodes of the file with their modules and validates it. `tag` does so with a file that
is there already, `write_hierarchy` describes the source model for it, `read_tags` reads the tags of a file.

torch is imported by `export_model`, `write_hierarchy` and `build_hierarchy` alone: `tag` and `read_tags` need nothing
but this package.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .program import ModelExportError, program_path
from .tag_table import NodeTags, read_tags
from .tagging import TagFlags, TagResult, tag

if TYPE_CHECKING:
    from .export import ExportResult, export_model
    from .sidecar import HierarchyWarning, build_hierarchy, write_hierarchy

__all__ = [
    "ExportResult",
    "HierarchyWarning",
    "ModelExportError",
    "NodeTags",
    "TagFlags",
    "TagResult",
    "build_hierarchy",
    "export_model",
    "program_path",
    "read_tags",
    "tag",
    "write_hierarchy",
]

_NEED_TORCH = {
    "ExportResult": ".export",
    "export_model": ".export",
    "HierarchyWarning": ".sidecar",
    "build_hierarchy": ".sidecar",
    "write_hierarchy": ".sidecar",
}


def __getattr__(name: str) -> Any:
    """Imports what needs torch when it is first asked for."""
    if name in _NEED_TORCH:
        return getattr(importlib.import_module(_NEED_TORCH[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
