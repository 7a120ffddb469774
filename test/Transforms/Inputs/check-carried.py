"""Whether what was fastest for the large task is among the few candidates of the small one.

usage: check-carried.py EXPORT.json; two tasks, the one with less work tuned second
"""
import json
import sys

with open(sys.argv[1]) as file:
    data = json.load(file)
small, large = (task["key"] for task in sorted(data["tasks"], key=lambda task: task["flops"]))


def measured(task, *roles):
    return [record for record in data["records"] if record["task_key"] == task and record["role"] in roles]


fastest = min((record for record in measured(large, "default", "candidate") if record["failure"] == "ok"),
              key=lambda record: record["median_ns"])
assert fastest["role"] == "candidate"
tried = [record["configuration"] for record in measured(small, "candidate")]
assert fastest["configuration"] in tried, (fastest["configuration"], tried)
