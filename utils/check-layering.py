#!/usr/bin/env python3
"""Checks that includes point one way: reads every `#include` of our libraries against the tables below.

Exit code 0 when every include is allowed, 1 with one line per offence otherwise. Checks itself first.
"""
import pathlib
import re
import sys

# Which folder may include headers of which others (and its own). Tools, tests and python may include anything.
MAY_INCLUDE = {
    "Support": set(),
    "Search": {"Support"},
    "Database": {"Search", "Support"},
    "Dialect": {"Support"},
    "Schedule": {"Dialect", "Search", "Support"},
    "Codegen": {"Dialect", "Support"},
    "Measure": {"Codegen", "Schedule", "Search", "Support"},
    "Transforms": {"Codegen", "Database", "Dialect", "Measure", "Schedule", "Search", "Support"},
}
# Third-party headers that only some places may see, by how their path below the root begins.
IR_FOLDERS = ("Dialect", "Schedule", "Codegen", "Measure", "Transforms")
THIRD_PARTY = [
    (re.compile(r"^(mlir|llvm)(-c)?/"),
     tuple(f"{base}/{folder}/" for base in ("lib", "include/chameleon") for folder in IR_FOLDERS)),
    (re.compile(r"^(torch|ATen|c10)/"), ("lib/Search/Strategy/Torch/",)),
    (re.compile(r"^xgboost/"), ("lib/Search/CostModel/XGBoost/",)),
    (re.compile(r"^Eigen/"), ("lib/Search/CostModel/GaussianProcess",)),
    (re.compile(r"^sqlite3"), ("lib/Database/",)),
    (re.compile(r"^hwloc"), ("lib/Support/",)),
]
INCLUDE = re.compile(r'^\s*#?\s*include\s*["<]([^">]+)[">]', re.M)  # TableGen's has no '#'


def offences(name, text):
    """What is wrong in the file `name` (its path below the root) with this text."""
    parts = name.split("/")
    folder = parts[2] if parts[0] == "include" else parts[1]
    allowed = MAY_INCLUDE[folder] | {folder}
    found = []
    for header in INCLUDE.findall(text):
        if header.startswith("chameleon/"):
            other = header.split("/")[1]
            if other not in MAY_INCLUDE:
                found.append(f"{name}: there is no folder {other}, but it includes {header}")
            elif other not in allowed:
                found.append(f"{name}: {folder} may not include {header}")
        for pattern, places in THIRD_PARTY:
            if pattern.match(header) and not name.startswith(places):
                found.append(f"{name}: only {', '.join(places)} may include {header}")
    return found


def self_test():
    for name, include in (("lib/Search/a.cpp", '#include "mlir/IR/Value.h"'),
                          ("lib/Search/a.cpp", '#include "chameleon/Measure/Pool.h"'),
                          ("lib/Search/a.cpp", "#include <torch/torch.h>"),
                          ("lib/Search/CostModel/GpModel.cpp", "#include <Eigen/Core>"),
                          ("include/chameleon/Database/Database.h", "#include <sqlite3.h>"),
                          ("lib/Support/a.cpp", '#  include "chameleon/Nowhere/a.h"'),
                          ("include/chameleon/Search/a.td", 'include "mlir/IR/OpBase.td"')):
        assert len(offences(name, include + "\n")) == 1, (name, include)
    for name, include in (("lib/Measure/a.cpp", '#include "chameleon/Search/Space.h"'),
                          ("lib/Search/Strategy/Torch/a.cpp", "#include <torch/torch.h>"),
                          ("include/chameleon/Dialect/a.td", 'include "mlir/IR/OpBase.td"')):
        assert not offences(name, include + "\n"), (name, include)


def main():
    self_test()
    root = pathlib.Path(__file__).resolve().parent.parent
    found = []
    for folder in MAY_INCLUDE:
        for base in (root / "include" / "chameleon" / folder, root / "lib" / folder):
            for path in sorted(base.rglob("*")):
                if path.suffix in (".h", ".cpp", ".td", ".inc"):
                    found += offences(path.relative_to(root).as_posix(), path.read_text())
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
