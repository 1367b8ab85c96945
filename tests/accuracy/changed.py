"""Files and sidecars that belong together although one of them was changed: trained on, renamed, or with less in it."""

from __future__ import annotations

import copy
import json
import pathlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy
import onnx
from onnx import numpy_helper
from stripped import graphs


def pairs(export: pathlib.Path, variant: str, folder: pathlib.Path) -> Iterator[tuple[str, pathlib.Path, pathlib.Path]]:
    """What was changed, the file and the sidecar, which are made in `folder`."""
    folder.mkdir(parents=True)
    plain, sidecar = export / variant / "model.onnx", export / "hierarchy.json"
    hierarchy = json.loads(sidecar.read_text(encoding="utf-8"))
    model = onnx.load(plain)
    for name, change in MODELS.items():
        path = folder / f"{name}.onnx"
        onnx.save(change(copy.deepcopy(model)), path)
        yield name, path, sidecar
    for name, shorten in SIDECARS.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(shorten(copy.deepcopy(hierarchy))), encoding="utf-8")
        if variant != "anon" or name in ("without calls", "without ops"):  # else nothing is left that both have
            yield name, plain, path


def trained(model: onnx.ModelProto) -> onnx.ModelProto:
    """Other numbers in every float weight."""
    noise = numpy.random.default_rng(1)
    for graph in graphs(model):
        for tensor in graph.initializer:
            old = numpy_helper.to_array(tensor)
            if old.dtype == numpy.float32 and old.size > 1 and old.std() > 0:
                new = old + 0.3 * old.std() * noise.standard_normal(old.shape)
                tensor.CopyFrom(numpy_helper.from_array(new.astype(numpy.float32), tensor.name))
    return model


def _renamed(model: onnx.ModelProto, spell: Callable[[str], str]) -> onnx.ModelProto:
    kept = {"", *(value.name for value in (*model.graph.input, *model.graph.output))}

    def new(name: str) -> str:
        return name if name in kept else spell(name)

    for graph in graphs(model):
        for item in (*graph.initializer, *graph.value_info, *graph.input, *graph.output):
            item.name = new(item.name)
        for node in graph.node:
            node.name = spell(node.name) if node.name else ""
            node.input[:], node.output[:] = map(new, node.input), map(new, node.output)
    return model


def prefixed(model: onnx.ModelProto) -> onnx.ModelProto:
    return _renamed(model, lambda name: f"net_{name}")


def underscored(model: onnx.ModelProto) -> onnx.ModelProto:
    return _renamed(model, lambda name: re.sub("[^A-Za-z0-9_]", "_", name))


def _without(*sections: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def shorten(hierarchy: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in hierarchy.items() if key not in sections}

    return shorten


def _without_stats(hierarchy: dict[str, Any]) -> dict[str, Any]:
    for tensor in hierarchy.get("tensors", []):
        tensor.pop("stats", None)
    return hierarchy


MODELS = {
    "trained on": trained,
    "prefixed": prefixed,
    "underscored": underscored,
    "trained on and prefixed": lambda model: trained(prefixed(model)),
}
SIDECARS = {
    "without ops": _without("ops", "ops_source"),
    "without calls": _without("ops", "ops_source", "calls"),
    "without stats": _without_stats,
    "of modules alone": _without("ops", "ops_source", "calls", "tensors"),
}
