"""The operators of an exported program, each in the recorded call that its module stack stands for."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import logging
import operator
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import fx, nn
from torch.utils._pytree import tree_leaves

from .call_placement import CallPlacement, Stack
from .calls import CallRecorder
from .modules import first_paths
from .op_names import op_name
from .returned_arguments import returned_argument
from .tensors import named_tensors

# What a node stands for: the index of an operator, the name of a tensor, or something else.
_Origin = int | str | None

# What torch writes for an operator that no module ran: a size of an input, moved to the beginning.
_NO_MODULES = "_empty_nn_module_stack_from_metadata_hook"

# Operators that run the one graph they are given, once: the operators inside are part of the program around it.
_WRAPPERS = {"wrap", "wrap_with_set_grad_enabled", "wrap_with_autocast", "tag_activation_checkpoint"}


def export_program(
    model: nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any], output: Any
) -> torch.export.ExportedProgram:
    """Exports the model; `output` is what a run of it returned.

    The program is made functional (`relu_` becomes `relu`), which the dynamo exporter does too: more of the names are
    then those in its files. Composite operators such as `linear` stay whole.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_silence())
        if not all(isinstance(leaf, _EXPORTABLE) for leaf in tree_leaves(output)):
            stack.enter_context(_tensors_as_output(model))
        program = torch.export.export(model, tuple(args), dict(kwargs), strict=False)
        if not _would_lose_modules(program.graph_module):
            with contextlib.suppress(Exception):
                program = program.run_decompositions({})
        return program


def _would_lose_modules(graph_module: fx.GraphModule) -> bool:
    """Whether other modules run in a wrapper than around it: run_decompositions would give all of its operators the
    modules around it."""
    for node in graph_module.graph.nodes:
        if inner := _wrapped_graph(graph_module, node):
            around = _stack(node)
            if any(_stack(other) != around for other in inner.graph.nodes if other.op == "call_function"):
                return True
            if _would_lose_modules(inner):
                return True
    return False


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keeps torch.export from printing graphs and advice: its exception says what is to be said."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            with contextlib.redirect_stderr(io.StringIO()):
                yield
    finally:
        logging.disable(disabled)


_EXPORTABLE = (torch.Tensor, bool, int, float, str, type(None))


@contextlib.contextmanager
def _tensors_as_output(model: nn.Module) -> Iterator[None]:
    """Makes the model return just the tensors of what it returns: torch.export takes no output of a class that nobody
    has registered."""
    forward = model.forward
    own = "forward" in vars(model)

    @functools.wraps(forward)
    def tensors_only(*args: Any, **kwargs: Any) -> list[torch.Tensor]:
        return list(_tensors_in(forward(*args, **kwargs), set()))

    model.forward = tensors_only
    try:
        yield
    finally:
        if own:
            model.forward = forward
        else:
            del model.forward


def _tensors_in(value: Any, seen: set[int]) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
        return
    if id(value) in seen or isinstance(value, nn.Module):
        return
    seen.add(id(value))
    if isinstance(value, Mapping):
        members: Any = value.values()
    elif isinstance(value, (list, tuple, set)):
        members = value
    elif dataclasses.is_dataclass(value) or hasattr(value, "__dict__"):
        members = vars(value).values() if hasattr(value, "__dict__") else ()
    else:
        return
    for member in members:
        yield from _tensors_in(member, seen)


@dataclasses.dataclass
class ProgramOps:
    """The member `ops`, and how many of them stand in an enclosing call for want of the right one."""

    ops: list[dict[str, Any]]
    misplaced: int


def ops_of_program(program: torch.export.ExportedProgram, model: nn.Module, calls: CallRecorder) -> ProgramOps:
    """The operators of `program`, an export of `model`, whose recorded calls are `calls`."""
    names = {name: first for first, _, aliases in named_tensors(model) for name in (first, *aliases)}
    signature = program.graph_signature
    held = {
        **signature.inputs_to_parameters,
        **signature.inputs_to_buffers,
        **signature.inputs_to_lifted_tensor_constants,
    }
    reader = _ProgramReader(names)
    for node in program.graph.find_nodes(op="placeholder"):
        reader.origins[node] = names.get(held.get(node.name, ""))
    reader.read(program.graph_module)
    calls.in_other_bodies = {name.rpartition(".")[0] for name in reader.tensors_of_bodies}
    placement = CallPlacement(calls, first_paths(model), [stack for _, stack in reader.ops])
    ops = []
    misplaced = 0
    for entry, stack in reader.ops:
        call, exact = placement.call_of(stack)
        misplaced += not exact
        ops.append({"op": entry["op"], "call": call, **entry})
    return ProgramOps(ops, misplaced)


def calls_without_ops(ops: Sequence[Mapping[str, Any]], trace: Sequence[Mapping[str, Any]], calls: CallRecorder) -> int:
    """How many calls read parameters or buffers in `trace`, but have no operator in `ops`.

    Their operators were removed, or have lost their modules: decomposition does that to code under a torch.no_grad()
    that more than one module runs in.
    """
    present = {op["call"] for op in ops}
    reading = {op["call"] for op in trace if any(isinstance(read, str) for read in op["reads"])}
    return len(reading - present - calls.in_body)


class _ProgramReader:
    """Collects the operators of a graph, those in wrappers included, and where their arguments come from."""

    def __init__(self, tensor_names: Mapping[str, str]) -> None:
        self.ops: list[tuple[dict[str, Any], Stack]] = []  # operator, module stack
        self.origins: dict[fx.Node, Any] = {}  # an _Origin, or for a wrapper a list of them
        self.tensors_of_bodies: set[str] = set()  # names of those that control-flow operators hand to their bodies
        self._tensor_names = tensor_names

    def read(self, graph_module: fx.GraphModule) -> list[_Origin]:
        """Adds the operators of the graph; returns the origins of what it returns."""
        for node in graph_module.graph.nodes:
            if node.op == "get_attr":
                self.origins[node] = self._tensor_names.get(str(node.target))
            elif node.op == "call_function":
                self._read_call(graph_module, node)
            elif node.op == "output":
                return [self.origins.get(leaf) for leaf in _nodes_in(node.args)]
        return []

    def _read_call(self, graph_module: fx.GraphModule, node: fx.Node) -> None:
        if node.target is operator.getitem:
            source, index = node.args
            if isinstance(source, fx.Node) and isinstance(self.origins.get(source), list):
                self.origins[node] = self.origins[source][index]
                return
        if self._read_wrapper(graph_module, node):
            return
        # No result: an assertion, or a mode that is switched.
        if "val" in node.meta and node.meta["val"] is None:
            return
        tensors = [argument for argument in _nodes_in((node.args, node.kwargs)) if _has_tensor(argument)]
        reads = [self.origins.get(tensor) for tensor in tensors]
        if isinstance(node.target, torch._ops.HigherOrderOperator):
            # It hands them to operators in its bodies: which, and of which module, the program does not say.
            self.tensors_of_bodies.update(read for read in reads if isinstance(read, str))
            reads = [read for read in reads if not isinstance(read, str)]
        self.origins[node] = len(self.ops)
        entry: dict[str, Any] = {"op": op_name(node.target), "name": node.name, "reads": reads}
        returned = returned_argument(node)
        if returned is not None:
            entry["returns"] = tensors.index(returned)
        self.ops.append((entry, _stack(node)))

    def _read_wrapper(self, graph_module: fx.GraphModule, node: fx.Node) -> bool:
        inner = _wrapped_graph(graph_module, node)
        if inner is None:
            return False
        parameters = list(inner.graph.find_nodes(op="placeholder"))
        arguments = [leaf for leaf in _nodes_in((node.args, node.kwargs)) if leaf.op != "get_attr"]
        if len(parameters) != len(arguments):
            return False
        for parameter, argument in zip(parameters, arguments):
            self.origins[parameter] = self.origins.get(argument)
        self.origins[node] = self.read(inner)
        return True


def _wrapped_graph(graph_module: fx.GraphModule, node: fx.Node) -> fx.GraphModule | None:
    """The graph that the node runs, if it is a wrapper."""
    target = node.target
    if not isinstance(target, torch._ops.HigherOrderOperator) or target.name() not in _WRAPPERS:
        return None
    graphs = [leaf for leaf in _nodes_in(node.args) if leaf.op == "get_attr"]
    inner = graph_module.get_submodule(str(graphs[0].target)) if len(graphs) == 1 else None
    return inner if isinstance(inner, fx.GraphModule) else None


def _stack(node: fx.Node) -> Stack:
    modules = node.meta.get("nn_module_stack") or {}
    return tuple((key, path) for key, (path, _) in modules.items() if key != _NO_MODULES)


def _nodes_in(arguments: Any) -> list[fx.Node]:
    return [leaf for leaf in tree_leaves(arguments) if isinstance(leaf, fx.Node)]


def _has_tensor(node: fx.Node) -> bool:
    """Whether the node stands for a tensor or for several, as against a number or a graph."""
    value = node.meta.get("val", node.meta.get("example_value"))
    return any(isinstance(leaf, torch.Tensor) for leaf in tree_leaves(value))
