"""Two small models that bring together what makes the owner of a node hard to tell from names, and one that is to be found
again when names are gone."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

WIDTH = 16


class Block(nn.Module):
    """Calls `act` twice, and has functional operators of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.act = nn.ReLU()
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = self.act(self.query(x))
        hidden = self.act(self.proj(hidden) + 1.5)  # 1.5: a Constant of this module
        return self.norm(hidden + x)


class Nested(nn.Module):
    """The child names of the root and of Block again, at several depths."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.nested = Nested(depth - 1) if depth else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(torch.sigmoid(self.proj(self.nested(x))) * x)


class Layer(nn.Module):
    """Registered as `layer`, with a child `layer`."""

    def __init__(self, child: nn.Module) -> None:
        super().__init__()
        self.layer = child

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(self.layer(x)) + x


class PadMask(nn.Module):
    """Two of these compute the same of the same tokens: exporters keep the nodes of one of them."""

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return (tokens > 2).to(torch.float32).unsqueeze(-1)


class Borrower(nn.Module):
    """Calls a module that the root calls too, and one that is registered elsewhere as well."""

    def __init__(self, shared: nn.Module, borrowed: nn.Module) -> None:
        super().__init__()
        self.shared = shared
        self.borrowed = borrowed
        self.gate = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.shared(x) * torch.sigmoid(self.gate(self.borrowed(x)))


class NamingTraps(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(50, WIDTH)
        self.query_mask = PadMask()
        self.key_mask = PadMask()

        encoder = nn.ModuleList([Block() for _ in range(2)])
        self.first = encoder[0]  # registered before its container: `blocks.encoder.0` is an alias
        self.blocks = nn.ModuleDict({"encoder": encoder, "decoder": nn.ModuleList([Block(), Block()])})
        self.last = self.blocks["decoder"][1]  # registered after: `last` is the alias

        self.stack = nn.Sequential(
            nn.Linear(WIDTH, WIDTH),
            nn.ReLU(),
            nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.Tanh(), nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.ELU())),
        )
        self.steps = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Linear(WIDTH, WIDTH))  # iterated
        self.layers = nn.ModuleList([nn.Linear(WIDTH, WIDTH) for _ in range(11)])  # 1 and 10
        self.layer = Layer(Layer(nn.Linear(WIDTH, WIDTH)))

        self.shared = Block()
        self.borrower = Borrower(self.shared, self.steps[2])

        self.relu = nn.ReLU()  # called three times
        self.relu_1 = nn.ReLU()  # called once, between two calls of `relu`
        self.attention = nn.MultiheadAttention(WIDTH, 2, batch_first=True)  # never calls its child `out_proj`
        self.normed = nn.utils.parametrizations.weight_norm(nn.Linear(WIDTH, WIDTH))
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.nested = Nested(2)
        self.unused = nn.Linear(WIDTH, WIDTH)
        self.head = nn.Linear(WIDTH, 50, bias=False)
        self.head.weight = self.embed.weight  # tied
        self.register_buffer("scale", torch.linspace(0.5, 1.5, WIDTH))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.embed(tokens) * self.scale * self.query_mask(tokens)
        for block in self.blocks["encoder"]:
            x = block(x)
        x = self.stack(x) * self.key_mask(tokens)
        for step in self.steps:
            x = step(x)
        for layer in self.layers:
            x = x + layer(x)
        x = self.relu(self.layer(x))
        x = self.relu_1(self.shared(x) - 0.25)
        x = self.relu(self.borrower(self.shared(x)) + 0.125)
        x = self.relu(self.last(self.blocks["decoder"][0](x)))
        attended, _ = self.attention(x, x, x, need_weights=False)
        x = self.norm(x + attended)
        x = x * torch.sigmoid(self.proj(self.normed(x)))  # functional operators of the root
        x = torch.where(x > 0, x, self.nested(x)) + torch.tensor([0.5, 2.0]).repeat(WIDTH // 2)
        return functional.log_softmax(self.head(functional.gelu(x)), -1)


@torch.jit.script
def scripted_gate(x: torch.Tensor, weight: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    if bool(x.sum() > 0):
        y = torch.matmul(x, weight)
    else:
        y = torch.tanh(torch.matmul(x, other))
    for step in range(x.size(0)):
        if step > 1:
            y = y + torch.relu(torch.matmul(y, weight))
        else:
            y = y - torch.sigmoid(y)
    return y


class Gate(nn.Module):
    """Calls a scripted function: If and Loop with bodies, one If within the Loop."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(WIDTH, WIDTH) / WIDTH)
        self.other = nn.Parameter(torch.randn(WIDTH, WIDTH) / WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(scripted_gate(x * 0.5, self.weight, self.other))


class ScriptTraps(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.ReLU())
        self.gates = nn.ModuleList([Gate(), Gate()])
        self.block = Block()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        for gate in self.gates:
            x = gate(x)
        return self.block(x).mean(1)


class Mixer(nn.Module):
    """Reshapes by the sizes of its input: chains of Shape, Gather and Concat where these are dynamic."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(WIDTH // 2, WIDTH // 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, length = x.size(0), x.size(1)
        halves = x.reshape(batch, 2 * length, WIDTH // 2) * 0.75
        return torch.tanh(self.proj(halves)).reshape(batch, length, WIDTH)


class Step(nn.Module):
    """A residual step around a normalised layer."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.inner = nn.Linear(WIDTH, WIDTH)
        self.act = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.act(self.inner(self.norm(x)))


class LostNames(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(40, WIDTH)
        self.recurrent = nn.LSTM(WIDTH, WIDTH // 2, bidirectional=True, batch_first=True)
        self.steps = nn.ModuleList([Step(), Step()])
        self.mixer = Mixer()
        self.head = nn.Linear(WIDTH, 40, bias=False)
        self.head.weight = self.embed.weight  # tied

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x, _ = self.recurrent(self.embed(tokens))
        for step in self.steps:
            x = step(x)
        x = self.steps[0](x) + self.mixer(x)  # a second call of the first step
        return self.head(x)
