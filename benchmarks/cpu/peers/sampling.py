# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A process that takes a sample when it is asked to: the Python side of the protocol of peers.

The process writes "ready VERSION" once it can run, or "error TEXT" and ends. Then it answers each line "sample" with
the milliseconds of one call: the median of 5 parts of at least 4 ms, as chameleon-bench takes it of its samples. The
first call, which finds foreign data in the caches, is not timed.
"""
import math
import statistics
import sys
import time

PARTS = 5
PART_SECONDS = 0.004


def seconds_of(call, calls):
    """The wall seconds that so many calls take."""
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return time.perf_counter() - start


def say(text):
    """One line of the protocol."""
    print(" ".join(text.split()), flush=True)


def serve(prepare):
    """Serves samples of a call. `prepare` returns it with the version of what runs it, or raises."""
    try:
        call, version = prepare()
        seconds_of(call, 2)
        calls = math.ceil(PART_SECONDS / seconds_of(call, 1))
    except Exception as error:  # whatever a peer raises is a message to the parent
        say(f"error {type(error).__name__}: {str(error)[:500]}")
        sys.exit(1)
    say(f"ready {version}")
    for _ in sys.stdin:
        call()
        seconds = statistics.median(seconds_of(call, calls) for _ in range(PARTS))
        say(f"{seconds / calls * 1e3:.6f}")
        calls = max(1, math.ceil(PART_SECONDS * calls / seconds))
