# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Samples of a convolution or matmul tuned by TVM's MetaSchedule.

  metaschedule.py FOLDER SECONDS SEED CORES CPU conv N C H W F KH KW SH SW DH DW GROUPS LAYOUT(nchw|nhwc)
  metaschedule.py FOLDER SECONDS SEED CORES CPU matmul BATCH M N K TRANSPOSED_B(0|1)

FOLDER keeps the records: what was tuned there once is not tuned again. CORES (as in 0,1) are those samples are pinned
to, a thread on each; tuning may build on all. Weights are packed before the timed call where the schedule asks for it,
as its own measurements assume.
"""
import os
import sys
import time

from sampling import serve

MAX_TRIALS = 2000
TRIALS_PER_ROUND = 16  # small, so that the budget of seconds is kept


class BudgetSpent(Exception):
    """Ends tuning from inside a callback: there is no other way to stop after so many seconds."""


def build(module, target, _parameters):
    """What MetaSchedule's own builder does, without loading tensor intrinsics: 10 s in each process, unused for f32."""
    import tvm
    from tvm.s_tir.transform import RemoveWeightLayoutRewriteBlock

    return tvm.driver.build(RemoveWeightLayoutRewriteBlock(skip_tensor_rewrite=True)(module), target=target)


def convolution(te, topi, words):
    """The PrimFunc of a convolution of an input that is padded already."""
    n, c, h, w, f, kh, kw, sh, sw, dh, dw, groups = (int(word) for word in words[:12])
    nhwc = words[12] == "nhwc"
    x = te.placeholder((n, h, w, c) if nhwc else (n, c, h, w), name="x")
    if groups > 1:
        if nhwc or groups != c or f != c:
            raise ValueError("expected a depthwise convolution of NCHW among the grouped ones")
        k = te.placeholder((c, 1, kh, kw), name="w")
        y = topi.nn.depthwise_conv2d_nchw(x, k, (sh, sw), 0, (dh, dw), "float32")
    elif nhwc:
        k = te.placeholder((kh, kw, c, f), name="w")
        y = topi.nn.conv2d_nhwc(x, k, (sh, sw), 0, (dh, dw), "float32")
    else:
        k = te.placeholder((f, c, kh, kw), name="w")
        y = topi.nn.conv2d_nchw(x, k, (sh, sw), 0, (dh, dw), "float32")
    return te.create_prim_func([x, k, y])


def matmul(te, words):
    """The PrimFunc of a matmul, with a batch dimension where there is more than one."""
    batch, m, n, k, transposed = (int(word) for word in words)
    lead = (batch,) if batch > 1 else ()
    a = te.placeholder(lead + (m, k), name="a")
    b = te.placeholder(lead + ((n, k) if transposed else (k, n)), name="b")
    r = te.reduce_axis((0, k), name="r")

    def element(*at):
        *first, i, j = at
        right = (j, r) if transposed else (r, j)
        return te.sum(a[tuple(first) + (i, r)] * b[tuple(first) + right], axis=[r])

    return te.create_prim_func([a, b, te.compute(lead + (m, n), element, name="c")])


def tune(tvm, ms, module, target, folder, seconds, seed):
    """The database of `folder`, after tuning for so many seconds if it was empty."""
    from tvm.ir.utils import derived_object
    from tvm.s_tir.meta_schedule.measure_callback import MeasureCallback, PyMeasureCallback

    os.makedirs(folder, exist_ok=True)
    database = ms.Database.create("json", path_workload=os.path.join(folder, "workload.json"),
                                  path_tuning_record=os.path.join(folder, "records.json"))
    if len(database):
        return database
    import tvm.s_tir.tensor_intrin  # noqa: F401  takes long: not on the clock

    end = time.monotonic() + seconds

    @derived_object
    class Deadline(PyMeasureCallback):
        """Raises when the budget is spent."""

        def apply(self, task_scheduler, task_id, measure_candidates, builder_results, runner_results):
            """Called after each round of measurements."""
            if time.monotonic() > end:
                raise BudgetSpent()

    builder = ms.builder.LocalBuilder(max_workers=len(os.sched_getaffinity(0)), f_build=build)
    evaluator = ms.runner.EvaluatorConfig(number=3, repeat=1, min_repeat_ms=20)
    try:
        ms.tune_tir(module, target, folder, max_trials_global=MAX_TRIALS, num_trials_per_iter=TRIALS_PER_ROUND,
                    database=database, builder=builder,
                    runner=ms.runner.LocalRunner(timeout_sec=30, evaluator_config=evaluator),
                    cost_model=ms.cost_model.XGBModel(num_warmup_samples=TRIALS_PER_ROUND, num_tuning_cores=1),
                    measure_callbacks=list(MeasureCallback.create("default")) + [Deadline()], num_tuning_cores=1,
                    seed=seed)
    except Exception:  # the deadline's comes out as whatever the way through C++ makes of it
        if time.monotonic() < end or not len(database):
            raise
    return database


def prepare():
    """The call, and what runs it."""
    folder, seconds, seed, cores, cpu, kind, *words = sys.argv[1:]
    cores = [int(core) for core in cores.split(",")]
    os.environ["TVM_NUM_THREADS"] = str(len(cores))
    report = os.dup(1)
    os.dup2(2, 1)  # TVM talks on standard output; the protocol does not
    sys.stdout = os.fdopen(report, "w")
    import numpy as np
    import tvm
    from tvm import te, topi
    from tvm.s_tir import meta_schedule as ms

    target = tvm.target.Target({"kind": "llvm", "mcpu": cpu, "num-cores": len(cores)})
    function = convolution(te, topi, words) if kind == "conv" else matmul(te, words)
    module = tvm.IRModule({"main": function.with_attr("global_symbol", "main")})
    database = tune(tvm, ms, module, target, folder, float(seconds), int(seed))
    os.sched_setaffinity(0, cores)
    schedule = ms.tir_integration.compile_tir(database, module, target)
    if schedule is None:
        raise RuntimeError("no schedule was found in the time given; raise --seconds")
    packed = tvm.s_tir.transform.RemoveWeightLayoutRewriteBlock(skip_tensor_rewrite=True)(schedule.mod)
    shapes = [tuple(int(d) for d in info.shape) for info in ms.arg_info.ArgInfo.from_entry_func(schedule.mod, True)]
    rng = np.random.default_rng(0)
    arguments = [tvm.runtime.tensor(rng.standard_normal(shape, dtype="float32")) for shape in shapes]
    run = tvm.driver.build(packed, target=target)["main"]
    return lambda: run(*arguments), f"of tvm {tvm.__version__}"


if __name__ == "__main__":
    serve(prepare)
