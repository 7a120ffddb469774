# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The networks of the suites `networks` and `exported` in PyTorch, with random weights: one definition for what is
exported and what PyTorch is timed on.

A name is one of `OWN`, or a function of torchvision.models; with "_bf16" behind it, it is that network in bf16.
"""
import math

import torch
from torch import nn
from torch.nn import functional

_OPTIONS = {"googlenet": {"aux_logits": False, "init_weights": False}}  # of torchvision's functions


def _heads(x, count):
    """B x T x (count * D) as B x count x T x D."""
    return x.view(*x.shape[:2], count, -1).transpose(1, 2)


def _joined(x):
    """The inverse of `_heads`."""
    return x.transpose(1, 2).reshape(x.shape[0], x.shape[2], -1)


class BertBlock(nn.Module):
    """One encoder layer as in bert_block.mlir: 12 heads of 64, norms after the residuals, exact GELU."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(768, 768) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(768), nn.LayerNorm(768)
        self.up, self.down = nn.Linear(768, 3072), nn.Linear(3072, 768)

    def forward(self, x):
        """x: 128 x 768."""
        q, k, v = (_heads(layer(x).unsqueeze(0), 12) for layer in (self.q, self.k, self.v))
        attention = _joined(functional.scaled_dot_product_attention(q, k, v)).squeeze(0)
        x = self.norm1(x + self.o(attention))
        return self.norm2(x + self.down(functional.gelu(self.up(x))))


def _double_convolution(channels, filters):
    return nn.Sequential(nn.Conv2d(channels, filters, 3, padding=1), nn.BatchNorm2d(filters), nn.ReLU(),
                         nn.Conv2d(filters, filters, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    """Segmentation: two levels down, up again by a transposed convolution and by nearest neighbours."""

    def __init__(self):
        super().__init__()
        self.down1, self.down2 = _double_convolution(3, 32), _double_convolution(32, 64)
        self.bottom = _double_convolution(64, 128)
        self.enlarge = nn.ConvTranspose2d(128, 64, 2, stride=2)
        self.up2, self.up1 = _double_convolution(128, 64), _double_convolution(96, 32)
        self.head = nn.Conv2d(32, 2, 1)

    def forward(self, x):
        """x: B x 3 x H x W."""
        fine = self.down1(x)
        middle = self.down2(functional.max_pool2d(fine, 2))
        coarse = self.bottom(functional.max_pool2d(middle, 2))
        x = self.up2(torch.cat([self.enlarge(coarse), middle], 1))
        x = functional.interpolate(x, scale_factor=2, mode="nearest")
        return self.head(self.up1(torch.cat([x, fine], 1)))


class Gpt(nn.Module):
    """A block of a small GPT-2 between its embedding and its head, with attention written out and a mask."""

    def __init__(self, width=384, heads=6, tokens=64, words=1000):
        super().__init__()
        self.heads = heads
        self.embedding, self.head = nn.Embedding(words, width), nn.Linear(width, words, bias=False)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.projection = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.register_buffer("mask", torch.tril(torch.ones(tokens, tokens)).view(1, 1, tokens, tokens))

    def forward(self, x):
        """x: B x T numbers of words."""
        x = self.embedding(x)
        q, k, v = (_heads(part, self.heads) for part in self.qkv(self.norm1(x)).chunk(3, -1))
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.mask == 0, float("-inf")).softmax(-1)
        x = x + self.projection(_joined(scores @ v))
        x = x + self.down(functional.gelu(self.up(self.norm2(x)), approximate="tanh"))
        return self.head(x)


class Llama(nn.Module):
    """A block of a small Llama: RMS norms, rotary positions, two heads of keys for eight of queries, SwiGLU."""

    def __init__(self, width=512, heads=8, shared=4, tokens=32, hidden=1376):
        super().__init__()
        self.heads, self.shared = heads, shared
        self.q, self.o = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.k, self.v = (nn.Linear(width, width // shared, bias=False) for _ in range(2))
        self.gate, self.up = (nn.Linear(width, hidden, bias=False) for _ in range(2))
        self.down = nn.Linear(hidden, width, bias=False)
        self.norm1, self.norm2 = nn.Parameter(torch.ones(width)), nn.Parameter(torch.ones(width))
        size = width // heads
        angles = torch.outer(torch.arange(tokens).float(), 10000 ** (-torch.arange(0, size, 2).float() / size))
        angles = torch.cat([angles, angles], -1)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())

    @staticmethod
    def _normed(x, weight):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * weight

    def _rotated(self, x):
        first, second = x.chunk(2, -1)
        return x * self.cos + torch.cat([-second, first], -1) * self.sin

    def forward(self, x):
        """x: B x T x width."""
        normed, few = self._normed(x, self.norm1), self.heads // self.shared
        q, k = self._rotated(_heads(self.q(normed), self.heads)), self._rotated(_heads(self.k(normed), few))
        k, v = (one.repeat_interleave(self.shared, 1) for one in (k, _heads(self.v(normed), few)))
        scores = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).softmax(-1)
        x = x + self.o(_joined(scores @ v))
        normed = self._normed(x, self.norm2)
        return x + self.down(functional.silu(self.gate(normed)) * self.up(normed))


class MixerLayer(nn.Module):
    """See MlpMixer."""

    def __init__(self, width, patches):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.across = nn.Sequential(nn.Linear(patches, 128), nn.GELU(), nn.Linear(128, patches))
        self.within = nn.Sequential(nn.Linear(width, 512), nn.GELU(), nn.Linear(512, width))

    def forward(self, x):
        """x: B x patches x width."""
        x = x + self.across(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.within(self.norm2(x))


class MlpMixer(nn.Module):
    """An MLP-Mixer of two layers: products over the patches of an image, then over their features."""

    def __init__(self, width=256, patches=196):
        super().__init__()
        self.patches = nn.Conv2d(3, width, 16, 16)
        self.layers = nn.Sequential(MixerLayer(width, patches), MixerLayer(width, patches))

    def forward(self, x):
        """x: B x 3 x 224 x 224."""
        return self.layers(self.patches(x).flatten(2).transpose(1, 2)).mean(1)


class Conv1d(nn.Module):
    """The first layers of an encoder of audio."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv1d(1, 64, 10, stride=5), nn.GELU(), nn.Conv1d(64, 64, 3, stride=2),
                                    nn.GELU(), nn.Conv1d(64, 128, 3, padding=1), nn.GELU())

    def forward(self, x):
        """x: B x 1 x samples."""
        return self.layers(x).mean(-1)


class Conv3d(nn.Module):
    """The first layers of a network for video."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv3d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool3d(2),
                                    nn.Conv3d(16, 32, 3, padding=1), nn.ReLU())

    def forward(self, x):
        """x: B x 3 x T x H x W."""
        return self.layers(x).mean((2, 3, 4))


class Lstm(nn.Module):
    """An LSTM over a few steps, and a layer on its last state."""

    def __init__(self, width=128, state=256):
        super().__init__()
        self.cell, self.head = nn.LSTMCell(width, state), nn.Linear(state, 10)

    def forward(self, x):
        """x: T x B x width."""
        h = c = torch.zeros(x.shape[1], self.cell.hidden_size)
        for step in x:
            h, c = self.cell(step, (h, c))
        return self.head(h)


# The network, and an input. Of words chameleon-bench makes 0 or 1.
OWN = {
    "bert_block": (BertBlock, lambda: torch.randn(128, 768)),
    "unet": (UNet, lambda: torch.randn(1, 3, 128, 128)),
    "gpt": (Gpt, lambda: torch.randint(0, 2, (1, 64))),
    "llama": (Llama, lambda: torch.randn(1, 32, 512)),
    "mlp_mixer": (MlpMixer, lambda: torch.randn(1, 3, 224, 224)),
    "conv1d": (Conv1d, lambda: torch.randn(2, 1, 4000)),
    "conv3d": (Conv3d, lambda: torch.randn(1, 3, 8, 32, 32)),
    "lstm": (Lstm, lambda: torch.randn(8, 4, 128)),
}


def network(name):
    """The network of that name, in inference mode, and an input. The same numbers each time."""
    torch.manual_seed(0)
    if name in OWN:
        make, make_input = OWN[name]
        return make().eval(), make_input()
    import torchvision  # not for those of OWN

    base = name.removesuffix("_bf16")
    model = getattr(torchvision.models, base)(weights=None, **_OPTIONS.get(base, {})).eval()
    x = torch.randn(1, 3, 224, 224)
    return (model, x) if base == name else (model.bfloat16(), x.bfloat16())
