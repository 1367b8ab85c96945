"""Makes the files of other_files.py and their true owners. A maker yields Made."""

from __future__ import annotations

import collections
import copy
import functools
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import changed
import corpus_models
import make_corpus
import make_fixtures
import numpy
import onnx
import optimised
import other_models
import stripped
import torch
from fixture_models import Fixture
from ground_truth import Owner, all_nodes, structure, value_numbers
from modelexport.sidecar import build_hierarchy
from variant_owners import owners_of_variant

EXPORTERS = ("torchscript", "dynamo")


@dataclass
class Made:
    """A file, the folder of its row, and what it is tagged with."""

    row: str
    model: str
    exporter: str
    variant: str
    file: onnx.ModelProto
    owners: list[Owner]
    hierarchy: dict[str, Any]


def hierarchy_of(fixture: Fixture, **keywords: Any) -> dict[str, Any]:
    return build_hierarchy(fixture.model, fixture.args, fixture.kwargs, **keywords)


def export_of(exporter: str, fixture: Fixture) -> make_fixtures.Export:
    return make_fixtures.MAKERS[exporter](fixture, hierarchy_of(fixture, ops="none"))


def variant_of(name: str, export: make_fixtures.Export, fixture: Fixture) -> tuple[onnx.ModelProto, list[Owner]]:
    return make_corpus.make_variant(name, export, [*fixture.args, *fixture.kwargs.values()])


def moved(owners: Iterable[Owner], path: Callable[[str], str | None]) -> list[Owner]:
    """The owners in another model; nobody is the owner where `path` has no module."""
    result = copy.deepcopy(list(owners))
    for owner in result:
        owner.module = None if owner.module is None else path(owner.module)
        owner.also = [other for other in map(path, owner.also) if other is not None]
    return result


def read_corpus(corpus: pathlib.Path, variant: str, exporter: str = "*") -> Iterator[tuple[Made, pathlib.Path]]:
    """The files of a variant, still without a row, and their folders."""
    for path in sorted(corpus.glob(f"*/{exporter}/{variant}/owners.tsv")):
        folder = path.parent
        hierarchy = json.loads((folder.parent / "hierarchy.json").read_text(encoding="utf-8"))
        model, of, _ = folder.parts[-3:]
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        yield (
            Made("", model, of, variant, onnx.load(folder / "model.onnx"), [_owner(row) for row in rows], hierarchy),
            folder,
        )


def _owner(row: list[str]) -> Owner:
    place, operator, module, call, soft, reason, also = row
    owner = Owner(place, operator, reason=reason if reason != "-" else "", soft=soft == "soft")
    owner.module = {"?": None, ".": ""}.get(module, module)
    owner.call = None if call == "-" else int(call)
    owner.also = [] if also == "-" else ["" if path == "." else path for path in also.split(",")]
    return owner


# --- siblings ---------------------------------------------------------------------------------------------------------


def siblings(_: pathlib.Path) -> Iterator[Made]:
    for name in ("gpt2", "llama", "qwen2"):
        fixtures = {
            "first": other_models.decoder(name, 12, 0),
            "longer": other_models.decoder(name, 19, 0),
            "with_past": other_models.decoder(name, 1, 11),
        }
        exports = {(e, kind): export_of(e, fixture) for e in EXPORTERS for kind, fixture in fixtures.items()}
        sidecars = {
            kind: hierarchy_of(fixture, program=exports["dynamo", kind].program) for kind, fixture in fixtures.items()
        }
        pairs = {"past": ("first", "with_past"), "no_past": ("with_past", "first"), "longer": ("first", "longer")}
        for exporter in EXPORTERS:
            for pair, (sidecar, file) in pairs.items():
                for variant, row in (("plain", "sibling"), ("anon", "sibling_anon")):
                    made = variant_of(variant, exports[exporter, file], fixtures[file])
                    yield Made(f"{row}_{pair}", name, exporter, variant, *made, sidecars[sidecar])


# --- parts and wrappers -----------------------------------------------------------------------------------------------


WRAPPERS = (("module", False), ("_orig_mod", False), ("base_model.model", False), ("pipeline.net.model", True))
PART_VARIANTS = ("meta", "plain", "ort_extended", "dynquant", "anon")


def parts(_: pathlib.Path) -> Iterator[Made]:
    for name, inner in (
        ("bert", other_models.of_transformers("bert")),
        ("resnet", other_models.of_transformers("resnet")),
    ):
        for path, beside in WRAPPERS:
            yield from _both_ways(name, path, inner, other_models.held(inner, path, beside))
    for name, path, model in (
        ("bert", "bert", "BertForSequenceClassification"),
        ("llama", "model", ""),
        ("resnet", "resnet", ""),
    ):
        whole = other_models.of_transformers(name, model)
        yield from _both_ways(name, path, Fixture(whole.model.get_submodule(path), whole.args), whole)


def _both_ways(name: str, path: str, inner: Fixture, outer: Fixture) -> Iterator[Made]:
    def below(module: str) -> str:
        return f"{path}.{module}" if module else path

    def within(module: str) -> str | None:
        return module[len(path) + 1 :] if f"{module}.".startswith(f"{path}.") else None

    model = f"{name}-{path}"
    sidecars = hierarchy_of(inner), hierarchy_of(outer)
    for exporter in EXPORTERS:
        part, whole = export_of(exporter, inner), export_of(exporter, outer)
        for variant in PART_VARIANTS[exporter == "torchscript" :]:
            file, owners = variant_of(variant, part, inner)
            yield Made(f"itself_{variant}", model, exporter, variant, file, owners, sidecars[0])
            yield Made(f"part_{variant}", model, exporter, variant, file, moved(owners, below), sidecars[1])
            file, owners = variant_of(variant, whole, outer)
            yield Made(f"wrapping_{variant}", model, exporter, variant, file, moved(owners, within), sidecars[0])


# --- ScriptModules ----------------------------------------------------------------------------------------------------


def scripts(_: pathlib.Path) -> Iterator[Made]:
    fixtures = {
        name: corpus_models.make(name) for name in ("small_resnet", "mixer", "sequence_tagger", "unet", "two_tower")
    }
    fixtures |= {name: other_models.of_transformers(name) for name in ("bert", "resnet", "vit")}
    fixtures |= {name: other_models.IN_PARTS[name]() for name in ("LSTMCell", "LayerNorm, GELU")}
    for name, fixture in fixtures.items():
        export, hierarchy = export_of("torchscript", fixture), hierarchy_of(fixture)
        forward = fixture.model.forward

        def positional(*values: Any, forward: Any = forward) -> Any:
            result = forward(*values)
            return result.to_tuple() if hasattr(result, "to_tuple") else result

        with make_fixtures.replaced(fixture.model, "forward", positional):
            traced = torch.jit.trace(fixture.model, fixture.args, check_trace=False)
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/model.onnx"
            opset = make_fixtures.TORCHSCRIPT_OPSET
            torch.onnx.export(traced, fixture.args, path, dynamo=False, opset_version=opset)
            file = onnx.load(path)
        owners = _owners_by_work(file, export)
        for variant, row in (("plain", "script"), ("anon", "script_anon")):
            yield Made(
                row, name, "torchscript", variant, stripped.STRIPPED[variant](copy.deepcopy(file)), owners, hierarchy
            )


def _owners_by_work(file: onnx.ModelProto, export: make_fixtures.Export) -> list[Owner]:
    """Of another export of the same model: node by node where both are one graph, else of what computes the same."""
    if structure(file) == structure(export.model):
        return export.owners
    renamed = copy.deepcopy(file)  # value_numbers goes by the names of the inputs
    for graph in stripped.graphs(renamed):
        new = {mine.name: other.name for mine, other in zip(renamed.graph.input, export.model.graph.input)}
        for node in graph.node:
            node.input[:] = [new.get(value, value) for value in node.input]
    for mine, other in zip(renamed.graph.input, export.model.graph.input):
        mine.name = other.name
    same = collections.defaultdict(list)
    at = {owner.place: owner for owner in export.owners}
    for place, number in value_numbers(export.model).items():
        same[number].append(at[place])
    numbers = value_numbers(renamed)
    result = []
    for place, node in all_nodes(renamed):
        found = same.get(numbers.get(place, ""), [])
        owner = Owner(place, node.op_type, reason="computes what no node of the other export does")
        if found and len({other.module for other in found}) == 1:
            owner = copy.deepcopy(found[0])
            owner.place = place
        result.append(owner)
    return result


# --- ONNX Runtime GenAI's builder -------------------------------------------------------------------------------------


BUILT = {"llama": ("LlamaForCausalLM", "LlamaConfig"), "qwen2": ("Qwen2ForCausalLM", "Qwen2Config")}
BUILT |= {"qwen3": ("Qwen3ForCausalLM", "Qwen3Config"), "mistral": ("MistralForCausalLM", "MistralConfig")}


def builder(_: pathlib.Path) -> Iterator[Made]:
    """Needs the package onnxruntime-genai (`pip install --no-deps` is enough)."""
    import transformers
    from tokenizers import Tokenizer, models

    spec = importlib.util.find_spec("onnxruntime_genai")
    program = pathlib.Path(spec.origin).parent / "models" / "builder.py"
    sizes = {
        "vocab_size": 200,
        "hidden_size": 64,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
    }
    sizes |= {"intermediate_size": 128, "max_position_embeddings": 64, "head_dim": 16}
    tokens = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
    for name, (model, config) in BUILT.items():
        given = getattr(transformers, config)(**sizes, **tokens)
        given._attn_implementation = "eager"
        make = getattr(transformers, model)
        fixture = other_models.distinct(functools.partial(make, given), corpus_models.token_ids(200, 2, 12))
        hierarchy = hierarchy_of(fixture)
        paths = {module["path"] for module in hierarchy["modules"]}
        with tempfile.TemporaryDirectory() as folder:
            fixture.model.save_pretrained(f"{folder}/in")
            words = Tokenizer(models.WordLevel({f"w{number}": number for number in range(200)}, unk_token="w0"))
            transformers.PreTrainedTokenizerFast(tokenizer_object=words).save_pretrained(f"{folder}/in")
            for precision in ("fp32", "int4"):
                command = [sys.executable, program, "-m", name, "-i", f"{folder}/in", "-o", f"{folder}/{precision}"]
                command += ["-p", precision, "-e", "cpu", "-c", f"{folder}/cache"]
                subprocess.run(command, check=True, env=os.environ | {"HF_HUB_OFFLINE": "1"})
                file = onnx.load(f"{folder}/{precision}/model.onnx")
                owners = [_built_owner(place, node, paths) for place, node in all_nodes(file)]
                yield Made("builder", name, precision, "plain", file, owners, hierarchy)
                bare = stripped.anon(copy.deepcopy(file))
                yield Made("builder_anon", name, precision, "anon", bare, owners, hierarchy)


def _built_owner(place: str, node: onnx.NodeProto, paths: set[str]) -> Owner:
    """By the node's name, in which the builder calls three kinds of modules otherwise than the model does."""
    owner = Owner(place, node.op_type, reason="not a module of the model")
    *scope, _ = node.name.strip("/").split("/")
    path = re.sub(r"\.layers\.\d+\.final_norm_layernorm\b", ".norm", ".".join(scope))
    path = re.sub(r"\.attn\b", ".self_attn", path)
    path = re.sub(r"\.self_attn\.qkv_proj\b.*", ".self_attn", path)
    while path not in paths and path.count(".") > 2:  # a node's name may go on behind the module's
        path = path.rpartition(".")[0]
    if path in paths and node.op_type != "Constant" and "attn_mask" not in node.name:
        owner.module, owner.reason = path, ""
        if "qkv_proj" in node.name:
            owner.make_soft("three projections in one")
            owner.also = [f"{path}.{name}" for name in ("q_proj", "k_proj", "v_proj")]
    return owner


# --- operators in parts -----------------------------------------------------------------------------------------------


def in_parts(_: pathlib.Path) -> Iterator[Made]:
    for name, make in other_models.IN_PARTS.items():
        fixture = make()
        hierarchy = hierarchy_of(fixture)
        for exporter, opset in (("torchscript", 17), ("torchscript", 14), ("dynamo", None)):
            with make_fixtures.replaced(make_fixtures, "TORCHSCRIPT_OPSET", opset):
                export = export_of(exporter, fixture)
            for variant, suffix in (("plain", ""), ("anon", "_anon")):
                row = f"in_parts_{name.split(',')[0]}{suffix}"
                yield Made(
                    row, f"opset{opset or ''}", exporter, variant, *variant_of(variant, export, fixture), hierarchy
                )


# --- two losses, no contents, helpers: files of the corpus ------------------------------------------------------------


def two_losses(corpus: pathlib.Path) -> Iterator[Made]:
    for variant in ("ort_extended", "onnxslim", "dynquant", "qdq"):
        for made, _ in read_corpus(corpus, variant):
            made.row, made.file = f"two_{variant}", stripped.anon(made.file)
            yield made
    for variant in ("plain", "anon"):
        for made, _ in read_corpus(corpus, variant):
            made.row = f"half_{variant}"
            made.file, made.owners = second_half(made.file, made.owners)
            yield made


def second_half(model: onnx.ModelProto, owners: list[Owner]) -> tuple[onnx.ModelProto, list[Owner]]:
    """What the second half of the nodes computes: values of the first half are inputs."""
    graph = model.graph
    first = len(graph.node) // 2
    typed = {value.name: value for value in (*graph.value_info, *graph.input)}
    made = {value for node in graph.node[:first] for value in node.output}
    kept = [(place, node) for place, node in all_nodes(model) if _main_index(place) >= first]
    read = list(dict.fromkeys(value for _, node in kept for value in node.input if value))
    stored = {tensor.name for tensor in graph.initializer}
    inputs = [
        typed.get(v) or onnx.ValueInfoProto(name=v) for v in read if v in made or (v in typed and v not in stored)
    ]
    own = {value for _, node in kept for value in node.output}
    inputs = [value for value in inputs if value.name not in own or value.name in made]
    outputs = [value for value in graph.output if value.name in own]
    tensors = [tensor for tensor in graph.initializer if tensor.name in set(read)]
    half = copy.deepcopy(model)
    half.graph.ClearField("value_info")
    for field, values in (("input", inputs), ("output", outputs), ("initializer", tensors)):
        copies = copy.deepcopy(list(values))
        half.graph.ClearField(field)
        getattr(half.graph, field).extend(copies)
    nodes = copy.deepcopy(list(half.graph.node[first:]))
    half.graph.ClearField("node")
    half.graph.node.extend(nodes)
    shown = {place for place, _ in kept}
    return half, [owner for owner in owners if owner.place in shown]


def _main_index(place: str) -> int:
    """Of the node of the main graph that this is or that has it in a body; none of a function's."""
    if place.startswith("function:"):
        return 1 << 60
    return int(place.lstrip("#/").partition(":")[0])


def no_contents(corpus: pathlib.Path) -> Iterator[Made]:
    for variant in ("onlyparams", "anon"):
        for made, _ in read_corpus(corpus, variant):
            asked, trained = copy.copy(made), copy.copy(made)
            asked.row, asked.file = f"inputs_{variant}", weights_as_inputs(copy.deepcopy(made.file))
            trained.row, trained.file = f"trained_{variant}", changed.trained(copy.deepcopy(made.file))
            yield from (asked, trained)


def weights_as_inputs(model: onnx.ModelProto) -> onnx.ModelProto:
    """Every float tensor of more than one element becomes an input of the model."""
    kept = []
    present = {value.name for value in model.graph.input}
    for tensor in model.graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT or numpy.prod(tensor.dims, dtype=int) <= 1:
            kept.append(tensor)
        elif tensor.name not in present:
            model.graph.input.append(onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
    tensors = copy.deepcopy(kept)
    model.graph.ClearField("initializer")
    model.graph.initializer.extend(tensors)
    return model


INSERTED = "inserted before nodes of this module"


def helpers(corpus: pathlib.Path) -> Iterator[Made]:
    for variant in ("ort_basic", "ort_extended", "onnxsim", "onnxslim", "qdq", "dynquant"):
        for made, _ in read_corpus(corpus, variant):
            made.row = "helpers"
            for owner in made.owners:
                owner.module = owner.module if owner.reason == INSERTED else None
            yield made
    for name in ("unet", "resnet", "small_resnet", "mobilenet_v2", "convnext"):
        fixture = corpus_models.make(name)
        for exporter in EXPORTERS:
            export = export_of(exporter, fixture)
            with tempfile.TemporaryDirectory() as folder:
                source, target = pathlib.Path(folder) / "plain.onnx", pathlib.Path(folder) / "ort.onnx"
                onnx.save(stripped.plain(copy.deepcopy(export.model)), source)
                optimised.LAYOUT(source, target, [])
                file = onnx.load(target)
            owners = owners_of_variant(export.model, export.owners, _results_named(file, export.model))
            for (
                owner
            ) in owners:  # Conversions are nobody's; of other results with new names it is not known what they were.
                if owner.reason == INSERTED:
                    owner.module = None
            yield Made("layout", name, exporter, "ort_all", file, owners, hierarchy_of(fixture, program=export.program))


def _results_named(file: onnx.ModelProto, base: onnx.ModelProto) -> onnx.ModelProto:
    """ONNX Runtime names a node in blocks of channels after the result that it had: gives this name to the result."""
    made = {value for _, node in all_nodes(base) for value in node.output}
    left = {value for _, node in all_nodes(file) for value in node.output}
    named = copy.deepcopy(file)
    new = {}
    for node in named.graph.node:
        result = node.name.removesuffix("_nchwc")
        if result != node.name and result in made - left:
            new[node.output[0]] = result
    for node in named.graph.node:
        node.input[:] = [new.get(value, value) for value in node.input]
        node.output[:] = [new.get(value, value) for value in node.output]
    return named


# --- the sidecar of a wrapped model -----------------------------------------------------------------------------------


def wrapped_models(corpus: pathlib.Path) -> Iterator[Made]:
    wrappers: dict[str, Callable[[torch.nn.Module], torch.nn.Module]] = {
        "unwrapped": lambda model: model,
        "compiled": torch.compile,
        "parallel": torch.nn.DataParallel,
    }
    for name in ("bert", "llama", "small_resnet", "sequence_tagger", "vit"):
        fixture = corpus_models.make(name)
        sidecars = {
            row: build_hierarchy(wrap(fixture.model), fixture.args, fixture.kwargs) for row, wrap in wrappers.items()
        }
        for variant, suffix in (("plain", ""), ("anon", "_anon")):
            for made, folder in read_corpus(corpus, variant):
                if made.model == name:
                    for row, hierarchy in sidecars.items():
                        yield Made(f"{row}{suffix}", name, made.exporter, variant, made.file, made.owners, hierarchy)


MAKERS: dict[str, Callable[[pathlib.Path], Iterator[Made]]] = {
    maker.__name__: maker
    for maker in (siblings, parts, scripts, builder, in_parts, two_losses, no_contents, helpers, wrapped_models)
}
