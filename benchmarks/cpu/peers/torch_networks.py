# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Samples of a network of architectures.py by PyTorch.

  torch_networks.py folded|given NETWORK eager|channels_last|inductor THREADS

folded: batch norms are, as in benchmarks/workloads/models; given: they are not, as in what torch-mlir exports.
inductor: torch.compile with freezing, so that weights are packed before, and batch norms folded.
"""
import sys
import warnings

from sampling import serve


def prepare():
    """The call, and what runs it."""
    warnings.filterwarnings("ignore")
    norms, name, variant, threads = sys.argv[1:]
    import torch

    import architectures

    torch.set_num_threads(int(threads))
    torch.set_grad_enabled(False)
    model, x = architectures.network(name)
    if norms == "folded" and name not in architectures.OWN:
        from torch.fx.experimental.optimization import fuse

        model = fuse(model)
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
