# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Samples of a matmul by the OpenBLAS in numpy's wheel.

  openblas.py BATCH M N K TRANSPOSED_B(0|1)
"""
import sys

from sampling import serve


def prepare():
    """The call, and what runs it."""
    import numpy as np

    batch, m, n, k, transposed = (int(word) for word in sys.argv[1:])
    lead = (batch,) if batch > 1 else ()
    rng = np.random.default_rng(0)
    a = rng.standard_normal(lead + (m, k), dtype=np.float32)
    b = rng.standard_normal(lead + ((n, k) if transposed else (k, n)), dtype=np.float32)
    if transposed:
        b = b.swapaxes(-1, -2)
    c = np.empty(lead + (m, n), np.float32)
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return lambda: np.matmul(a, b, out=c), f"{blas['version']} of numpy {np.__version__}"


if __name__ == "__main__":
    serve(prepare)
