"""The models of the corpus, as data: configurations in full, weights from a fixed seed, nothing downloaded.

A row of TRANSFORMERS is a model of the package transformers, small in width and depth; OWN are models written here and in
testdata; MORE are models for questions that need more of different kinds, of which no accuracy is published. `make(name)`
builds one.
"""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "testdata"))

import fixture_models
import trap_models
from fixture_models import Fixture, token_ids, values


@dataclass
class Row:
    """A model of transformers: its class, that of its configuration, what is not a default there, and its inputs."""

    model: str
    config: str
    settings: dict[str, Any]
    inputs: dict[str, torch.Tensor]
    exporters: tuple[str, ...] = ("torchscript", "dynamo")


def _text(length: int = 12) -> dict[str, torch.Tensor]:
    return {"input_ids": token_ids(200, 2, length), "attention_mask": torch.ones(2, length, dtype=torch.long)}


def _image(size: int) -> dict[str, torch.Tensor]:
    return {"pixel_values": values(1, 3, size, size)}


_NARROW = {"hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 96}
_DECODER = _NARROW | {"vocab_size": 200, "num_key_value_heads": 2, "max_position_embeddings": 64, "use_cache": False}

TRANSFORMERS = {
    "albert": Row("AlbertModel", "AlbertConfig", _NARROW | {"vocab_size": 200, "embedding_size": 24}, _text()),
    "bert": Row(
        "BertModel",
        "BertConfig",
        {"vocab_size": 1000, "hidden_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 512},
        _text(16),
    ),
    "convnext": Row(
        "ConvNextForImageClassification",
        "ConvNextConfig",
        {"hidden_sizes": [16, 24, 32, 48], "depths": [2, 2, 3, 2], "num_labels": 5},
        _image(64),
    ),
    "distilbert": Row(
        "DistilBertModel", "DistilBertConfig", {"vocab_size": 200, "dim": 48, "n_layers": 3, "n_heads": 4, "hidden_dim": 96}, _text()
    ),
    "gpt2": Row(
        "GPT2LMHeadModel",
        "GPT2Config",
        {"vocab_size": 200, "n_positions": 64, "n_embd": 48, "n_layer": 4, "n_head": 4, "use_cache": False},
        _text(),
    ),
    "llama": Row("LlamaForCausalLM", "LlamaConfig", _DECODER, _text()),
    "mobilenet_v2": Row(
        "MobileNetV2ForImageClassification",
        "MobileNetV2Config",
        {"depth_multiplier": 0.25, "image_size": 64, "num_labels": 5},
        _image(64),
    ),
    "qwen2": Row("Qwen2ForCausalLM", "Qwen2Config", _DECODER, _text()),
    "resnet": Row(
        "ResNetForImageClassification",
        "ResNetConfig",
        {"embedding_size": 16, "hidden_sizes": [64, 128, 256, 512], "num_labels": 10},
        _image(64),
    ),
    "sam_vision": Row(
        "SamVisionModel",
        "SamVisionConfig",
        {"hidden_size": 96, "output_channels": 32, "image_size": 256, "initializer_range": 0.02},
        _image(256),
    ),
    "segformer": Row(
        "SegformerForSemanticSegmentation",
        "SegformerConfig",
        {
            "hidden_sizes": [8, 16, 24, 32],
            "num_attention_heads": [1, 2, 3, 4],
            "decoder_hidden_size": 32,
            "num_labels": 5,
        },
        _image(64),
    ),
    "t5_encoder": Row(
        "T5EncoderModel",
        "T5Config",
        {"vocab_size": 200, "d_model": 48, "d_kv": 12, "d_ff": 96, "num_layers": 3, "num_heads": 4, "use_cache": False},
        _text(),
    ),
    "vit": Row(
        "ViTForImageClassification",
        "ViTConfig",
        _NARROW | {"num_hidden_layers": 6, "image_size": 32, "patch_size": 8, "num_labels": 5},
        _image(32),
    ),
    "whisper_encoder": Row(
        "WhisperEncoder",
        "WhisperConfig",
        {
            "d_model": 48,
            "encoder_layers": 3,
            "encoder_attention_heads": 4,
            "encoder_ffn_dim": 96,
            "max_source_positions": 32,
            "num_mel_bins": 16,
        },
        {"input_features": values(1, 16, 64)},
    ),
}


class SequenceTagger(nn.Module):
    """LSTMs in two directions and two layers, and a state that the root reads."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(100, 16)
        self.encoder = nn.LSTM(16, 24, num_layers=2, bidirectional=True, batch_first=True)
        self.norm = nn.LayerNorm(48)
        self.decoder = nn.GRU(48, 16, batch_first=True)
        self.out = nn.Linear(16, 7)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x, _ = self.encoder(self.embed(tokens))
        x, state = self.decoder(self.norm(x))
        return self.out(x) + state[-1].mean(-1, keepdim=True)[:, None]


class Residual(nn.Module):
    """A residual block whose one ReLU is called twice."""

    def __init__(self, width: int, wider: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, wider, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(wider)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(wider, wider, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(wider)
        same = stride == 1 and width == wider
        self.shortcut = None if same else nn.Sequential(nn.Conv2d(width, wider, 1, stride), nn.BatchNorm2d(wider))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        kept = x if self.shortcut is None else self.shortcut(x)
        x = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(x)) + kept)


class SmallResNet(nn.Sequential):
    """Residual blocks in the way of ResNet-18, an eighth as wide."""

    def __init__(self) -> None:
        stem = [nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        shapes = [(8, 8, 1), (8, 8, 1), (8, 16, 2), (16, 16, 1), (16, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1)]
        head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]
        super().__init__(*stem, *(Residual(*shape) for shape in shapes), *head)


def _own(model: Callable[[], nn.Module], *args: torch.Tensor, **keywords: Any) -> Callable[[], Fixture]:
    return lambda: Fixture(model=model(), args=args, **keywords)


OWN: dict[str, Callable[[], Fixture]] = {
    "naming_traps": _own(trap_models.NamingTraps, token_ids(50, 2, 7)),
    "script_traps": _own(trap_models.ScriptTraps, values(3, 4, 16), exporters=("torchscript",), ops="dispatch"),
    "sequence_tagger": _own(SequenceTagger, token_ids(100, 2, 9)),
    "small_resnet": _own(SmallResNet, values(1, 3, 64, 64)),
}



class Down(nn.Module):
    """Halves an image and widens it."""

    def __init__(self, width: int, wider: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, wider, 3, 2, 1)
        self.norm = nn.GroupNorm(4, wider)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.silu(self.norm(self.conv(x)))


class Up(nn.Module):
    """Doubles an image and joins what had its size before."""

    def __init__(self, width: int, narrower: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(width, narrower, 2, 2)
        self.mix = nn.Conv2d(2 * narrower, narrower, 3, 1, 1)

    def forward(self, x: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.mix(torch.cat([self.up(x), kept], 1)))


class UNet(nn.Module):
    """Three levels down and up again."""

    def __init__(self) -> None:
        super().__init__()
        widths = [8, 12, 20, 28]
        self.stem = nn.Conv2d(3, widths[0], 3, 1, 1)
        self.downs = nn.ModuleList(Down(*pair) for pair in zip(widths, widths[1:]))
        self.ups = nn.ModuleList(Up(*pair) for pair in zip(widths[:0:-1], widths[-2::-1]))
        self.head = nn.Conv2d(widths[0], 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        kept = [self.stem(x)]
        for down in self.downs:
            kept.append(down(kept[-1]))
        x = kept.pop()
        for up in self.ups:
            x = up(x, kept.pop())
        return self.head(x)


class TwoTower(nn.Module):
    """Users and items in towers of their own, which meet in a product."""

    def __init__(self) -> None:
        super().__init__()
        self.users, self.items = nn.Embedding(60, 24), nn.Embedding(90, 24)
        self.user_tower = nn.Sequential(nn.Linear(24, 40), nn.ReLU(), nn.Linear(40, 18))
        self.item_tower = nn.Sequential(nn.Linear(24, 36), nn.ReLU(), nn.Linear(36, 18))
        self.scale = nn.Linear(1, 1)

    def forward(self, user: torch.Tensor, item: torch.Tensor) -> torch.Tensor:
        product = self.user_tower(self.users(user)) * self.item_tower(self.items(item))
        return torch.sigmoid(self.scale(product.sum(-1, keepdim=True)))


class Mixer(nn.Module):
    """Patches mixed along both axes, without attention."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 30, 8, 8)
        self.tokens = nn.ModuleList(nn.Sequential(nn.Linear(16, 22), nn.GELU(), nn.Linear(22, 16)) for _ in range(3))
        self.channels = nn.ModuleList(nn.Sequential(nn.Linear(30, 44), nn.GELU(), nn.Linear(44, 30)) for _ in range(3))
        self.norms = nn.ModuleList(nn.LayerNorm(30) for _ in range(3))
        self.head = nn.Linear(30, 7)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        for tokens, channels, norm in zip(self.tokens, self.channels, self.norms):
            x = x + tokens(norm(x).transpose(1, 2)).transpose(1, 2)
            x = x + channels(x)
        return self.head(x.mean(1))


MORE: dict[str, Callable[[], Fixture]] = {
    "mixer": _own(Mixer, values(1, 3, 32, 32)),
    "two_tower": _own(TwoTower, token_ids(60, 5), token_ids(90, 5)),
    "unet": _own(UNet, values(1, 3, 32, 32)),
}

NAMES = sorted([*TRANSFORMERS, *OWN])


def make(name: str) -> Fixture:
    """The model `name` in eval mode, the same at every call, with no two tensors that an initialisation made equal."""
    torch.manual_seed(2026)
    own = OWN | MORE
    fixture = own[name]() if name in own else _from_transformers(TRANSFORMERS[name])
    fixture.model.eval()
    fixture_models.make_tensors_distinct(fixture.model)
    return fixture


def _from_transformers(row: Row) -> Fixture:
    import transformers

    config = getattr(transformers, row.config)(**row.settings)
    config._attn_implementation = "eager"
    module = transformers
    if not hasattr(module, row.model):  # encoders that the package does not export at its top
        import importlib

        family = type(config).__module__.rpartition(".configuration_")[2]
        module = importlib.import_module(f"transformers.models.{family}.modeling_{family}")
    return Fixture(model=getattr(module, row.model)(config), args=(), kwargs=row.inputs, exporters=row.exporters)
