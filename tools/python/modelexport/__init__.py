"""Which module of the source model each node of an ONNX file came from.

    import modelexport
    result = modelexport.export_model(model.eval(), (input_ids,), "model.onnx")

exports a PyTorch model, tags the nodes of the file with their modules and validates it. `tag` does so with a file that
is there already, `write_hierarchy` describes the source model for it, `read_tags` reads the tags of a file, `rename` names
its nodes by their modules, `validate` checks the tags, `explain` says why a node has its module, `strip` removes the tags
again. `analyze` and `select` ask any ONNX file for its modules and for the nodes of some of them, `compare` asks two of
them what differs; `view` shows a file as a page, `extract` makes one module a model of its own, `split` cuts the whole in
pieces. `profile` says where the time of a run goes. `compare_outputs` finds the module at which the results of a file
begin to differ from PyTorch's, by what `tap` makes outputs.

torch is imported by `export_model`, `write_hierarchy`, `build_hierarchy` and, for a PyTorch model, `compare_outputs`, which
needs numpy and ONNX Runtime too. All else needs nothing but this package.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from typing import TYPE_CHECKING, Any, NoReturn

from .analysis import Analysis, ModuleFigures, SelectedNode, analyze, select
from .comparison.rows import ComparedOutput, OutputComparison
from .differences import ChangedModule, Comparison, NodeCounts, compare
from .errors import HierarchyWarning, ModelExportError
from .explaining import explain
from .extracting import extract, split
from .profiling import profile
from .program import program_path
from .renaming import rename
from .stripping import strip
from .tag_table import NodeTags, read_tags
from .tagging import ExportResult, TagFlags, TagResult, tag
from .tapping import TappedCall, TappedValue, Taps, tap
from .time_profile import Profile, ProfileRow
from .validating import Finding, Validation, validate
from .viewing import View, view

if TYPE_CHECKING:
    from .comparing import compare_outputs
    from .export import export_model
    from .sidecar import build_hierarchy, write_hierarchy

    __version__: str

__all__ = [
    "Analysis",
    "ChangedModule",
    "ComparedOutput",
    "Comparison",
    "ExportResult",
    "Finding",
    "HierarchyWarning",
    "ModelExportError",
    "ModuleFigures",
    "NodeCounts",
    "NodeTags",
    "OutputComparison",
    "Profile",
    "ProfileRow",
    "SelectedNode",
    "TagFlags",
    "TagResult",
    "TappedCall",
    "TappedValue",
    "Taps",
    "Validation",
    "View",
    "analyze",
    "build_hierarchy",
    "compare",
    "compare_outputs",
    "explain",
    "export_model",
    "extract",
    "profile",
    "program_path",
    "read_tags",
    "rename",
    "select",
    "split",
    "strip",
    "tag",
    "tap",
    "validate",
    "view",
    "write_hierarchy",
]

_NEED_MORE = {
    "export_model": ".export",
    "build_hierarchy": ".sidecar",
    "write_hierarchy": ".sidecar",
    "compare_outputs": ".comparing",
}


def __getattr__(name: str) -> Any:
    """Imports what needs torch or numpy when it is first asked for. Without these it is a function that says so when
    called: tools that look at every name, as pydoc does, meet no exception."""
    if name == "__version__":
        return importlib.metadata.version("modelexport")
    if name not in _NEED_MORE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(_NEED_MORE[name], __name__), name)
    except ModuleNotFoundError as missing:
        needed = missing.name
        if needed not in ("torch", "numpy"):
            raise

    def needs_more(*args: Any, **kwargs: Any) -> NoReturn:
        raise ModuleNotFoundError(f"modelexport.{name} needs {needed}, which is not installed", name=needed)

    return needs_more


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
