"""The models of testdata: configurations written out in full, weights from fixed seeds, nothing downloaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
import trap_models
from torch import nn


@dataclass
class Fixture:
    """A model in eval mode and the inputs that it is run and exported with."""

    model: nn.Module
    args: tuple[torch.Tensor, ...]
    input_names: list[str] | None = None
    output_names: list[str] | None = None
    kwargs: dict[str, torch.Tensor] = field(default_factory=dict)
    exporters: tuple[str, ...] = ("torchscript", "dynamo")
    ops: str = "export"  # where the sidecar's operators come from
    dynamic_axes: dict[str, list[int]] | None = None  # of the TorchScript export
    variants: dict[str, tuple[str, ...]] = field(default_factory=dict)  # exporter -> those of tests/accuracy kept too


def make(name: str) -> Fixture:
    """The model `name`, the same at every call."""
    torch.manual_seed(2026)
    fixture = FIXTURES[name]()
    fixture.model.eval()
    make_tensors_distinct(fixture.model)
    _check_distinct(fixture.model)
    return fixture


def make_tensors_distinct(model: nn.Module) -> None:
    """Gives tensors that an initialisation filled with one value other ones, as training does.

    Otherwise all fresh LayerNorm weights are equal, and an exporter that merges equal tensors produces files
    that no trained model gives.
    """
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for index, (name, tensor) in enumerate(_tensors(model)):
            if name.endswith("num_batches_tracked"):
                tensor.fill_(1000 + index)
            elif tensor.is_floating_point() and bool((tensor == tensor.flatten()[0]).all()):
                # Added to the old value: scales and variances stay positive.
                tensor += 0.1 * torch.rand(tensor.shape, generator=generator)


def _tensors(model: nn.Module) -> list[tuple[str, torch.Tensor]]:
    return [*model.named_parameters(), *model.named_buffers()]


def _check_distinct(model: nn.Module) -> None:
    seen: dict[tuple[Any, ...], str] = {}
    for name, tensor in _tensors(model):
        key = (tensor.dtype, tuple(tensor.shape), tensor.numpy(force=True).tobytes())
        if key in seen:
            raise AssertionError(f"{name} and {seen[key]} are equal")
        seen[key] = name


def token_ids(vocabulary: int, *shape: int) -> torch.Tensor:
    return torch.randint(1, vocabulary, shape, generator=torch.Generator().manual_seed(11))


def values(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(13))


# --- transformers -----------------------------------------------------------------------------------------------------


def bert_tiny() -> Fixture:
    """prajjwal1/bert-tiny with the first 1,000 rows of its vocabulary."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=1000,  # bert-tiny: 30522
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=512,
        hidden_act="gelu",
        hidden_dropout_prob=0.1,
        attention_probs_dropout_prob=0.1,
        max_position_embeddings=512,
        type_vocab_size=2,
        initializer_range=0.02,
        layer_norm_eps=1e-12,
        pad_token_id=0,
        attn_implementation="eager",
        return_dict=False,
    )
    return Fixture(
        model=BertModel(config),
        args=(token_ids(1000, 2, 16), torch.ones(2, 16, dtype=torch.long)),
        input_names=["input_ids", "attention_mask"],
        output_names=["last_hidden_state", "pooler_output"],
    )


def resnet50() -> Fixture:
    """microsoft/resnet-50 at an eighth of its width, with 10 labels and smaller images."""
    from transformers import ResNetConfig, ResNetForImageClassification

    config = ResNetConfig(
        num_channels=3,
        embedding_size=8,  # resnet-50: 64
        hidden_sizes=[32, 64, 128, 256],  # resnet-50: 256, 512, 1024, 2048
        depths=[3, 4, 6, 3],
        layer_type="bottleneck",
        hidden_act="relu",
        downsample_in_first_stage=False,
        downsample_in_bottleneck=False,
        num_labels=10,
        return_dict=False,
    )
    return Fixture(
        model=ResNetForImageClassification(config),
        args=(values(1, 3, 64, 64),),
        input_names=["pixel_values"],
        output_names=["logits"],
    )


def sam_vision() -> Fixture:
    """The vision encoder of facebook/sam-vit-base, narrow, with a quarter of its image size."""
    from transformers import SamVisionConfig
    from transformers.models.sam.modeling_sam import SamVisionModel

    config = SamVisionConfig(
        hidden_size=48,  # sam-vit-base: 768
        output_channels=32,  # sam-vit-base: 256
        num_hidden_layers=12,
        num_attention_heads=12,
        num_channels=3,
        image_size=256,  # sam-vit-base: 1024
        patch_size=16,
        hidden_act="gelu",
        layer_norm_eps=1e-06,
        attention_dropout=0.0,
        initializer_range=0.02,  # sam-vit-base: 1e-10, which training replaces
        qkv_bias=True,
        mlp_ratio=4.0,
        use_abs_pos=True,
        use_rel_pos=True,
        window_size=14,
        global_attn_indexes=[2, 5, 8, 11],
        num_pos_feats=16,  # sam-vit-base: 128
        mlp_dim=192,  # sam-vit-base: 3072
        attn_implementation="eager",
        return_dict=False,
    )
    return Fixture(
        model=SamVisionModel(config),
        args=(values(1, 3, 256, 256),),
        input_names=["pixel_values"],
        output_names=["last_hidden_state"],
    )


# --- traps ------------------------------------------------------------------------------------------------------------


def naming_traps() -> Fixture:
    return Fixture(
        model=trap_models.NamingTraps(),
        args=(token_ids(50, 2, 7),),
        input_names=["tokens"],
        output_names=["scores"],
    )


def script_traps() -> Fixture:
    return Fixture(
        model=trap_models.ScriptTraps(),
        args=(values(3, 4, trap_models.WIDTH),),
        input_names=["x"],
        output_names=["y"],
        exporters=("torchscript",),  # torch.export knows no scripted functions
        ops="dispatch",
    )


def lost_names() -> Fixture:
    return Fixture(
        model=trap_models.LostNames(),
        args=(token_ids(40, 2, 5),),
        input_names=["tokens"],
        output_names=["scores"],
        dynamic_axes={"tokens": [0, 1]},
        variants={
            "torchscript": ("anon", "ort_extended", "onnxsim", "qdq", "fp16"),
            "dynamo": ("anon", "ort_extended", "onnxslim", "dynquant"),
        },
    )


FIXTURES: dict[str, Callable[[], Fixture]] = {
    "bert_tiny": bert_tiny,
    "resnet50": resnet50,
    "sam_vision": sam_vision,
    "naming_traps": naming_traps,
    "script_traps": script_traps,
    "lost_names": lost_names,
}
