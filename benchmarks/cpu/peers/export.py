# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Exports a network of architectures.py by torch-mlir, as linalg on tensors, just as torch-mlir writes it.

  export.py NETWORK FILE.mlir

Weights, and what batch norms know, are arguments behind the input: so the module is small.
"""
import pathlib
import sys

import torch
from torch_mlir import fx

import architectures


class Unbound(torch.nn.Module):
    """A network that takes its weights as a second argument."""

    def __init__(self, model):
        super().__init__()
        self.model = [model]  # in a list torch does not look for weights
        named = {**dict(model.named_parameters()), **dict(model.named_buffers())}
        self.weights = {name: value.detach() for name, value in named.items()
                        if value.dim() > 0 and value.is_floating_point()}

    def forward(self, x, weights):
        """What the network gives with these weights."""
        return torch.func.functional_call(self.model[0], dict(zip(self.weights, weights)), (x,))


def exported(name):
    """The text of the module."""
    model, x = architectures.network(name)
    model = Unbound(model)
    with torch.no_grad():
        module = fx.export_and_import(model, x, list(model.weights.values()), output_type="linalg-on-tensors",
                                      func_name="main")
    return module.operation.get_asm(large_elements_limit=None)


def main(name, path):
    """Writes the file at once, so that none is there half."""
    path = pathlib.Path(path)
    part = path.with_name(f"{path.name}.part")
    part.write_text(exported(name))
    part.replace(path)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as error:  # whatever an exporter raises is a message to the parent
        sys.exit(f"error: {type(error).__name__}: {' '.join(str(error).split())[:500]}")
