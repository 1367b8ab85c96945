#!/usr/bin/env python3
"""write_operator_table.py OUT.h: which ONNX operators PyTorch's exporters write for an ATen operator.

Reads the sources of both exporters in the installed torch: the functions registered for an
operator, and the helpers that they call, up to three deep. An ONNX operator counts for the ATen
operator if the function mentions it, with the number of helpers on the way.
"""

from __future__ import annotations

import ast
import pathlib
import re
import sys

import onnx.defs
import torch

SOURCES = ("onnx/_internal/exporter/_torchlib/ops/*.py", "onnx/_internal/torchscript_exporter/symbolic_*.py")
MAX_HELPERS = 3
ONNX_OPERATORS = {schema.name for schema in onnx.defs.get_all_schemas()}
ATEN_NAME = re.compile(r"(?:torch\.ops\.)?(?:aten|prims|prim|_operator|operator|math)(?:::|\.)(\w+)(?:\.\w+)?$")

HEADER = """\
// Written by tools/python/write_operator_table.py from PyTorch {version}: do not edit.
#ifndef MODELEXPORT_EVIDENCE_TRACE_OPERATOR_TABLE_DATA_H_
#define MODELEXPORT_EVIDENCE_TRACE_OPERATOR_TABLE_DATA_H_

#include "absl/strings/string_view.h"

namespace modelexport {{

// See operator_table.h; a line for each ATen operator, sorted.
inline constexpr absl::string_view kOperatorTable =
{lines};

}}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_OPERATOR_TABLE_DATA_H_
"""


def functions() -> list[ast.FunctionDef]:
    root = pathlib.Path(torch.__file__).parent
    files = sorted(path for pattern in SOURCES for path in root.glob(pattern))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def mentions(node: ast.AST, operators: set[str], called: set[str]) -> None:
    """Adds the ONNX operators and the functions that `node` names."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        name, of = node.func.attr, node.func.value
        if isinstance(of, ast.Name) and re.fullmatch(r"op(set)?\d*", of.id) and name in ONNX_OPERATORS:
            operators.add(name)
        called.add(name)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ONNX_OPERATORS:
        operators.add(node.value)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        called.add(node.id)
    for child in ast.iter_child_nodes(node):
        mentions(child, operators, called)


def collect(function: ast.FunctionDef, by_name: dict, helpers: int, seen: set, found: dict) -> None:
    operators: set[str] = set()
    called: set[str] = set()
    for statement in function.body:
        mentions(statement, operators, called)
    for operator in operators:
        found[operator] = min(helpers, found.get(operator, helpers))
    if helpers == MAX_HELPERS:
        return
    for name in sorted(called & by_name.keys() - seen):
        for helper in by_name[name]:
            collect(helper, by_name, helpers + 1, seen | {name}, found)


def aten_names(function: ast.FunctionDef) -> set[str]:
    names = set()
    for decorator in function.decorator_list:
        for node in ast.walk(decorator):
            text = ast.unparse(node) if isinstance(node, ast.Attribute) else getattr(node, "value", None)
            match = ATEN_NAME.match(text) if isinstance(text, str) else None
            if match:
                names.add(match.group(1))
    return names


def make_table() -> dict[str, dict[str, int]]:
    by_name: dict[str, list[ast.FunctionDef]] = {}
    for function in functions():
        by_name.setdefault(function.name, []).append(function)
    table: dict[str, dict[str, int]] = {}
    for same_name in by_name.values():
        for function in same_name:
            for name in aten_names(function):
                collect(function, by_name, 0, {function.name}, table.setdefault(name, {}))
    return table


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    rows = [" ".join([name, *(f"{op}{n}" for op, n in sorted(row.items()))]) for name, row in sorted(make_table().items())]
    lines = "\n".join(f'    "{row}\\n"' for row in rows)
    text = HEADER.format(version=torch.__version__.split("+")[0], lines=lines)
    pathlib.Path(sys.argv[1]).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
