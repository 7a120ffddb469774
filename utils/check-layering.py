#!/usr/bin/env python3
"""Checks that includes point one way: reads every `#include "chameleon/<Folder>/..."` against the table below.

Exit code 0 when every include is allowed, 1 with one line per offence otherwise. `--self-test` checks the checker.
"""
import pathlib
import re
import sys

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
# Third-party headers that only some folders may see.
HEAVY = [
    (re.compile(r"^(mlir|llvm)/"), {"Dialect", "Schedule", "Codegen", "Measure", "Transforms"}),
    (re.compile(r"^torch/"), {"Search"}),
    (re.compile(r"^xgboost/"), {"Search"}),
    (re.compile(r"^sqlite3\.h"), {"Database"}),
    (re.compile(r"^hwloc"), {"Support"}),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.M)


def offences(folder, name, text):
    found = []
    for header in INCLUDE.findall(text):
        if header.startswith("chameleon/"):
            other = header.split("/")[1]
            if other in MAY_INCLUDE and other != folder and other not in MAY_INCLUDE[folder]:
                found.append(f"{name}: {folder} may not include {header}")
        for pattern, allowed in HEAVY:
            if pattern.match(header) and folder not in allowed:
                found.append(f"{name}: {folder} may not include {header}")
    return found


def self_test():
    assert offences("Search", "a.cpp", '#include "mlir/IR/Value.h"\n')
    assert offences("Search", "a.cpp", '#include "chameleon/Measure/Pool.h"\n')
    assert not offences("Measure", "a.cpp", '#include "chameleon/Search/Space.h"\n')


def main():
    self_test()
    root = pathlib.Path(__file__).resolve().parent.parent
    found = []
    for folder in MAY_INCLUDE:
        for base in (root / "include" / "chameleon" / folder, root / "lib" / folder):
            for path in sorted(base.rglob("*")):
                if path.suffix in (".h", ".cpp", ".td"):
                    found += offences(folder, path.relative_to(root), path.read_text())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
