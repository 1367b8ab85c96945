"""Writes the sidecar of a PyTorch model: schema `modelexport.hierarchy`, version 1.

    from modelexport import write_hierarchy
    write_hierarchy(model.eval(), (input_ids, attention_mask), "hierarchy.json")

The sidecar describes the source model: its modules, its parameters and buffers, the calls that one forward pass with the
given inputs makes, and the operators that run in them. It knows nothing of ONNX, so one sidecar serves every export of
the model. Give the model as it was exported: the same weights, the same mode (normally `eval()`), inputs that take the
same branches.

Needs nothing but torch.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import torch
from torch import nn

from .errors import HierarchyWarning
from .hierarchy_writer.calls import CallRecorder
from .hierarchy_writer.inputs import Inputs, arguments, fresh, where_the_model_is
from .hierarchy_writer.modules import class_name, describe_modules
from .hierarchy_writer.ops_from_dispatch import DispatchRecorder
from .hierarchy_writer.ops_from_export import calls_without_ops, export_program, ops_of_program
from .hierarchy_writer.tensors import describe_tensors
from .hierarchy_writer.untouched import left_untouched, one_at_a_time
from .replacement import write_text

SCHEMA = "modelexport.hierarchy"
VERSION = 1

OpsFrom = Literal["auto", "export", "dispatch", "none"]


def build_hierarchy(
    model: nn.Module,
    args: Any = (),
    kwargs: Mapping[str, Any] | None = None,
    *,
    ops: OpsFrom = "auto",
    program: torch.export.ExportedProgram | None = None,
) -> dict[str, Any]:
    """Runs `model(*args, **kwargs)` without gradients, and returns the sidecar as a JSON-ready dictionary.

    `args` and `kwargs` are what torch.onnx.export takes: a tensor stands for itself, a dictionary at the end of `args`
    for keyword arguments if there are no others. Each run gets copies of them.

    `ops` says where the operators come from: `export` is torch.export, `dispatch` a trace of the run, `none` leaves them
    out, `auto` is torch.export where that works, else the trace. `program` is for an export with `dynamo=True`: its
    `exported_program`, whose names are those of the values in the file, takes the place of torch.export.

    The model, its hooks and the random states are left as they were; what a first run makes stays: the tensors of lazy
    modules, buffers that a module registers when it is called. A model that fails to run, or is a TorchScript module,
    is described without calls and operators, with a HierarchyWarning. Of what torch.compile or DataParallel made, the model
    within is described. One on the meta device, buffers too (`model.to("meta")`), is described by its
    structure, without statistics of its tensors; the inputs may be on another device.
    """
    hierarchy = describe(model, arguments(args, kwargs), ops=ops, program=program)
    warn_caller(hierarchy)
    return hierarchy


def write_hierarchy(
    model: nn.Module,
    args: Any,
    path: str | os.PathLike[str],
    *,
    kwargs: Mapping[str, Any] | None = None,
    ops: OpsFrom = "auto",
    program: torch.export.ExportedProgram | None = None,
) -> None:
    """Writes `build_hierarchy` of the same arguments to `path`, as `format_hierarchy` lays it out.

    The file appears whole or not at all; OSError is raised where it cannot."""
    hierarchy = describe(model, arguments(args, kwargs), ops=ops, program=program)
    warn_caller(hierarchy)
    write_text(path, format_hierarchy(hierarchy))


def format_hierarchy(hierarchy: Mapping[str, Any]) -> str:
    """JSON with one line for each module, tensor, call and operator: small, and a change shows as changed lines."""

    def compact(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))

    members = []
    for key, value in hierarchy.items():
        if isinstance(value, list) and value:
            entries = ",\n".join(f"    {compact(entry)}" for entry in value)
            members.append(f"  {compact(key)}: [\n{entries}\n  ]")
        else:
            members.append(f"  {compact(key)}: {compact(value)}")
    return "{\n" + ",\n".join(members) + "\n}\n"


def describe(
    model: nn.Module,
    inputs: Inputs,
    *,
    ops: OpsFrom = "auto",
    program: torch.export.ExportedProgram | None = None,
) -> dict[str, Any]:
    """`build_hierarchy`, without its warnings."""
    if ops not in ("auto", "export", "dispatch", "none"):
        raise ValueError(f"ops={ops!r}: not one of auto, export, dispatch, none")
    if program is not None and ops in ("dispatch", "none"):
        raise ValueError(f"a program is given, but ops={ops!r}")
    if program is None:
        model = unwrapped(model)
    inputs = where_the_model_is(model, inputs)
    problems: list[str] = []
    members: dict[str, Any] = {}
    counts: dict[str, int] = {}
    scripted = isinstance(model, torch.jit.ScriptModule)
    with one_at_a_time, left_untouched(model):
        try:
            run = None if scripted else _run(model, inputs, trace=ops != "none")
        except Exception as error:
            problems.append(f"the model does not run, calls and operators are left out: {_brief(error)}")
            run = None
        if scripted:
            problems.append("calls cannot be seen in a TorchScript module: calls and operators are left out")
        if run is not None:
            calls, trace, output = run
            members["calls"] = calls.calls
            if ops != "none":
                members |= _operators(model, inputs, ops, program, calls, trace, output, problems)
            counts = calls.counts()
    source: dict[str, Any] = {
        "framework": "torch",
        "framework_version": torch.__version__.partition("+")[0],
        "model_class": class_name(model),
    }
    if problems:
        source["warnings"] = problems
    # Described after the run, which is what gives a lazy module its class and its tensors.
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "source": source,
        "modules": describe_modules(model, counts),
        "tensors": describe_tensors(model),
        **members,
    }


def warn_caller(hierarchy: Mapping[str, Any]) -> None:
    """Warns of what is missing from the sidecar, at the line that called the caller of this."""
    for problem in hierarchy["source"].get("warnings", ()):
        warnings.warn(problem, HierarchyWarning, stacklevel=3)


def unwrapped(model: nn.Module) -> nn.Module:
    """The model that torch.compile or a wrapper for several devices runs."""
    while True:
        if isinstance(model, torch._dynamo.OptimizedModule):
            model = model._orig_mod
        elif isinstance(model, (nn.DataParallel, nn.parallel.DistributedDataParallel)):
            model = model.module
        else:
            return model


def _run(model: nn.Module, inputs: Inputs, *, trace: bool) -> tuple[CallRecorder, DispatchRecorder | None, Any]:
    """Runs the model once: its calls, its operators if `trace`, its output.

    A model that only fails when traced is run again without: the operators are then None.
    """
    if trace:
        calls = CallRecorder(model)
        recorder = DispatchRecorder(model, calls)
        with contextlib.suppress(Exception), as_exporters_see_it(), calls, calls.plain_cond(), recorder:
            args, kwargs = fresh(inputs)
            return calls, recorder, model(*args, **kwargs)
    calls = CallRecorder(model)
    with as_exporters_see_it(), calls, calls.plain_cond():
        args, kwargs = fresh(inputs)
        return calls, None, model(*args, **kwargs)


def _operators(
    model: nn.Module,
    inputs: Inputs,
    ops: OpsFrom,
    given: torch.export.ExportedProgram | None,
    calls: CallRecorder,
    trace: DispatchRecorder | None,
    output: Any,
    problems: list[str],
) -> dict[str, Any]:
    """The members `ops_source` and `ops`, if there are any; adds to `problems` what went wrong."""
    if ops != "dispatch":
        try:
            program = export_program(model, *fresh(inputs), output) if given is None else given
            found = ops_of_program(program, model, calls)
        except Exception as error:
            traced = trace is not None and ops != "export"
            instead = "operators are those of a dispatch trace" if traced else "operators are left out"
            what = "torch.export does not take the model" if given is None else "the program cannot be read"
            problems.append(f"{what}, {instead}: {_brief(error)}")
        else:
            if found.misplaced:
                problems.append(
                    f"{found.misplaced} of {len(found.ops)} operators stand in an enclosing call: the run made no call"
                    " that fits their modules"
                )
            lost = calls_without_ops(found.ops, trace.ops, calls) if trace is not None else 0
            if lost:
                problems.append(f"{lost} calls read tensors when run, but have no operator in the exported program")
            return {"ops_source": "torch_export" if given is None else "exported_program", "ops": found.ops}
    if trace is not None and ops != "export":
        return {"ops_source": "dispatch", "ops": trace.ops}
    if ops == "dispatch":
        problems.append("the model runs, but not while its operators are traced: they are left out")
    return {}


@contextlib.contextmanager
def without_fused_attention() -> Iterator[None]:
    """Makes attention call its submodules. The fused kernels bypass them, and have no ONNX form."""
    fastpath = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fastpath)


@contextlib.contextmanager
def as_exporters_see_it() -> Iterator[None]:
    """Makes modules run without the fused kernels of attention, and with nothing compiled."""
    with without_fused_attention(), torch.compiler.set_stance("force_eager"):
        yield


def _brief(error: Exception) -> str:
    """The class and the first line of an exception, without what differs from run to run."""
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    line = re.sub(r"\b0x[0-9a-f]+", "0x...", line)
    return f"{type(error).__name__}: {line[:200]}" if line else type(error).__name__
