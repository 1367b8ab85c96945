#!/usr/bin/env python3
"""Writes samples of the other forms of sidecar that the program reads, for bert_tiny.

usage: make_samples.py [FOLDER]

Each is what winml-cli or the original ModelExport would write for the model of
../bert_tiny/hierarchy.json, by their documented formats (docs/sidecar.md): what
they leave out is left out here too. Goes by that file alone and gives the same
bytes on every run. FOLDER is this one unless given.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent

# Classes of torch.nn that *_module_info.json and *_hierarchy.json list all the same.
MODULE_INFO_EXCEPTIONS = {
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "Conv1d", "Conv2d", "Conv3d", "Dropout",
    "Embedding", "GroupNorm", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d", "LayerNorm",
    "Linear", "MultiheadAttention",
}
USAGE_EXCEPTIONS = {"LayerNorm"}


def short(qualified):
    return qualified.rsplit(".", 1)[-1]


def last_atom(path):
    return path.rsplit(".", 1)[-1]


def is_listed(module, exceptions):
    name = module["class"]
    return not name.startswith("torch.nn.") or short(name) in exceptions


def is_below(path, ancestor):
    return path != ancestor and (not ancestor or path.startswith(ancestor + "."))


def entered(sidecar, listed):
    """Yields (path, path of the listed caller) at the first call of each listed module."""
    nearest = []
    seen = set()
    for call in sidecar["calls"]:
        caller = None if call["parent"] is None else nearest[call["parent"]]
        path = call["module"]
        nearest.append(path if path in listed else caller)
        if path in listed and path not in seen:
            seen.add(path)
            yield path, caller


def flat_map(sidecar):
    """What the tracer has in memory: modules called, not of torch.nn, by path."""
    listed = {m["path"]: m for m in sidecar["modules"] if is_listed(m, set())}
    modules = {}
    for order, (path, caller) in enumerate(entered(sidecar, listed)):
        segment = short(listed[path]["class"])
        if last_atom(path).isdigit():
            segment += "." + last_atom(path)
        modules[path] = {
            "name": path,
            "class_name": short(listed[path]["class"]),
            "module_type": "huggingface",
            "traced_tag": ("" if caller is None else modules[caller]["traced_tag"]) + "/" + segment,
            "execution_order": order,
        }
    return modules


def htp_metadata(sidecar):
    """The report of an export, with the flat map as a tree."""
    flat = flat_map(sidecar)
    trees = {path: {"class_name": m["class_name"], "traced_tag": m["traced_tag"], "scope": path,
                    "execution_order": m["execution_order"]} for path, m in flat.items()}
    for path, tree in trees.items():
        if path:
            parent = max((other for other in trees if is_below(path, other)), key=len)
            name = tree["traced_tag"].rsplit("/", 1)[-1]
            trees[parent].setdefault("children", {})[name] = tree
    total = len(sidecar["modules"])
    return {
        "export_context": {"timestamp": "2026-01-01T00:00:00Z", "strategy": "htp",
                           "version": "1.0", "exporter": "HTPExporter",
                           "embed_hierarchy_attributes": True, "export_time_seconds": 1.0},
        "model": {"name_or_path": "bert_tiny", "class_name": trees[""]["class_name"],
                  "framework": "transformers", "total_modules": total, "total_parameters": 590000},
        "tracing": {"builder": "TracingHierarchyBuilder", "source": "trace",
                    "modules_traced": len(flat), "execution_steps": 2 * len(flat),
                    "inputs": {"input_ids": {"shape": [2, 16], "dtype": "torch.int64"}}},
        "modules": trees[""],
        "nodes": {"/encoder/layer.0/attention/self/MatMul":
                  flat["encoder.layer.0.attention.self"]["traced_tag"]},
        "outputs": {"onnx_model": {"path": "bert_tiny", "size_mb": 2.46, "opset_version": 17,
                                   "output_names": ["last_hidden_state"]},
                    "metadata": {"path": "bert_tiny_htp_metadata.json"}},
        "report": {"steps": {"node_tagging": {"completed": True, "total_nodes": 148,
                                              "tagged_nodes_count": 148,
                                              "coverage_percentage": 100.0}}},
        "statistics": {"export_time": 1.0, "hierarchy_modules": total,
                       "traced_modules": len(flat), "onnx_nodes": 148, "tagged_nodes": 148,
                       "empty_tags": 0, "coverage_percentage": 100.0,
                       "module_types": sorted({m["class_name"] for m in flat.values()})},
    }


def hierarchy_usage(sidecar):
    """Counts of calls, of which hooks know when a call ends: children before their parents."""
    listed = {m["path"]: m for m in sidecar["modules"] if is_listed(m, USAGE_EXCEPTIONS)}
    usage = {}
    open_calls = []

    def leave(until):
        while open_calls and open_calls[-1] != until:
            path = sidecar["calls"][open_calls.pop()]["module"]
            if path in listed:
                usage[path] = usage.get(path, 0) + 1

    for index, call in enumerate(sidecar["calls"]):
        leave(call["parent"])
        open_calls.append(index)
    leave(None)
    node_tags = {}
    for index, (path, calls) in enumerate(usage.items()):
        tag = "/" + "/".join(short(m["class"]) for p, m in listed.items()
                             if p == path or is_below(path, p))
        node_tags[f"usage_node_{index}_{path.replace('.', '_')}"] = {
            "tags": [tag], "primary_path": tag, "op_type": "unknown", "source": "module_usage",
            "usage_count": calls, "module_class": short(listed[path]["class"])}
    return {
        "version": "1.0",
        "model_path": "bert_tiny.onnx",
        "export_method": "usage_based",
        "node_tags": node_tags,
        "statistics": {"total_nodes": len(node_tags), "tagged_nodes": len(node_tags),
                       "unique_tags": len({t["primary_path"] for t in node_tags.values()})},
        "metadata": {"strategy": "usage_based", "torch_nn_exceptions": sorted(USAGE_EXCEPTIONS),
                     "usage_stats": usage},
    }


def module_info(sidecar):
    """All modules but the root, less most of torch.nn's, with their parameters and children."""
    classes = {m["path"]: m["class"] for m in sidecar["modules"]}
    parameters = [t["name"] for t in sidecar["tensors"] if t["kind"] == "parameter"]
    modules = {}
    for module in sidecar["modules"]:
        path = module["path"]
        if not path or not is_listed(module, MODULE_INFO_EXCEPTIONS):
            continue
        below = [name[len(path) + 1:] for name in parameters if is_below(name, path)]
        modules[path] = {
            "class": short(module["class"]),
            "module_path": path,
            "forward_args": ["input"],
            "parameters": below,
            "direct_parameters": [name for name in below if "." not in name],
            "children": {last_atom(p): short(c) for p, c in classes.items()
                         if is_below(p, path) and p.count(".") == path.count(".") + 1},
        }
    return {
        "model_class": classes[""],
        "model_signature": {"forward_args": ["input_ids", "attention_mask"],
                            "forward_defaults": {"input_ids": None, "attention_mask": None}},
        "modules": modules,
        "hierarchy_depth": max(path.count(".") for path in modules) + 1,
        "expected_hierarchy": {"/BertModel/BertEmbeddings": ["embeddings"]},
    }


SAMPLES = {
    "bert_tiny_flat_map.json": flat_map,
    "bert_tiny_htp_metadata.json": htp_metadata,
    "bert_tiny_hierarchy.json": hierarchy_usage,
    "bert_tiny_module_info.json": module_info,
}


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    sidecar = json.loads((HERE.parent / "bert_tiny" / "hierarchy.json").read_text())
    for name, make in SAMPLES.items():
        (folder / name).write_text(json.dumps(make(sidecar), indent=1) + "\n")


if __name__ == "__main__":
    main()
