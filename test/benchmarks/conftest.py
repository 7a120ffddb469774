# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of benchmarks/cpu. They need neither the peers nor a build."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks" / "cpu"), str(ROOT / "benchmarks" / "cpu" / "peers")]
sys.dont_write_bytecode = True
