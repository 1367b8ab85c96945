"""Models of other_files.py: some that have another as a part, decoders with a cache, operators exported in parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import corpus_models
import fixture_models
import torch
from fixture_models import Fixture, token_ids, values
from torch import nn


def distinct(model: Callable[[], nn.Module], *args: torch.Tensor) -> Fixture:
    """The same at every call, as the models of the corpus."""
    torch.manual_seed(2026)
    fixture = Fixture(model=model().eval(), args=args)
    fixture_models.make_tensors_distinct(fixture.model)
    return fixture


def of_transformers(name: str, model: str = "") -> Fixture:
    """A model of the corpus with positional inputs, or another class of the same configuration."""
    row = corpus_models.TRANSFORMERS[name]
    changed = corpus_models.Row(model or row.model, row.config, row.settings, row.inputs)
    torch.manual_seed(2026)
    fixture = corpus_models._from_transformers(changed)
    fixture_models.make_tensors_distinct(fixture.model.eval())
    return Fixture(model=fixture.model, args=tuple(fixture.kwargs.values()))


# --- a model and one that has it as a part ----------------------------------------------------------------------------


class Holder(nn.Module):
    """Has one module, by a name of choice, and does nothing but call it."""

    def __init__(self, name: str, model: nn.Module) -> None:
        super().__init__()
        self.held = name
        self.add_module(name, model)

    def forward(self, *args: torch.Tensor) -> Any:
        return getattr(self, self.held)(*args)


class Beside(Holder):
    """Has modules beside it, one that reads the same input and one that reads what it returns."""

    def __init__(self, name: str, model: nn.Module, args: tuple[torch.Tensor, ...]) -> None:
        super().__init__(name, model)
        self.hint = nn.Linear(args[0].shape[-1], 5)
        with torch.no_grad():
            self.head = nn.Sequential(nn.Linear(_first(model(*args)).shape[-1], 9), nn.Tanh())

    def forward(self, *args: torch.Tensor) -> Any:
        return self.head(_first(super().forward(*args))), self.hint(args[0].float())


def _first(result: Any) -> torch.Tensor:
    return result if isinstance(result, torch.Tensor) else result[0]


def held(inner: Fixture, path: str, beside: bool) -> Fixture:
    """A model in which `inner` stands at `path`, alone at every level or with others at the first."""
    model = inner.model
    *around, last = reversed(path.split("."))
    for name in around:
        model = Holder(name, model)
    torch.manual_seed(7)
    model = Beside(last, model, inner.args) if beside else Holder(last, model)
    return Fixture(model=model.eval(), args=inner.args)


# --- decoders ---------------------------------------------------------------------------------------------------------


def decoder(name: str, length: int, past: int) -> Fixture:
    """A decoder that takes `length` tokens behind `past` and returns its cache; without cache inputs if that is 0."""
    import transformers
    from transformers.cache_utils import DynamicCache

    row = corpus_models.TRANSFORMERS[name]
    base = getattr(transformers, row.model)
    config = getattr(transformers, row.config)(**row.settings)
    config._attn_implementation = "eager"
    layers, heads = config.num_hidden_layers, getattr(config, "num_key_value_heads", config.num_attention_heads)

    def forward(self: Any, input_ids: torch.Tensor, attention_mask: torch.Tensor, *cache: torch.Tensor) -> Any:
        filled = DynamicCache(config=config)
        for layer, pair in enumerate(zip(cache[::2], cache[1::2])):
            filled.update(*pair, layer)
        result = base.forward(self, input_ids, attention_mask=attention_mask, past_key_values=filled, use_cache=True)
        kept = result.past_key_values
        return result.logits, *(tensor for layer in kept.layers for tensor in (layer.keys, layer.values))

    width = config.hidden_size // config.num_attention_heads
    cache = [values(2, heads, past, width) for _ in range(2 * layers)] if past else []
    mask = torch.ones(2, past + length, dtype=torch.long)
    return distinct(
        lambda: type(base.__name__, (base,), {"forward": forward})(config), token_ids(200, 2, length), mask, *cache
    )


# --- operators that are exported in parts -----------------------------------------------------------------------------


class ResidualNorms(nn.Module):
    """Two normalisations, each with its activation and convolution, and a step embedding between."""

    def __init__(self, width: int, wider: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(4, width), nn.Conv2d(width, wider, 3, padding=1)
        self.time = nn.Linear(16, wider)
        self.norm2, self.conv2 = nn.GroupNorm(4, wider), nn.Conv2d(wider, wider, 3, padding=1)
        self.act = nn.SiLU()
        self.shortcut = nn.Conv2d(width, wider, 1) if width != wider else None

    def forward(self, x: torch.Tensor, step: torch.Tensor) -> torch.Tensor:
        y = self.conv1(self.act(self.norm1(x))) + self.time(self.act(step))[:, :, None, None]
        return self.conv2(self.act(self.norm2(y))) + (x if self.shortcut is None else self.shortcut(x))


class Denoiser(nn.Module):
    """Residual blocks as models that remove noise have them, and attention over the pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.blocks = nn.ModuleList(ResidualNorms(*pair) for pair in ((8, 8), (8, 16), (16, 16), (16, 24)))
        self.norm = nn.GroupNorm(4, 24)
        self.attention = nn.MultiheadAttention(24, 3, batch_first=True)
        self.last_norm, self.out = nn.GroupNorm(4, 24), nn.Conv2d(24, 3, 3, padding=1)

    def forward(self, x: torch.Tensor, step: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x, step)
        flat = self.norm(x).flatten(2).transpose(1, 2)
        x = x + self.attention(flat, flat, flat, need_weights=False)[0].transpose(1, 2).reshape(x.shape)
        return self.out(nn.functional.silu(self.last_norm(x)))


class Recurrent(nn.Module):
    """LSTMs whose input and output have the batch first, one behind the other."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(60, 12)
        self.first = nn.LSTM(12, 16, bidirectional=True, batch_first=True)
        self.mix = nn.Linear(32, 20)
        self.second = nn.LSTM(20, 14, num_layers=2, batch_first=True)
        self.out = nn.Linear(14, 6)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.mix(self.first(self.embed(tokens))[0]))
        return self.out(self.second(x)[0])


class Cells(nn.Module):
    """Cells in a Python loop: each step calls the same two modules."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(60, 12)
        self.low, self.high = nn.LSTMCell(12, 16), nn.LSTMCell(16, 18)
        self.out = nn.Linear(18, 6)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.embed(tokens)
        low = high = None
        steps = []
        for index in range(tokens.shape[1]):
            low = self.low(x[:, index], low)
            high = self.high(low[0], high)
            steps.append(self.out(high[0]))
        return torch.stack(steps, 1)


class Gates(nn.Module):
    """Layers of a normalisation and two projections with an exact GELU between."""

    def __init__(self) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(24) for _ in range(5))
        self.up = nn.ModuleList(nn.Linear(24, 40) for _ in range(5))
        self.act = nn.GELU()
        self.down = nn.ModuleList(nn.Linear(40, 24) for _ in range(5))
        self.last = nn.LayerNorm(24)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for norm, up, down in zip(self.norms, self.up, self.down):
            x = x + down(self.act(up(norm(x))))
        return self.last(x)


IN_PARTS: dict[str, Callable[[], Fixture]] = {
    "GroupNorm": lambda: distinct(Denoiser, values(2, 3, 8, 8), values(2, 16)),
    "LSTM": lambda: distinct(Recurrent, token_ids(60, 3, 7)),
    "LSTMCell": lambda: distinct(Cells, token_ids(60, 3, 8)),
    "LayerNorm, GELU": lambda: distinct(Gates, values(2, 6, 24)),
}
