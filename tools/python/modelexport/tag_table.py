"""The tags of a file, node by node.

Reads the file by a reader of its own (`wire`), whether or not the onnx package is there: weights are passed over, so
files of more than 2 GiB are read too, and what is read does not depend on what is installed.
"""

from __future__ import annotations

import dataclasses
import json
import mmap
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, overload

from .errors import ModelExportError
from .wire import MalformedError, Message, text

if TYPE_CHECKING:
    import pandas


@dataclasses.dataclass(frozen=True)
class NodeTags:
    """A node and what its tags say (docs/tags.md). What a node does not say is None."""

    place: str
    """Where it is: `#3` in the main graph, `/7:then_branch#0` in a body, `function:domain:name:overload#2`."""
    name: str
    op_type: str
    domain: str
    module: str | None
    """Path of the module; the root is the empty string."""
    tag: str | None
    """The module as a path of classes."""
    evidence: str | None
    """How the program knows; `none`: nothing speaks for the node."""
    call: int | None
    """Which call of the module, from 0; None where it is called once or the call is not known."""
    also: tuple[str, ...]
    """Paths of the other modules whose work the node does; mostly none."""
    metadata: Mapping[str, str]
    """All metadata of the node, whoever wrote it. Of a key that is repeated, the first."""


@overload
def read_tags(onnx: str | os.PathLike[str], *, frame: Literal[False] = False) -> list[NodeTags]: ...
@overload
def read_tags(onnx: str | os.PathLike[str], *, frame: Literal[True]) -> pandas.DataFrame: ...
@overload
def read_tags(onnx: str | os.PathLike[str], *, frame: bool) -> list[NodeTags] | pandas.DataFrame: ...


def read_tags(onnx: str | os.PathLike[str], *, frame: bool = False) -> list[NodeTags] | pandas.DataFrame:
    """The nodes of a file with their tags: main graph, bodies and functions, each followed by the bodies in it.

    `frame=True` gives a pandas.DataFrame with the same columns, and needs pandas. A file without tags has None for
    them. Raises OSError if the file cannot be read, ModelExportError (exit code 3) if it is no ONNX file.
    """
    with open(onnx, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise ModelExportError(f"{os.fspath(onnx)}: empty", 3)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as data:
            try:
                model = Message(data, 0, size)
                if not any(model.messages(_MODEL_GRAPH)):
                    raise MalformedError("no ONNX model: it has no graph")
                nodes = list(_model_nodes(model))
            except MalformedError as error:
                problem = f"{os.fspath(onnx)}: {error}"
            else:
                problem = ""
    if problem:
        raise ModelExportError(problem, 3)
    if not frame:
        return nodes
    import pandas

    columns = [field.name for field in dataclasses.fields(NodeTags)]
    table = pandas.DataFrame([[getattr(node, name) for name in columns] for node in nodes], columns=columns)
    # With gaps pandas would make numbers of calls floats.
    return table.astype({"call": "Int64"})


# The program refuses deeper ones too (modelexport/onnx/model_index.h): protobuf's parsers stop at 100 messages.
_MAX_DEPTH = 32

# Field numbers of onnx.proto.
_MODEL_GRAPH, _MODEL_FUNCTIONS = 7, 25
_GRAPH_NODE = 1
_FUNCTION_NAME, _FUNCTION_NODE, _FUNCTION_DOMAIN, _FUNCTION_OVERLOAD = 1, 7, 10, 13
_NODE_NAME, _NODE_OP_TYPE, _NODE_ATTRIBUTE, _NODE_DOMAIN, _NODE_METADATA = 3, 4, 5, 7, 9
_ATTRIBUTE_NAME, _ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS = 1, 6, 11
_ENTRY_KEY, _ENTRY_VALUE = 1, 2


def _model_nodes(model: Message) -> Iterator[NodeTags]:
    for graph in model.messages(_MODEL_GRAPH):
        yield from _nodes(graph, _GRAPH_NODE, "")
    for function in model.messages(_MODEL_FUNCTIONS):
        fields = function.by_number()
        name = ":".join(text(fields, number) for number in (_FUNCTION_DOMAIN, _FUNCTION_NAME, _FUNCTION_OVERLOAD))
        yield from _nodes(function, _FUNCTION_NODE, f"function:{name}")


def _nodes(graph: Message, number: int, place: str) -> Iterator[NodeTags]:
    # A stack instead of recursion: bodies may be nested deeper than Python calls.
    open_graphs = [(0, place, enumerate(graph.messages(number)))]
    while open_graphs:
        depth, place, nodes = open_graphs[-1]
        position, node = next(nodes, (0, None))
        if node is None:
            open_graphs.pop()
            continue
        fields = node.by_number()
        yield _node_tags(fields, f"{place}#{position}")
        bodies = [
            (depth + 1, f"{place}/{position}:{name}", enumerate(body.messages(_GRAPH_NODE)))
            for attribute in fields.get(_NODE_ATTRIBUTE, ())
            for name, body in _bodies(attribute.by_number())
        ]
        if bodies and depth == _MAX_DEPTH:
            raise MalformedError(f"graphs nested over {_MAX_DEPTH} deep")
        open_graphs += reversed(bodies)


def _bodies(attribute: dict[int, list[Message]]) -> Iterator[tuple[str, Message]]:
    name = text(attribute, _ATTRIBUTE_NAME)
    for body in attribute.get(_ATTRIBUTE_GRAPH, ()):
        yield name, body
    for position, body in enumerate(attribute.get(_ATTRIBUTE_GRAPHS, ())):
        yield f"{name}:{position}", body


def _node_tags(node: dict[int, list[Message]], place: str) -> NodeTags:
    metadata: dict[str, str] = {}
    for entry in node.get(_NODE_METADATA, ()):
        fields = entry.by_number()
        metadata.setdefault(text(fields, _ENTRY_KEY), text(fields, _ENTRY_VALUE))
    call = metadata.get("modelexport.call", "")
    return NodeTags(
        place=place,
        name=text(node, _NODE_NAME),
        op_type=text(node, _NODE_OP_TYPE),
        domain=text(node, _NODE_DOMAIN),
        module=metadata.get("modelexport.module"),
        tag=metadata.get("modelexport.tag"),
        evidence=metadata.get("modelexport.evidence"),
        # 18 digits are 64 bits; more are no number of a call, whoever wrote them.
        call=int(call) if call.isascii() and call.isdigit() and len(call) <= 18 else None,
        also=_also(metadata.get("modelexport.also", "")),
        metadata=metadata,
    )


def _also(value: str) -> tuple[str, ...]:
    try:
        paths = json.loads(value) if value else []
    except (ValueError, RecursionError):
        return ()
    return tuple(path for path in paths if isinstance(path, str)) if isinstance(paths, list) else ()
