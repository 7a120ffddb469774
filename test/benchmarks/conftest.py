# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of benchmarks/. They need neither the peers nor a build; those of benchmarks/search need numpy."""
import importlib.util
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEARCH = ROOT / "benchmarks" / "search"
sys.path[:0] = [str(ROOT / "benchmarks" / "cpu"), str(ROOT / "benchmarks" / "cpu" / "peers"), str(SEARCH)]
sys.dont_write_bytecode = True


def load_search_run():
    """benchmarks/search/run.py; `run` is the program of benchmarks/cpu."""
    spec = importlib.util.spec_from_file_location("search_run", SEARCH / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
