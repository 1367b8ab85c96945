"""The modules of a model: paths, classes, aliases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import torch
from torch import nn
from torch.nn.utils import parametrize

_T = TypeVar("_T")


def group_by_object(named: Iterable[tuple[str, _T]]) -> list[tuple[str, _T, list[str]]]:
    """(first name, object, further names) of each distinct object, in order of the first names."""
    groups: dict[int, tuple[str, _T, list[str]]] = {}
    for name, item in named:
        known = groups.setdefault(id(item), (name, item, []))
        if known[0] != name:
            known[2].append(name)
    return list(groups.values())


def first_paths(model: nn.Module) -> dict[str, str]:
    """Every path and alias of a module -> its first path."""
    groups = group_by_object(model.named_modules(remove_duplicate=False))
    return {name: path for path, _, aliases in groups for name in (path, *aliases)}


def class_name(module: nn.Module) -> str:
    """The qualified name of the class that the author of the model wrote down."""
    if isinstance(module, torch.jit.ScriptModule):
        return module.original_name  # its Python class is the same for all: RecursiveScriptModule
    # A parametrization (weight_norm, orthogonal, ...) replaces the class of its module by a new subclass, which says
    # torch.nn.utils.parametrize.ParametrizedLayer of every class Layer, also of a user's own.
    cls = parametrize.type_before_parametrizations(module)
    return f"{cls.__module__}.{cls.__qualname__}"


def describe_modules(model: nn.Module, call_counts: dict[str, int]) -> list[dict[str, Any]]:
    """The member `modules`; a module without a count is one whose calls were not recorded."""
    entries = []
    for path, module, aliases in group_by_object(model.named_modules(remove_duplicate=False)):
        entry: dict[str, Any] = {"path": path, "class": class_name(module)}
        if path in call_counts:
            entry["calls"] = call_counts[path]
        if aliases:
            entry["aliases"] = aliases
        entries.append(entry)
    return entries
