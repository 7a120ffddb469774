//===- Passes.td - The passes of Chameleon --------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TRANSFORMS_PASSES
#define CHAMELEON_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def NormalizePass : Pass<"chameleon-normalize", "::mlir::func::FuncOp"> {
  let summary = "Bring computations into the one form that schedules are written for";
  let description = [{
    Exporters write the same computation in many ways. This pass leaves, around each contraction, convolution,
    pooling or reduction: a zero fill as its init, at most one elementwise `linalg.generic` after it, and no
    views of unit dimensions or transposes of matmul operands between. It changes nothing but the order of
    additions (a bias that initialised the accumulator is added last).

    - an accumulator that starts from anything but zero: zero fill, then an elementwise addition;
    - `linalg.transpose` before `linalg.matmul` or `linalg.batch_matmul`: into the indexing maps;
    - grouped convolutions of static shape whose weights are constants or arguments: a dense one for each group, on
      slices, if there are at most 64 groups, with at least 4 output channels each, and no schedule is chosen;
    - convolutions and pooling over lines (`conv_1d_ncw_fcw`, `pooling_nwc_max` and so on) of static shape: the same over
      images of one row, with pads and elementwise ops behind them, if no schedule is chosen;
    - `linalg.softmax`: decomposed;
    - elementwise named ops: `linalg.generic`; chains of them: fused where the producer has one use;
    - `tensor.expand_shape` that only adds unit dimensions to an operand: into the indexing map;
    - tensors of i1 between `linalg.generic`, `linalg.reduce`, fills, views, slices, pads and constants: tensors of i8 that
      hold 0 or 1, since vectors of i1 lie packed in memory; those that are arguments or results stay, as does what is
      tied to them (`left untuned: it has tensors of elements that do not fill bytes`);
    - comparisons of an f32, extended to f64, with a constant that f32 has as well: comparisons of f32;
    - elementwise ops before a reduction that reads them alone: part of it, unless they are the epilogue of a
      contraction or convolution.

    ```mlir
    %b = linalg.broadcast ins(%bias : tensor<64xf32>) outs(%0 : tensor<1x64x56x56xf32>) dimensions = [0, 2, 3]
    %r = linalg.conv_2d_nchw_fchw ins(%x, %w) outs(%b)
    ```
    becomes
    ```mlir
    %z = linalg.fill ins(%c0) outs(%0)
    %c = linalg.conv_2d_nchw_fchw ins(%x, %w) outs(%z)
    %r = linalg.generic {indexing_maps = [(n, f, h, w) -> (n, f, h, w), (n, f, h, w) -> (f), ...]} ins(%c, %bias) { addf }
    ```
  }];
  let options = [Option<"groups", "groups", "bool", "true", "Make dense convolutions of grouped ones.">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ChannelsLastPass : Pass<"chameleon-channels-last", "::mlir::func::FuncOp"> {
  let summary = "Let images have their channels innermost (NHWC), through the whole function";
  let description = [{
    Turns 2-D convolutions (`linalg.conv_2d_nchw_fchw`), depthwise convolutions and poolings of NCHW images into those of
    NHWC images, and moves the transposes that this takes through pads and elementwise ops until they cancel. What is
    left is one at an image that comes from outside, and one before an op that asks for the old order, such as a
    reshape. Arguments and results keep their types. Brings the function into the form of `chameleon-normalize` first;
    comes before `chameleon-outline-tasks` and `chameleon-auto-tune`, whose tasks it leaves alone. Images of dynamic
    shape and grouped convolutions stay as they are.
    Transposes of weights that are known before the call join the packing of weights in `@chameleon_init`.

    Images need not be copied to put channels side by side then, and results not transposed back: that may be faster,
    where the channels are many and the windows small (MobileNetV2), or slower. `--auto-tune="layout=auto"` measures both
    untuned. Or tune both, and compare:

    ```sh
    chameleon-opt model.mlir --chameleon-channels-last -o last.mlir
    chameleon-opt last.mlir --auto-tune="database=tune.db" -o last-tuned.mlir
    chameleon-bench tuned.mlir last-tuned.mlir
    ```

    ```mlir
    %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x8x9x9xf32>, tensor<16x8x3x3xf32>) outs(%f : tensor<1x16x7x7xf32>)
    ```
    becomes
    ```mlir
    %xt = linalg.transpose ins(%x : tensor<1x8x9x9xf32>) outs(%0 : tensor<1x9x9x8xf32>) permutation = [0, 2, 3, 1]
    %wt = linalg.transpose ins(%w : tensor<16x8x3x3xf32>) outs(%1 : tensor<16x3x3x8xf32>) permutation = [0, 2, 3, 1]
    %rt = linalg.conv_2d_nhwc_fhwc ins(%xt, %wt) outs(%ft : tensor<1x7x7x16xf32>)
    %r = linalg.transpose ins(%rt : tensor<1x7x7x16xf32>) outs(%2 : tensor<1x16x7x7xf32>) permutation = [0, 3, 1, 2]
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def OutlineTasksPass : Pass<"chameleon-outline-tasks", "::mlir::ModuleOp"> {
  let summary = "Outline each computation as a private task function";
  let description = [{
    Groups each root op with its pads, fills and the elementwise op after it, and outlines the group as a private
    function in destination-passing style, called where it stood. Equal groups share a function. Expects the form
    that `chameleon-normalize` leaves. What stays in the model untuned is named in a remark. Transposes of weights that are
    known before the call are no tasks: they are marked (`chameleon.constant_pack`), for `@chameleon_init` to do once.

    ```mlir
    %f = linalg.fill ins(%c0) outs(%e)
    %r = linalg.matmul ins(%a, %b) outs(%f)
    ```
    becomes
    ```mlir
    %r = call @chameleon_task_0(%a, %b, %e)

    func.func private @chameleon_task_0(%a, %b {chameleon.constant}, %out) attributes {chameleon.task = "<key>"} {
      %f = linalg.fill ins(%c0) outs(%out)
      %r = linalg.matmul {chameleon.root} ins(%a, %b) outs(%f)
      return %r
    }
    ```
    The key is the SHA-256 of the function's generic form without locations, names and discardable attributes,
    with the positions of its constant arguments.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
                           "::chameleon::ChameleonDialect"];
  let options = [
    Option<"constantArgs", "constant-args", "std::string", "\"auto\"",
           "Which entry arguments are known before the timed call, so that they are packed once: 'auto' (weights of "
           "convolutions and matmuls), 'none', or positions such as '1,2-5'.">,
  ];
  let statistics = [
    Statistic<"numTasks", "tasks", "Task functions made">,
    Statistic<"numUses", "uses", "Calls of task functions made">,
  ];
}

def ApplyPass : Pass<"chameleon-apply", "::mlir::ModuleOp"> {
  let summary = "Schedule every task: its configuration, or the default";
  let description = [{
    Replaces the body of each task function by its scheduled form, vectors on tensors in upstream dialects: under
    the `chameleon.config` on its root op, else under the default configuration of the first schedule that fits. A
    stale configuration (the key of the task has changed) is refused with a remark. If one does not apply, the next
    is tried, last the plain op; each step down is a remark. A module without tasks is outlined first.

    Packing of constant operands moves out of the tasks. For each entry that has some:
    - `@chameleon_init` takes the entry's constant arguments and returns the packed ones;
    - `@chameleon_main` takes the entry's other arguments and the packed ones;
    - the entry itself keeps its signature and calls the two.
    Both carry `chameleon.constants`, the positions of the entry's arguments that init takes.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::transform::TransformDialect", "::mlir::vector::VectorDialect",
                           "::mlir::ub::UBDialect", "::chameleon::ChameleonDialect"];
  let options = [
    Option<"schedules", "schedules", "std::string", "\"\"",
           "Files or folders of schedules, separated by ':'; default: those that come with Chameleon.">,
    Option<"constantArgs", "constant-args", "std::string", "\"auto\"",
           "As for chameleon-outline-tasks, where the module is outlined first.">,
    Option<"inlineTasks", "inline", "bool", "false", "Fold the task functions back into their callers.">,
    Option<"threads", "threads", "int", "0",
           "Default configurations leave work for so many threads; 0: as the op says (chameleon.threads), else unknown.">,
    Option<"inProcess", "in-process", "bool", "false",
           "Interpret schedules in this process instead of in a build worker: for plugins and debugging; a schedule that "
           "crashes takes the process with it.">,
    Option<"workerCommand", "worker-command", "std::string", "\"\"",
           "Command that starts a worker; default: the chameleon-worker beside this program.">,
  ];
  let statistics = [
    Statistic<"numTuned", "tuned", "Tasks scheduled under a configuration of their own">,
    Statistic<"numDefault", "default", "Tasks scheduled under a default configuration">,
    Statistic<"numPlain", "plain", "Tasks left as plain ops">,
  ];
}

def AutoTunePass : Pass<"chameleon-auto-tune", "::mlir::ModuleOp"> {
  let summary = "Search the fastest configuration of every task by measuring";
  let description = [{
    Outlines tasks if that was not done, instantiates for each the space of the first schedule that fits, measures
    candidates in child processes, and leaves on each root op the configuration that won and what was measured:

    ```mlir
    linalg.matmul {chameleon.config = #chameleon.config<@cpu_matmul, {mr = 8, nr = 32, ...}>,
                   chameleon.measured = #chameleon.measured<median_ns = 8912345, ...>, chameleon.root} ...
    ```
    Every task gets its default measured first, as far as half of the budget goes; then time goes where uses x expected
    gain per second is highest. At the end the fastest are measured once more against the default, side by side; the
    default stays unless the gain is outside the noise. With `database` every record is kept: tasks whose outcome it holds cost no measurement, a
    session that was cut off is resumed. Ctrl-C writes the best so far.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::transform::TransformDialect", "::mlir::vector::VectorDialect",
                           "::mlir::ub::UBDialect", "::chameleon::ChameleonDialect"];
  let options = [
    Option<"target", "target", "std::string", "\"host\"", "What to tune for: 'host', the machine that runs the workers.">,
    Option<"budgetSeconds", "budget-seconds", "double", "120", "Wall seconds for the whole session.">,
    Option<"budgetMeasurements", "budget-measurements", "int64_t", "0",
           "Candidates to measure in the whole session; 0: as many as the seconds allow.">,
    Option<"database", "database", "std::string", "\"\"",
           "File that keeps records over sessions; made if it is not there. Default: none is kept.">,
    Option<"preset", "preset", "std::string", "\"chameleon\"",
           "Strategy, sampler, cost model and effort together; --help lists the names.">,
    Option<"strategy", "strategy", "std::string", "\"\"",
           "Instead of the preset's; --help lists the names.">,
    Option<"sampler", "sampler", "std::string", "\"\"",
           "Instead of the preset's; --help lists the names.">,
    Option<"costModel", "cost-model", "std::string", "\"\"",
           "Instead of the preset's; --help lists the names.">,
    Option<"seed", "seed", "uint64_t", "0", "Seed of every random choice.">,
    Option<"threads", "threads", "int", "1", "Threads of the generated code.">,
    Option<"schedules", "schedules", "std::string", "\"\"",
           "Files or folders of schedules, separated by ':'; default: those that come with Chameleon.">,
    Option<"tasks", "tasks", "std::string", "\"\"",
           "Regular expression: only tasks whose name or key matches are tuned; default: all.">,
    Option<"constantArgs", "constant-args", "std::string", "\"auto\"",
           "As for chameleon-outline-tasks, where the module is outlined first.">,
    Option<"workerCommand", "worker-command", "std::string", "\"\"",
           "Command that starts a worker, say 'ssh board chameleon-worker'; default: the chameleon-worker beside this "
           "program.">,
    Option<"numerics", "numerics", "std::string", "\"accurate\"",
           "How far results may be off: 'strict' (only the order of summation changes), 'accurate' (error against f64 at "
           "most that of the plain loop nest), 'fast' (error budget 2e-5 of the largest value).">,
    Option<"measureMode", "measure-mode", "std::string", "\"auto\"",
           "'warm': calls follow each other; 'cold': constants are flushed from the caches before each; 'auto': cold where "
           "the module's constants take more than half of the last cache.">,
    Option<"layout", "layout", "std::string", "\"given\"",
           "Of NCHW images: 'given'; 'channels-last': turned into NHWC images first, by chameleon-channels-last; 'auto': "
           "whichever is faster untuned, by chameleon-bench, in at most half of the budget; anew in each session.">,
    Option<"replay", "replay", "std::string", "\"\"",
           "Database whose records stand in for measuring, on a virtual clock: same input, same seed, same bytes.">,
    Option<"dryRun", "dry-run", "bool", "false", "Print what would be tuned, and measure nothing.">,
    Option<"retune", "retune", "bool", "false",
           "Go on tuning tasks whose outcome the database holds, from the records that are there.">,
    Option<"explain", "explain", "std::string", "\"\"",
           "Regular expression: for tasks whose name or key matches, say at the end why the configuration was chosen, "
           "with the runner-up and the ten fastest.">,
    Option<"log", "log", "std::string", "\"\"", "File to which every event is appended as a line of JSON.">,
    Option<"report", "report", "std::string", "\"\"", "File for a summary of the session as JSON.">,
  ];
  let statistics = [
    Statistic<"numTuned", "tuned", "Tasks with a configuration">,
    Statistic<"numMeasured", "measured", "Candidates measured">,
  ];
}

def LookupPass : Pass<"chameleon-lookup", "::mlir::ModuleOp"> {
  let summary = "Take the best known configuration of every task from a database";
  let description = [{
    Like `chameleon-auto-tune`, but measures nothing: leaves on each root op the best configuration that `database`
    holds for the task on this target, under this compiler and the schedules at hand, of the numerics, measure mode and
    threads that are asked for. Tasks without one are named in a remark, with what else the database has of them, and stay as they are; `chameleon-apply` gives them the default.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::transform::TransformDialect",
                           "::chameleon::ChameleonDialect"];
  let options = [
    Option<"database", "database", "std::string", "\"\"", "File with the records.">,
    Option<"schedules", "schedules", "std::string", "\"\"",
           "Files or folders of schedules, separated by ':'; default: those that come with Chameleon.">,
    Option<"constantArgs", "constant-args", "std::string", "\"auto\"",
           "As for chameleon-outline-tasks, where the module is outlined first.">,
    Option<"numerics", "numerics", "std::string", "\"accurate\"", "Records of which numerics are taken.">,
    Option<"measureMode", "measure-mode", "std::string", "\"auto\"",
           "Records of which mode are taken; 'auto': of the one that fits the module, else of the other.">,
    Option<"threads", "threads", "int", "1", "Records of how many threads are taken.">,
  ];
  let statistics = [Statistic<"numFound", "found", "Tasks with a configuration in the database">];
}

def ExportSpacePass : Pass<"chameleon-export-space", "::mlir::ModuleOp"> {
  let summary = "Write the space of a task with its records to a file for search benchmarks";
  let description = [{
    Writes a recorded space (chameleon/Database/RecordedSpace.h): the space of one task as it is on this machine, with the
    records that `database` has of it. `chameleon-replay` runs searches on such a file, without MLIR and without
    measuring.

    ```
    chameleon-opt op.mlir -o /dev/null \
      --auto-tune="preset=autotvm strategy=random sampler=all cost-model=none database=op.db budget-seconds=3600"
    chameleon-opt op.mlir --chameleon-export-space="database=op.db output=op.jsonl" -o /dev/null
    chameleon-replay op.jsonl --preset=autotvm
    ```
    Draw at random, and give it the time that it needs: of a space that is not measured whole a surrogate is fitted,
    which knows no more than the sample does.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::transform::TransformDialect",
                           "::chameleon::ChameleonDialect"];
  let options = [
    Option<"database", "database", "std::string", "\"\"", "File with the records.">,
    Option<"output", "output", "std::string", "\"\"", "File to write.">,
    Option<"schedules", "schedules", "std::string", "\"\"",
           "Files or folders of schedules, separated by ':'; default: those that come with Chameleon.">,
    Option<"tasks", "tasks", "std::string", "\"\"",
           "Regular expression on names and keys of tasks; default: all. It must leave one.">,
    Option<"constantArgs", "constant-args", "std::string", "\"auto\"",
           "As for chameleon-outline-tasks, where the module is outlined first.">,
    Option<"numerics", "numerics", "std::string", "\"accurate\"", "Records of which numerics are taken.">,
    Option<"measureMode", "measure-mode", "std::string", "\"auto\"",
           "Records of which mode are taken; 'auto': of the one that fits the module.">,
    Option<"threads", "threads", "int", "1", "Records of how many threads are taken.">,
  ];
}

def PrintSpacePass : Pass<"chameleon-print-space", "::mlir::ModuleOp"> {
  let summary = "Print the space of every task";
  let description = [{
    Prints, on standard error, what each task can be tuned over: its schedule, the size of the space, every knob with
    its values, what each rule rejects of the whole space, and the default; for results as accurate as the sum they stand
    for and one thread, unless `threads` or an op (`chameleon.numerics`, `chameleon.threads`) says otherwise.

    ```
    conv_2d_nchw_fchw oc=64 oh=56 ow=56 ic=64 kh=3 kw=3   (4 uses)
      schedule @cpu_conv_nchw, 9288 configurations, 11.2 % valid
      fo         vector of oc   8 16 24 32  where algorithm=direct
      rows       tile of oh     1 2 4 7 8 14 28 56  where algorithm=direct
      rejects 31.9 %: sums, weights and one input must fit the vector registers
      default algorithm=winograd block=8 mr=6 nr=16 steps=1 outputs=2
      also first algorithm=direct fo=16 owt=6 rows=14 unroll=4 chunk=64
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::transform::TransformDialect",
                           "::chameleon::ChameleonDialect"];
  let options = [
    Option<"schedules", "schedules", "std::string", "\"\"",
           "Files or folders of schedules, separated by ':'; default: those that come with Chameleon.">,
    Option<"tasks", "tasks", "std::string", "\"\"",
           "Regular expression: only tasks whose name or key matches; default: all.">,
    Option<"threads", "threads", "int", "1", "As for chameleon-auto-tune.">,
    Option<"constantArgs", "constant-args", "std::string", "\"auto\"",
           "As for chameleon-outline-tasks, where the module is outlined first.">,
  ];
}

#endif // CHAMELEON_TRANSFORMS_PASSES
