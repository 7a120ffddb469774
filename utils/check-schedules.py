#!/usr/bin/env python3
# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Applies the schedules to modules, and says of each whether it applied, ran, was right, and how fast it was.

  utils/check-schedules.py build/bin benchmarks/workloads/ops --match 'conv|matmul'
  utils/check-schedules.py build/bin benchmarks/workloads/ops --random 20

Without --random: the default configuration against plain loops. With --random N: N random valid configurations per
module are measured by the tuner; failures are counted by class. Exits with 1 if anything failed.
"""
import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile

ADDRESS_SPACE_BYTES = 8_000_000_000


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))


def run(command, seconds, limited=True):
    """The finished process, or None after `seconds`."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=seconds,
                              preexec_fn=limit if limited else None)
    except subprocess.TimeoutExpired:
        return None


def first_error(text):
    lines = [line for line in text.splitlines() if re.search("error|remark|LLVM ERROR|Stack dump", line)]
    lines = [line for line in lines if "taken as constant" not in line]
    return "; ".join(lines)[:600]


def check_default(args, path, folder):
    """(ok, text) for the default configuration of the first schedule that applies."""
    applied = os.path.join(folder, "applied.mlir")
    options = f"--chameleon-apply=in-process=true schedules={args.schedules}"
    done = run([os.path.join(args.bin, "chameleon-opt"), path, options, "-o", applied], args.timeout)
    if done is None or done.returncode != 0:
        return False, "apply: " + ("time-out" if done is None else f"exit {done.returncode} " + first_error(done.stderr))
    remarks = first_error(done.stderr)
    done = run([os.path.join(args.bin, "chameleon-bench"), path, applied, "--json", f"--samples={args.samples}",
                "--budget-seconds=10"], args.timeout, limited=False)
    try:
        report = json.loads(done.stdout)
    except (AttributeError, ValueError):
        return False, "bench: " + ("time-out" if done is None else first_error(done.stderr) or done.stderr[-300:])
    after, before = report["after"], report["before"]
    gflops = f"{report['flops'] / after['min_ms'] / 1e6:8.1f} GFLOP/s" if report.get("flops") else ""
    text = f"{after['min_ms']:9.4f} ms {gflops} ratio {before['min_ms'] / after['min_ms']:7.2f}"
    if not report["outputs_agree"]:
        return False, f"WRONG (max error {report['max_abs_error']}) " + text
    return "left as plain" not in remarks, text + (" " + remarks if remarks else "")


def check_random(args, path, folder):
    """(ok, text) for random valid configurations."""
    database = os.path.join(folder, "records.db")
    if os.path.exists(database):
        os.remove(database)
    options = (f"--chameleon-auto-tune=preset=autotvm strategy=random sampler=all cost-model=none database={database} "
               f"budget-measurements={args.random} budget-seconds={args.timeout} schedules={args.schedules}")
    done = run([os.path.join(args.bin, "chameleon-opt"), path, options, "-o", "/dev/null"], args.timeout + 60,
               limited=False)
    if done is None or done.returncode != 0:
        return False, "tune: " + ("time-out" if done is None else first_error(done.stderr))
    done = run([os.path.join(args.bin, "chameleon-db"), database, "--json"], 60, limited=False)
    report = json.loads(done.stdout)
    failures = {name: count for name, count in report["failures"].items() if count}
    tasks = " ".join(f"[default {(t['default_ns'] or 0) / 1e3:.1f} best {(t['best_ns'] or 0) / 1e3:.1f} us, tried "
                     f"{t['tried']}]" for t in report["tasks"])
    return not failures, f"{report['records']} records {failures or ''} {tasks}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin", help="folder of chameleon-opt, chameleon-bench and chameleon-db")
    parser.add_argument("modules", nargs="+", help="modules, or folders of modules")
    parser.add_argument("--match", default="", help="only files whose name this regular expression finds")
    parser.add_argument("--schedules", default=os.path.join(os.path.dirname(__file__), "..", "schedules", "cpu"))
    parser.add_argument("--random", type=int, default=0, help="random valid configurations per module")
    parser.add_argument("--samples", type=int, default=3)
    parser.add_argument("--timeout", type=int, default=120, help="seconds per step")
    args = parser.parse_args()
    files = []
    for path in args.modules:
        names = sorted(os.listdir(path)) if os.path.isdir(path) else []
        files += [os.path.join(path, name) for name in names if name.endswith(".mlir")] or [path]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            name = os.path.basename(path)[:-len(".mlir")]
            if re.search(args.match, name):
                ok, text = (check_random if args.random else check_default)(args, path, folder)
                failed += not ok
                print("ok  " if ok else "FAIL", f"{name:60}", text, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
