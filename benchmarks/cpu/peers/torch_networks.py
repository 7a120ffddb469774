# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Samples of a network by PyTorch: the architectures of benchmarks/workloads/models, with random weights.

  torch_networks.py NETWORK eager|channels_last|inductor THREADS

Batch norms are folded, as in the .mlir files. inductor: torch.compile with freezing, so that weights are packed before.
"""
import sys
import warnings

from sampling import serve


def bert_block(torch):
    """One encoder layer as in bert_block.mlir: 12 heads of 64, norms after the residuals, exact GELU."""
    nn = torch.nn
    functional = nn.functional

    class Block(nn.Module):
        """See bert_block."""

        def __init__(self):
            super().__init__()
            self.q, self.k, self.v, self.o = (nn.Linear(768, 768) for _ in range(4))
            self.norm1, self.norm2 = nn.LayerNorm(768), nn.LayerNorm(768)
            self.up, self.down = nn.Linear(768, 3072), nn.Linear(3072, 768)

        def forward(self, x):
            """x: 128 x 768."""
            q, k, v = (layer(x).view(1, 128, 12, 64).transpose(1, 2) for layer in (self.q, self.k, self.v))
            attention = functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(128, 768)
            x = self.norm1(x + self.o(attention))
            return self.norm2(x + self.down(functional.gelu(self.up(x))))

    return Block().eval(), torch.randn(128, 768)


def network(torch, name):
    """The network of that name, in inference mode, and an input."""
    if name == "bert_block":
        return bert_block(torch)
    import torchvision
    from torch.fx.experimental.optimization import fuse

    model = getattr(torchvision.models, name)(weights=None).eval()
    return fuse(model), torch.randn(1, 3, 224, 224)


def prepare():
    """The call, and what runs it."""
    warnings.filterwarnings("ignore")
    name, variant, threads = sys.argv[1:]
    import torch

    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    torch.set_grad_enabled(False)
    model, x = network(torch, name)
    if variant == "channels_last":
        if x.dim() != 4:
            raise ValueError("there is no layout to choose without images")
        model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    if variant == "inductor":
        import torch._inductor.config as inductor

        inductor.freezing = True
        model = torch.compile(model)
    return lambda: model(x), torch.__version__


if __name__ == "__main__":
    serve(prepare)
