"""From a PyTorch model to a tagged file."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import inspect
import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import torch
from torch import nn
from torch.onnx import TrainingMode

from .errors import ModelExportError
from .hierarchy_writer.inputs import Inputs, arguments, fresh
from .hierarchy_writer.untouched import modes_restored, one_at_a_time, restored
from .replacement import refuse_other_than_files
from .renaming import rename as rename_nodes
from .sidecar import describe, format_hierarchy, warn_caller, without_fused_attention
from .tagging import ExportResult, Strategy, TagFlags, TagResult, tag


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
    rename: bool = False,
    **torch_onnx_kwargs: Any,
) -> ExportResult:
    """Exports `model(*args, **kwargs)` to `path` by torch.onnx.export, tags the nodes, and validates the file.

    `args` and `kwargs` are what torch.onnx.export takes: a tensor stands for itself, a dictionary at the end of `args`
    for keyword arguments if there are no others. `dynamo` chooses the exporter, None torch's own default. All other
    arguments go to torch.onnx.export. `hierarchy` is where the sidecar is written, if not given `model.hierarchy.json`
    for `model.onnx`. `tag_flags` are further flags of `tag`, but `report` and `trace`, which would name files of a
    temporary folder: the result, and the exception, have the report. `rename=True` names the nodes by
    their modules, as the function rename does. With the dynamo exporter the sidecar has the operators of the very
    program that the file was made from.

    Each run gets copies of the inputs. The model is as before afterwards, also on failure: train or eval mode, buffers,
    hooks, random states; what a first run makes stays, as with build_hierarchy. The files (model, weights beside it,
    sidecar) get their names when all went well, the model last, and replace what has them.

    What torch raises is passed on. ModelExportError is raised for a file that cannot be tagged or falls short,
    ValueError and OSError for names that the files cannot get. Flags and names are checked before the export.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"{type(model).__qualname__} is no torch.nn.Module: it has no modules to tag nodes with")
    path = pathlib.Path(path)
    hierarchy = path.with_suffix(".hierarchy.json") if hierarchy is None else pathlib.Path(hierarchy)
    flags: TagFlags = {"strategy": strategy, **(tag_flags or {})}
    flags_of_tag = TagFlags.__annotations__.keys() - inspect.signature(torch.onnx.export).parameters.keys()
    for flag in torch_onnx_kwargs.keys() & flags_of_tag:
        raise TypeError(f"{flag} is a flag of tag: tag_flags={{{flag!r}: {torch_onnx_kwargs[flag]!r}}}")
    if flags.keys() & {"report", "trace"}:
        raise ValueError("tag_flags: report and trace would name temporary files; the result has the report")
    _check_names((path, hierarchy))
    inputs = arguments(args, kwargs)
    if dynamo is not None:
        torch_onnx_kwargs["dynamo"] = dynamo
    # Beside their names, so that files get them by renaming.
    with (
        one_at_a_time,
        tempfile.TemporaryDirectory(prefix=".modelexport-", dir=path.parent) as folder,
        tempfile.TemporaryDirectory(prefix=".modelexport-", dir=hierarchy.parent) as other_folder,
    ):
        exported, sidecar = pathlib.Path(folder, path.name), pathlib.Path(other_folder, hierarchy.name)
        names = {exported: path, sidecar: hierarchy}
        try:
            _tag(exported, sidecar, names, flags)
        except ModelExportError as error:
            if error.exit_code != 3:  # the files are not there yet; flags are looked at before
                raise
        program = _export(model, inputs, exported, torch_onnx_kwargs)
        with _mode_of_export(model, program, torch_onnx_kwargs):
            described = describe(model, inputs, program=getattr(program, "exported_program", None))
        del program  # holds the weights once more
        warn_caller(described)
        sidecar.write_text(format_hierarchy(described), encoding="utf-8", newline="\n")
        result = _tag(exported, sidecar, names, flags)
        if rename:
            rename_nodes(exported, exported)
        data = sorted(file for file in exported.parent.iterdir() if file != exported)
        names |= {file: path.with_name(file.name) for file in data}
        _check_names(names.values())
        for file, name in names.items():
            with contextlib.suppress(FileNotFoundError):
                shutil.copymode(name, file)
        if data:
            path.unlink(missing_ok=True)  # a model that was there would read the new weights
        for file in (*data, sidecar, exported):
            os.replace(file, names[file])
    warned = tuple(described["source"].get("warnings", ()))
    return ExportResult(
        **{**vars(result), "warnings": warned + result.warnings}, external_data=tuple(names[file] for file in data)
    )


def _check_names(names: Iterable[pathlib.Path]) -> None:
    """Raises if the files cannot all get their names."""
    taken = set()
    for name in names:
        if not name.parent.exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(name.parent))
        refuse_other_than_files(name)
        place = name.parent.resolve() / name.name
        if place in taken:
            raise ValueError(f"{name} would be two of the model, its weights and its sidecar")
        taken.add(place)


def _tag(
    exported: pathlib.Path, sidecar: pathlib.Path, names: Mapping[pathlib.Path, pathlib.Path], flags: TagFlags
) -> TagResult:
    """Tags the exported file in its place; what is said of it has the names that the files will get."""

    def named(report: Mapping[str, Any]) -> dict[str, Any]:
        model = str(names[exported])
        return {**report, "model": model, "hierarchy": str(names[sidecar]), "output": model}

    try:
        result = tag(exported, sidecar, exported, **flags)
    except ModelExportError as error:
        message = error.message
        for file, name in names.items():
            message = message.replace(str(file), str(name))
        raise ModelExportError(message, error.exit_code, error.report and named(error.report)) from None
    return dataclasses.replace(result, model=names[exported], hierarchy=names[sidecar], report=named(result.report))


def _export(
    model: nn.Module, inputs: Inputs, path: pathlib.Path, options: Mapping[str, Any]
) -> torch.onnx.ONNXProgram | None:
    """Exports the model; the program is the dynamo exporter's, None if it was the other."""
    args, kwargs = fresh(inputs)
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
