#!/usr/bin/env python3
"""Makes the fixtures: `python testdata/make_fixtures.py [--models bert_tiny,...]`.

For each model: hierarchy.json, and for each exporter, and each variant of its export that the model names, model.onnx
and owners.tsv. Needs requirements.txt. Every model is
made in a process of its own; two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TESTDATA = pathlib.Path(__file__).resolve().parent
REPOSITORY = TESTDATA.parent
sys.path[:0] = [str(TESTDATA), str(REPOSITORY / "tools" / "python"), str(REPOSITORY / "tests" / "accuracy")]

TORCHSCRIPT_OPSET = 17
MAX_FILE_BYTES = 4 << 20


def main() -> int:
    import fixture_models

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(fixture_models.FIXTURES), help="comma-separated, default all")
    parser.add_argument("--out", type=pathlib.Path, default=TESTDATA)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        make_fixture(arguments.one, arguments.out)
        return 0
    for name in arguments.models.split(","):
        subprocess.run([sys.executable, __file__, "--one", name, "--out", str(arguments.out)], check=True)
    return 0


def make_fixture(name: str, out: pathlib.Path) -> None:
    import fixture_models
    import make_corpus
    import torch
    from modelexport.sidecar import build_hierarchy, format_hierarchy

    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)  # sums do not depend on the number of cores
    torch.backends.mha.set_fastpath_enabled(False)  # the fused kernel has no ONNX form

    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    fixture = fixture_models.make(name)
    hierarchy = build_hierarchy(fixture.model, fixture.args, fixture.kwargs, ops=fixture.ops)
    if problems := hierarchy["source"].get("warnings"):
        raise AssertionError(f"{name}: {problems}")
    (folder / "hierarchy.json").write_text(format_hierarchy(hierarchy), encoding="utf-8")
    for exporter in fixture.exporters:
        export = MAKERS[exporter](fixture, hierarchy)
        write_fixture(export.model, export.owners, folder / exporter)
        for variant in fixture.variants.get(exporter, ()):
            made = make_corpus.make_variant(variant, export, [*fixture.args, *fixture.kwargs.values()])
            write_fixture(*made, folder / f"{exporter}_{variant}")


def write_fixture(model: Any, owners: list[Any], folder: pathlib.Path) -> None:
    write_model(model, folder / "model.onnx")
    rows = "".join(owner.row() + "\n" for owner in owners)
    (folder / "owners.tsv").write_text(rows, encoding="utf-8")
    check_review(owners, folder / "reviewed.md")
    reasons = collections.Counter(owner.reason for owner in owners if owner.reason)
    print(
        f"{folder.parent.name}/{folder.name}: {len(owners)} nodes, {sum(o.module is not None for o in owners)} with an"
        f" owner, {sum(o.soft for o in owners)} soft {dict(reasons)}"
    )


@dataclass
class Export:
    """A model as it was exported, the owner of each node, and for dynamo the program that it was made from."""

    model: Any
    owners: list[Any]
    program: Any = None


# --- TorchScript ----------------------------------------------------------------------------------------------------


def make_torchscript(fixture: Any, hierarchy: dict[str, Any]) -> Export:
    import ground_truth
    import torch

    model = export_torchscript(fixture)
    with ground_truth.unique_scopes(fixture.model):
        scoped = export_torchscript(fixture)
        with replaced(torch._C, "_jit_pass_cse", lambda graph: False):
            full = export_torchscript(fixture)
    if ground_truth.structure(model) != ground_truth.structure(scoped):
        raise AssertionError("with unique scopes the exporter makes another graph")
    owners = ground_truth.torchscript_owners(fixture.model, scoped)
    ground_truth.soften_merged(owners, model, full, ground_truth.torchscript_owners(fixture.model, full))
    ground_truth.soften_constants(owners, model)
    return Export(model, owners)


def export_torchscript(fixture: Any) -> Any:
    import onnx
    import torch

    # The exporter appends the defaults of all further parameters to the arguments, which models with a **kwargs
    # parameter and decorators around it do not take: it is shown a forward method without any, which takes the
    # keyword arguments behind the positional ones and returns nothing but tuples.
    forward, count = fixture.model.forward, len(fixture.args)

    def positional(*values: Any) -> Any:
        result = forward(*values[:count], **dict(zip(fixture.kwargs, values[count:])))
        return result.to_tuple() if hasattr(result, "to_tuple") else result

    with tempfile.TemporaryDirectory() as folder, replaced(fixture.model, "forward", positional):
        path = pathlib.Path(folder) / "model.onnx"
        torch.onnx.export(
            fixture.model,
            (*fixture.args, *fixture.kwargs.values()),
            str(path),
            dynamo=False,
            opset_version=TORCHSCRIPT_OPSET,
            input_names=fixture.input_names,
            output_names=fixture.output_names,
            dynamic_axes=fixture.dynamic_axes,
        )
        return onnx.load(path)


# --- dynamo ---------------------------------------------------------------------------------------------------------


def make_dynamo(fixture: Any, hierarchy: dict[str, Any]) -> Export:
    import ground_truth
    import onnx_ir
    from onnx_ir.passes import common

    def no_change(self: Any, model: Any) -> Any:
        return onnx_ir.passes.PassResult(model, modified=False)

    model, calls, program = export_dynamo(fixture, hierarchy)
    plain, plain_calls, _ = export_dynamo(fixture, hierarchy, optimize=False)
    with replaced(common.CommonSubexpressionEliminationPass, "call", no_change):
        full, full_calls, _ = export_dynamo(fixture, hierarchy)
    plain_owners = ground_truth.dynamo_owners(fixture.model, plain, plain_calls)
    owners = ground_truth.dynamo_owners(fixture.model, model, calls)
    full_owners = ground_truth.dynamo_owners(fixture.model, full, full_calls)
    ground_truth.review_rewritten(owners, model, plain, plain_owners)
    ground_truth.review_rewritten(full_owners, full, plain, plain_owners)
    ground_truth.soften_merged(owners, model, full, full_owners)
    ground_truth.soften_constants(owners, model)
    return Export(model, owners, program)


def export_dynamo(fixture: Any, hierarchy: dict[str, Any], optimize: bool = True) -> tuple[Any, dict[str, Any], Any]:
    """The exported model, the calls that its FX nodes ran in, and its program."""
    import ground_truth
    import torch

    program = torch.onnx.export(
        fixture.model,
        fixture.args,
        kwargs=fixture.kwargs or None,
        dynamo=True,
        optimize=optimize,
        verbose=False,
        input_names=fixture.input_names,
        output_names=fixture.output_names,
    )
    model = program.model_proto
    make_paths_relative(model)
    calls = ground_truth.fx_calls(fixture.model, program.exported_program, hierarchy)
    return model, calls, program.exported_program


def make_paths_relative(model: Any) -> None:
    """Cuts file paths in metadata and doc strings: relative to the repository, or to the folder of the packages."""
    import ground_truth

    def relative(text: str) -> str:
        text = text.replace(f"{REPOSITORY}/", "")
        text = re.sub(r'File "[^"]*/(?:site|dist)-packages/', 'File "', text)
        text = re.sub(r'File "/[^"]*/lib/python3\.\d+/', 'File "python3/', text)
        if left := re.search(r'File "(/|[A-Za-z]:)[^"]*"', text):
            raise AssertionError(f"a path of this machine is left: {left[0]}")
        return text

    graph_items = [model.graph, *model.graph.input, *model.graph.output, *model.graph.value_info]
    for item in [model, *graph_items, *model.graph.initializer, *(node for _, node in ground_truth.all_nodes(model))]:
        if item.HasField("doc_string"):
            item.doc_string = relative(item.doc_string)
        for entry in item.metadata_props:
            entry.value = relative(entry.value)


MAKERS = {"torchscript": make_torchscript, "dynamo": make_dynamo}


# --- both -----------------------------------------------------------------------------------------------------------


def write_model(model: Any, path: pathlib.Path) -> None:
    import onnx

    onnx.checker.check_model(model, full_check=True)
    data = model.SerializeToString(deterministic=True)
    for text in (str(REPOSITORY), str(pathlib.Path.home()), sys.prefix, tempfile.gettempdir()):
        if text.encode() in data:
            raise AssertionError(f"{path}: has the path {text} in it")
    if len(data) > MAX_FILE_BYTES:
        raise AssertionError(f"{path}: {len(data)} bytes are more than {MAX_FILE_BYTES}")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def check_review(owners: list[Any], path: pathlib.Path) -> None:
    """Compares the rows of reviewed.md, which is written by hand, with the owners."""
    found = {tuple(owner.row().split("\t")[:3]) for owner in owners}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        if line.startswith("| `"):
            place, operator, module = (cell.strip(" `") for cell in line.split("|")[1:4])
            if (place, operator, module) not in found:
                raise AssertionError(f"{path}: {place} is not {operator} of {module}")


@contextlib.contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    own = name in vars(owner)
    original = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, original) if own else delattr(owner, name)


if __name__ == "__main__":
    sys.exit(main())
