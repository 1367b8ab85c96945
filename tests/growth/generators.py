"""Models and hierarchies of a size n, each with what once took more than linear work.

A generator returns the model's bytes and the hierarchy; each says what grows with n, and what was done too often.
"""

from __future__ import annotations

import json
import struct
from typing import Any

from tests.growth import onnx_bytes as onnx

Case = tuple[bytes, Any]  # The other one: JSON.


def _hierarchy(modules: list[dict[str, Any]], **members: Any) -> dict[str, Any]:
    root = {"path": "", "class": "m.Model"}
    return {"schema": "modelexport.hierarchy", "version": 1, "modules": [root, *modules], **members}


def _calls_of(modules: list[str]) -> list[dict[str, Any]]:
    """One call for each of the modules, all within call 0, the root's."""
    return [{"module": ""}, *({"module": module, "parent": 0} for module in modules)]


def unrolled_cell(n: int) -> Case:
    """One Linear called n times: for each of its n nodes all pairs of calls were compared."""
    scopes = [f"cell_{call}" if call else "cell" for call in range(n)]
    values = ["x", *(f"/{scope}/Gemm_output_0" for scope in scopes)]
    nodes = [
        onnx.scoped("Gemm", [value, "cell.weight", "cell.bias"], scope) for value, scope in zip(values, scopes)
    ]
    tensors = [
        onnx.float_tensor("cell.weight", [2, 2], bytes(16)),
        onnx.float_tensor("cell.bias", [2], bytes(8)),
    ]
    hierarchy = _hierarchy(
        [{"path": "cell", "class": "torch.nn.modules.linear.Linear", "calls": n}],
        tensors=[{"name": "cell.weight", "shape": [2, 2]}, {"name": "cell.bias", "shape": [2]}],
        calls=_calls_of(["cell"] * n),
        ops_source="torch_export",
        ops=[
            {
                "op": "aten.linear.default",
                "call": step + 1,
                "name": f"linear_{step}",
                "reads": [step - 1 if step else None, "cell.weight", "cell.bias"],
            }
            for step in range(n)
        ],
    )
    return onnx.model(nodes, tensors), hierarchy


def unnamed_cell(n: int) -> Case:
    """The same without names, the weight found by its content: each node sorted all n calls."""
    values = ["x", *(f"v{i}" for i in range(n))]
    nodes = [onnx.node("MatMul", [values[i], "w0"], values[i + 1]) for i in range(n)]
    stats = {"min": 1.0, "max": 4.0, "mean": 2.5, "l2": 30**0.5}
    hierarchy = _hierarchy(
        [{"path": "cell", "class": "torch.nn.modules.linear.Linear", "calls": n}],
        tensors=[{"name": "cell.weight", "dtype": "float32", "shape": [2, 2], "stats": stats}],
        calls=_calls_of(["cell"] * n),
    )
    return onnx.model(nodes, [onnx.float_tensor("w0", [2, 2], struct.pack("<4f", 1, 2, 3, 4))]), hierarchy


def shared_tensor(n: int) -> Case:
    """One tensor that n modules and n nodes without names read: each node was proposed to each module."""
    nodes = [onnx.node("Add", ["x", "shared"], f"v{i}") for i in range(n)]
    modules = [f"m{i}" for i in range(n)]
    hierarchy = _hierarchy(
        [{"path": module, "class": "m.Reader"} for module in modules],
        tensors=[{"name": "shared", "shape": [2, 2]}],
        calls=_calls_of(modules),
        ops_source="torch_export",
        ops=[
            {"op": "aten.add.Tensor", "call": i + 1, "name": f"add_{i}", "reads": [None, "shared"]}
            for i in range(n)
        ],
    )
    return onnx.model(nodes, [onnx.float_tensor("shared", [2, 2], bytes(16))]), hierarchy


def odd_sizes(n: int) -> Case:
    """n initializers of an odd size and n tensors of even ones, each tried against each."""
    size = 1023
    initializers = [onnx.float_tensor(f"w{i}", [size], b"") for i in range(n)]
    nodes = [onnx.node("Add", ["x", f"w{i}"], f"v{i}") for i in range(n)]
    stats = {"min": 0, "mean": 1, "l2": 5}
    hierarchy = _hierarchy(
        [{"path": "a", "class": "m.A"}],
        tensors=[
            {"name": f"a.t{i}", "dtype": "float32", "shape": [2 * i], "stats": {**stats, "max": i}}
            for i in range(1, n + 1)
        ],
    )
    return onnx.model(nodes, initializers), hierarchy


def equal_tensors(n: int) -> Case:
    """One weight that n nodes read, and n modules whose tensors all equal it: each node was proposed to each module."""
    one = struct.pack("<4f", 1, 1, 1, 1)
    values = ["x", *(f"v{i}" for i in range(n))]
    nodes = [onnx.node("Mul", [values[i], "blocks.0.weight"], values[i + 1]) for i in range(n)]
    modules = [f"blocks.{i}" for i in range(n)]
    stats = {"min": 1.0, "max": 1.0, "mean": 1.0, "l2": 2.0}
    hierarchy = _hierarchy(
        [{"path": "blocks", "class": "m.Blocks"}, *({"path": module, "class": "m.Scale"} for module in modules)],
        tensors=[
            {"name": f"{module}.weight", "kind": "parameter", "dtype": "float32", "shape": [4], "stats": stats}
            for module in modules
        ],
        calls=_calls_of(modules),
    )
    return onnx.model(nodes, [onnx.float_tensor("blocks.0.weight", [4], one)]), hierarchy


def numbered_scopes(n: int) -> Case:
    """n calls of one module, in scopes cell to cell_(n-1): each number copied all the entries."""
    scopes = [f"cell_{call}" if call else "cell" for call in range(n)]
    values = ["x", *(f"/{scope}/Relu_output_0" for scope in scopes)]
    nodes = [onnx.scoped("Relu", [value], scope) for value, scope in zip(values, scopes)]
    hierarchy = _hierarchy([{"path": "cell", "class": "m.Cell"}], calls=_calls_of(["cell"] * n))
    return onnx.model(nodes), hierarchy


def chained_clones(n: int) -> Case:
    """n clones in a row, and nodes named after them: each node followed the whole chain."""
    hierarchy = _hierarchy(
        [],
        calls=[{"module": ""}],
        ops_source="exported_program",
        ops=[
            {"op": "aten.clone.default", "call": 0, "name": f"n{i}", "reads": [i - 1 if i else None]}
            for i in range(n)
        ],
    )
    return onnx.model([onnx.node("Relu", ["x"], f"n{i}") for i in range(n)]), hierarchy


def called_function(n: int) -> Case:
    """A function of n nodes that n nodes call: each of its nodes asked each caller."""
    body = onnx.function("F", "p", "q0", [onnx.node("Relu", ["p"], f"q{i}") for i in range(n)])
    calls = [onnx.node("F", ["x"], f"v{i}", domain="local") for i in range(n)]
    return onnx.model(calls, functions=[body]), _hierarchy([])


def nested_calls(n: int) -> Case:
    """n calls, each within the one before it: common callers were sought up the whole chain."""
    nodes, value = [], "x"
    for i in range(n):
        nodes += [onnx.node("Relu", [value], f"r{i}"), onnx.node("Abs", [f"r{i}"], f"unnamed_{i}")]
        value = f"unnamed_{i}"
    hierarchy = _hierarchy(
        [{"path": f"m{i}", "class": "m.Nested"} for i in range(n)],
        calls=[{"module": ""}, *({"module": f"m{i}", "parent": i} for i in range(n))],
        ops_source="exported_program",
        ops=[
            {
                "op": "aten.relu.default",
                "call": n - i if i % 2 else n // 2 + 1,
                "name": f"r{i}",
                "reads": [i - 1 if i else None],
            }
            for i in range(n)
        ],
    )
    return onnx.model(nodes), hierarchy


def equal_operators(n: int) -> Case:
    """n operators, of two deep modules in turn, and n nodes, all equal: each pair compared all of two paths."""
    rest = ".".join("a" * 250)
    modules = [f"a.{rest}", f"b.{rest}"]
    hierarchy = _hierarchy(
        [{"path": module, "class": "m.Deep"} for module in modules],
        calls=_calls_of(modules),
        ops_source="torch_export",
        ops=[{"op": "aten.relu.default", "call": 1 + i % 2, "name": f"r{i}", "reads": [None]} for i in range(n)],
    )
    return onnx.model([onnx.node("Relu", ["x"], f"v{i}") for i in range(n)]), hierarchy


def ambiguous_calls(n: int) -> Case:
    """n modules that are called thrice and have one node each, whose name leaves the call open."""
    scopes = [f"m{i}" for i in range(n)]
    values = ["x", *(f"/{scope}/Relu_output_0" for scope in scopes)]
    nodes = [onnx.scoped("Relu", [value], scope) for value, scope in zip(values, scopes)]
    modules = [{"path": scope, "class": "m.Layer"} for scope in scopes]
    return onnx.model(nodes), _hierarchy(modules, calls=_calls_of([scope for scope in scopes for _ in range(3)]))


def many_modules(n: int) -> Case:
    """n modules of one node each: the report sought each one's member among all before it."""
    scopes = [f"m.{i}" for i in range(n)]
    container = {"path": "m", "class": "torch.nn.modules.container.ModuleList", "calls": 0}
    modules = [{"path": scope, "class": "m.Layer", "calls": 1} for scope in scopes]
    return onnx.model([onnx.scoped("Relu", ["x"], scope) for scope in scopes]), _hierarchy([container, *modules])


def distinct_operators(n: int) -> Case:
    """n modules, each with an operator of its own, that read one tensor: all of these meet at the root."""
    scopes = [f"m{i}" for i in range(n)]
    nodes = [onnx.scoped(f"Op{i}", ["x", "shared"], scope) for i, scope in enumerate(scopes)]
    modules = [{"path": scope, "class": "m.Layer", "calls": 1} for scope in scopes]
    return onnx.model(nodes, [onnx.float_tensor("shared", [2, 2], bytes(16))]), _hierarchy(modules)


def suffixes(n: int) -> Case:
    """A tagged model with n deep paths, and a submodule to look up: all ends of all paths were listed."""
    rest = ".".join(f"{i:04x}" for i in range(40))
    hierarchy = _hierarchy([{"path": f"p{k}.{rest}", "class": "m.Deep"} for k in range(n)])
    inner = onnx.node("Relu", ["p"], "q", tags={"modelexport.submodule": "zz", "modelexport.evidence": "none"})
    tags = {"modelexport.module": "", "modelexport.tag": "/Model", "modelexport.evidence": "none"}
    calls = [onnx.node("F", ["x"], f"v{i}", domain="local", tags=tags) for i in range(2)]
    entries = {"modelexport.presets": "modelexport", "modelexport.hierarchy": json.dumps(hierarchy)}
    return onnx.model(calls, functions=[onnx.function("F", "p", "q", [inner])], entries=entries), hierarchy


def tagged_blocks(n: int) -> Case:
    """A tagged chain of n equal blocks of two modules: for extract, outline and tap, which look at all pieces or calls."""
    nodes, value = [], "x"
    calls: list[dict[str, Any]] = [{"module": ""}]
    modules: list[dict[str, Any]] = [{"path": "b", "class": "torch.nn.modules.container.ModuleList", "calls": 0}]
    for i in range(n):
        block = f"b.{i}"
        modules += [{"path": block, "class": "m.Block", "calls": 1}, {"path": f"{block}.a", "class": "m.Act", "calls": 1}]
        calls += [{"module": block, "parent": 0}, {"module": f"{block}.a", "parent": len(calls)}]
        for path, operator, reads in ((block, "Mul", [value, f"w{i}"]), (f"{block}.a", "Relu", [f"m{i}"])):
            made = f"m{i}" if operator == "Mul" else f"r{i}"
            tags = {"modelexport.module": path, "modelexport.tag": "/Model", "modelexport.evidence": "node_name"}
            nodes.append(onnx.node(operator, reads, made, f"/{path}/{operator}", tags=tags))
        value = f"r{i}"
    hierarchy = _hierarchy(modules, calls=calls)
    hierarchy["modules"][0]["calls"] = 1
    nodes.append(onnx.node("Neg", [value], "y"))
    entries = {"modelexport.presets": "modelexport", "modelexport.hierarchy": json.dumps(hierarchy)}
    weights = [onnx.float_tensor(f"w{i}", [2], struct.pack("<2f", 1, i)) for i in range(n)]
    # All types are declared: onnx's own inference, which nothing can interrupt, is not asked.
    values = [onnx.floats(f"{letter}{i}", [2]) for i in range(n) for letter in "mr"]
    x, y = ([onnx.floats(name, [2])] for name in "xy")
    return onnx.model(nodes, weights, entries=entries, inputs=x, outputs=y, values=values), hierarchy


def _event(name: str, begin: int, duration: int, thread: int = 1, op_type: str = "") -> dict[str, Any]:
    """As ONNX Runtime's profiler writes them; a kernel if it has an operator."""
    event = {"cat": "Node" if op_type else "Session", "pid": 1, "tid": thread, "dur": duration, "ts": begin, "ph": "X"}
    return {**event, "name": f"{name}_kernel_time" if op_type else name, "args": {"op_name": op_type} if op_type else {}}


def profiled_runs(n: int) -> Case:
    """n runs of one node, with its profile in place of a hierarchy."""
    events = []
    for run in range(n):
        events += [_event("/cell/Relu", 10 * run + 1, 5, op_type="Relu"), _event("model_run", 10 * run, 9)]
    return onnx.model([onnx.scoped("Relu", ["x"], "cell")], []), events


def profiled_threads(n: int) -> Case:
    """n runs at the same time, each on a thread of its own, and n kernels of a pool between them."""
    kernels = [_event("/cell/Relu", thread + 1, 5, thread, "Relu") for thread in range(n)]
    pool = [_event("/cell/Relu", 7 * kernel, 5, n, "Relu") for kernel in range(n)]
    runs = [_event("model_run", thread, 2 * n, thread) for thread in range(n)]
    return onnx.model([onnx.scoped("Relu", ["x"], "cell")], []), [*kernels, *pool, *runs]


def profiled_nodes(n: int) -> Case:
    """One run of n nodes of as many modules, each kernel within the time of the one before it."""
    scopes = [f"cell{number}" for number in range(n)]
    kernels = [_event(f"/{scope}/Relu", number, 2 * (n - number), op_type="Relu") for number, scope in enumerate(scopes)]
    model = onnx.model([onnx.scoped("Relu", ["x"], scope) for scope in scopes], [])
    return model, [*reversed(kernels), _event("model_run", 0, 2 * n)]
