// Each wrong use: a message that says what was expected, what came and where; exit code 1; nothing lost.

// RUN: rm -rf %t && mkdir %t && echo "not a database" > %t/broken.db && cp %t/broken.db %t/copy.db
// RUN: not chameleon-opt %s --auto-tune="preset=foo" 2>&1 | FileCheck %s --check-prefix=PRESET
// RUN: not chameleon-opt %s --auto-tune="strategy=foo" 2>&1 | FileCheck %s --check-prefix=STRATEGY
// RUN: not chameleon-opt %s --auto-tune="budget-seconds=-1" 2>&1 | FileCheck %s --check-prefix=BUDGET
// RUN: not chameleon-opt %s --auto-tune="numerics=exact" 2>&1 | FileCheck %s --check-prefix=NUMERICS
// RUN: not chameleon-opt %s --auto-tune="target=moon" 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: not chameleon-opt %s --auto-tune="tasks=[" 2>&1 | FileCheck %s --check-prefix=REGEX
// RUN: not chameleon-opt %s --auto-tune="frobnicate=1" 2>&1 | FileCheck %s --check-prefix=OPTION
// RUN: not chameleon-opt %s --auto-tune="database=%t/broken.db" 2>&1 | FileCheck %s --check-prefix=BROKEN
// RUN: diff %t/broken.db %t/copy.db
// RUN: not chameleon-opt %s --auto-tune="database=%t/no/such/folder/tune.db" 2>&1 | FileCheck %s --check-prefix=FOLDER
// RUN: not chameleon-opt %s --auto-tune="worker-command=%t/no-such-worker" 2>&1 | FileCheck %s --check-prefix=WORKER
// RUN: not chameleon-opt %s --auto-tune="schedules=%t/no-such-folder" 2>&1 | FileCheck %s --check-prefix=SCHEDULES
// RUN: not chameleon-opt %s --chameleon-lookup 2>&1 | FileCheck %s --check-prefix=LOOKUP
// RUN: not chameleon-opt %s --auto-tune="budget-seconds=inf" 2>&1 | FileCheck %s --check-prefix=INFINITE
// RUN: not chameleon-opt %s --auto-tune="report=%t" 2>&1 | FileCheck %s --check-prefix=REPORT --implicit-check-not=elapsed
// RUN: not chameleon-opt %s --chameleon-lookup="database=%t/none.db" 2>&1 | FileCheck %s --check-prefix=NODB
// RUN: chameleon-opt %s --auto-tune="schedules=%S/Inputs/starved.mlir" -o /dev/null 2>&1 | FileCheck %s --check-prefix=STARVED
// RUN: chameleon-opt %s --chameleon-apply="schedules=%S/Inputs/starved.mlir in-process=true" -o /dev/null 2>&1 | FileCheck %s --check-prefix=STARVED
// RUN: chameleon-opt %s --auto-tune="tasks=no-such-task report=%t/report.json" -o /dev/null 2>/dev/null
// RUN: FileCheck %s --input-file=%t/report.json --check-prefix=EMPTY
// RUN: chameleon-opt %s --auto-tune="tasks=no-such-task" -o /dev/null 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: chameleon-opt %s --auto-tune="dry-run=true" -o /dev/null 2>&1 | FileCheck %s --check-prefix=DRY

// PRESET: error: chameleon-auto-tune: {{.*}}chameleon-paper{{.*}}foo
// STRATEGY: error: chameleon-auto-tune: {{.*}}ppo{{.*}}foo
// BUDGET: error: chameleon-auto-tune: expected budget-seconds to be positive and finite, but got -1
// NUMERICS: error: chameleon-auto-tune: {{.*}}strict{{.*}}exact
// TARGET: error: chameleon-auto-tune: expected target to be 'host', but got 'moon'
// REGEX: error: chameleon-auto-tune: expected a regular expression on tasks, but '['
// OPTION: no such option frobnicate
// BROKEN: error: chameleon-auto-tune: {{.*}}broken.db
// FOLDER: error: chameleon-auto-tune: {{.*}}no/such/folder
// WORKER: error: chameleon-auto-tune: {{.*}}no-such-worker
// SCHEDULES: error: chameleon-auto-tune: expected a schedule file or folder at '{{.*}}no-such-folder', but there is none
// LOOKUP: error: chameleon-lookup: expected the option database=FILE
// INFINITE: error: chameleon-auto-tune: expected budget-seconds to be positive and finite, but got inf
// REPORT: error: chameleon-auto-tune: expected a report that can be written, but cannot open
// NODB: error: chameleon-lookup: {{.*}}none.db
// STARVED: remark: task @chameleon_task_0 left {{.*}}@starved: no valid configuration: 'a tile must have sixteen rows' rejects all
// EMPTY: "records": 0
// EMPTY: "tasks": []
// NOTHING: remark: nothing to tune
// DRY: matmul m=8 n=64 k=16 {{.*}} cpu_matmul
// DRY: 1 tasks, 120 s; nothing was measured (dry-run)

func.func @main(%x: tensor<8x16xf32>, %w: tensor<16x64xf32>) -> tensor<8x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x64xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x64xf32>) -> tensor<8x64xf32>
  %a = linalg.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x64xf32>) outs(%fill : tensor<8x64xf32>) -> tensor<8x64xf32>
  return %a : tensor<8x64xf32>
}
// RUN: not chameleon-opt %s --json=%t/report.json 2>&1 | FileCheck %s --check-prefix=ALONE
// RUN: chameleon-opt %s --auto-tune="dry-run=true" --explain='m=8 n=64' -o /dev/null 2>&1 | FileCheck %s --check-prefix=DRY
// ALONE: --json says something about a tuning session; expected --auto-tune beside it
