# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Stands in for chameleon-replay: a space is a JSON object with "facts" and "searches", lists of lines by arm options.

Each call is noted in calls.log beside it; while a file `hang` is there, it stops after its first line."""
import json
import pathlib
import sys
import time

here = pathlib.Path(__file__).resolve().parent
with open(here / "calls.log", "a", encoding="utf-8") as log:
    print(" ".join(sys.argv[1:]), file=log)
space = json.loads(pathlib.Path(sys.argv[-1]).read_text())
if "--describe" in sys.argv:
    print(json.dumps(space["facts"]))
    sys.exit(0)
numbers = dict(word[2:].split("=", 1) for word in sys.argv[1:-1] if word.startswith(("--seeds", "--measurements")))
options = " ".join(word for word in sys.argv[1:-1] if not word.startswith(("--seeds", "--measurements")))
if options not in space["searches"]:
    sys.exit(f"chameleon-replay: error: expected a strategy, but got '{options}'")
for seed in map(int, numbers["seeds"].split(",")):
    lines = space["searches"][options]
    line, most = lines[seed % len(lines)], int(numbers["measurements"])
    print(json.dumps({**space["facts"], "seed": seed, "scored": 10, "search_seconds": 0.5, "rank_correlation": None,
                      **line, "ns": line["ns"][:most], "virtual_seconds": line["virtual_seconds"][:most]}), flush=True)
    if (here / "hang").exists():
        time.sleep(600)
