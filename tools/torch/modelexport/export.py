"""From a PyTorch model to a tagged file."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import nn
from torch.onnx import TrainingMode

from .hierarchy_writer.untouched import modes_restored, restored
from .program import ModelExportError
from .sidecar import build_hierarchy, format_hierarchy, without_fused_attention
from .tagging import Strategy, TagFlags, TagResult, tag


@dataclasses.dataclass(frozen=True)
class ExportResult(TagResult):
    """A model that was exported and tagged."""

    external_data: tuple[pathlib.Path, ...]
    """Files with the weights, beside the model; none if it holds them."""


def export_model(
    model: nn.Module,
    args: Any,
    path: str | os.PathLike[str],
    *,
    kwargs: Mapping[str, Any] | None = None,
    strategy: Strategy = "auto",
    dynamo: bool | None = None,
    hierarchy: str | os.PathLike[str] | None = None,
    tag_flags: TagFlags | None = None,
    **torch_onnx_kwargs: Any,
) -> ExportResult:
    """Exports `model(*args, **kwargs)` to `path` by torch.onnx.export, tags the nodes, and validates the file.

    `args` and `kwargs` are what torch.onnx.export takes: a tensor stands for itself, a dictionary at the end of `args`
    for keyword arguments. `dynamo` chooses the exporter, None torch's own default. All other arguments go to
    torch.onnx.export. `hierarchy` is where the sidecar is written, if not given `model.hierarchy.json` for
    `model.onnx`. `tag_flags` are further flags of `tag`. With the dynamo exporter the sidecar has the operators of the
    very program that the file was made from.

    The model is as before afterwards, also on failure: train or eval mode, buffers, hooks, random states. The files
    (model, weights beside it, sidecar) get their names when all went well, the model last, and replace what has them.
    What torch raises is passed on; ModelExportError is raised for a file that cannot be tagged or falls short.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"{type(model).__qualname__} is no torch.nn.Module: it has no modules to tag nodes with")
    path = pathlib.Path(path)
    hierarchy = path.with_suffix(".hierarchy.json") if hierarchy is None else pathlib.Path(hierarchy)
    args, kwargs = _arguments(args, kwargs)
    if dynamo is not None:
        torch_onnx_kwargs["dynamo"] = dynamo
    # Beside the output, so that files get their names by renaming.
    with tempfile.TemporaryDirectory(prefix=".modelexport-", dir=path.parent) as temporary:
        exported, sidecar = pathlib.Path(temporary, "out", path.name), pathlib.Path(temporary, "hierarchy.json")
        exported.parent.mkdir()
        program = _export(model, args, kwargs, exported, torch_onnx_kwargs)
        with _mode_of_export(model, program, torch_onnx_kwargs):
            described = build_hierarchy(model, args, kwargs, program=getattr(program, "exported_program", None))
        del program  # holds the weights once more
        sidecar.write_text(format_hierarchy(described), encoding="utf-8", newline="\n")
        flags: TagFlags = {"strategy": strategy, **(tag_flags or {})}
        try:
            result = tag(exported, sidecar, exported, **flags)
        except ModelExportError as error:
            message = error.message.replace(str(exported), str(path)).replace(str(sidecar), str(hierarchy))
            raise ModelExportError(message, error.exit_code, error.report) from None
        data = sorted(file.name for file in exported.parent.iterdir() if file != exported)
        for name in data:
            os.replace(exported.with_name(name), path.with_name(name))
        shutil.move(sidecar, hierarchy)  # which may be on another file system
        os.replace(exported, path)
    return ExportResult(
        model=path,
        hierarchy=hierarchy,
        external_data=tuple(path.with_name(name) for name in data),
        nodes=result.nodes,
        coverage=result.coverage,
        evidence=result.evidence,
        warnings=(*described["source"].get("warnings", ()), *result.warnings),
        report={**result.report, "model": str(path), "hierarchy": str(hierarchy), "output": str(path)},
    )


def _arguments(args: Any, kwargs: Mapping[str, Any] | None) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What the model is called with, by the rules of torch.onnx.export."""
    args = tuple(args) if isinstance(args, Sequence) and not isinstance(args, str) else (args,)
    if not kwargs and args and isinstance(args[-1], dict):
        return args[:-1], dict(args[-1])
    return args, dict(kwargs or {})


def _export(
    model: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], path: pathlib.Path, options: Mapping[str, Any]
) -> torch.onnx.ONNXProgram | None:
    """Exports the model; the program is the dynamo exporter's, None if it was the other."""
    if not kwargs and args and isinstance(args[-1], dict):
        args = (*args, {})  # else the exporters would take the dictionary for keyword arguments
    with restored(model), without_fused_attention():
        return torch.onnx.export(model, args, str(path), kwargs=kwargs or None, **options)


@contextlib.contextmanager
def _mode_of_export(
    model: nn.Module, program: torch.onnx.ONNXProgram | None, options: Mapping[str, Any]
) -> Iterator[None]:
    """The TorchScript exporter puts the model into the mode of its argument `training`, the other leaves it."""
    mode = options.get("training", TrainingMode.EVAL)
    with modes_restored(model):
        if program is None and mode != TrainingMode.PRESERVE:
            model.train(mode == TrainingMode.TRAINING)
        yield
