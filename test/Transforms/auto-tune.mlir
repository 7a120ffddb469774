// A session on a small matmul: what it leaves in the IR and in the database, what a second run does with it, that the result is
// faster than plain loops, and that a replay gives the same bytes.

// RUN: rm -rf %t && mkdir %t
// RUN: chameleon-opt %s --auto-tune="budget-seconds=60 budget-measurements=10 strategy=random database=%t/tune.db" --json=%t/report.json -o %t/tuned.mlir 2>%t/log
// RUN: FileCheck %s --input-file=%t/tuned.mlir
// RUN: FileCheck %s --input-file=%t/log --check-prefix=LOG
// RUN: FileCheck %s --input-file=%t/report.json --check-prefix=REPORT

// CHECK: linalg.matmul {chameleon.config = #chameleon.config<@cpu_matmul, {{{.*}}mr = {{[0-9]+}}{{.*}}}>, chameleon.measured = #chameleon.measured<median_ns = {{[0-9]+}}
// LOG: measured 10 candidates in {{.*}} stopped by budget-measurements
// REPORT: "schema_version": 1
// REPORT: "records": 10
// REPORT: "stop": "budget-measurements"

// The report, the database and the IR name the same time: that of what ships.
// RUN: chameleon-db %t/tune.db --json > %t/db.json
// RUN: %python -c "import json,re,sys; best=[json.load(open(f))['tasks'][0]['best_ns'] for f in sys.argv[1:3]]; ir=int(re.search(r'median_ns = (\d+)', open(sys.argv[3]).read())[1]); assert all(abs(b - ir) <= 1 for b in best), (best, ir)" %t/report.json %t/db.json %t/tuned.mlir

// RUN: chameleon-opt %s --auto-tune="database=%t/tune.db" --explain=matmul -o %t/again.mlir 2>%t/again.log
// RUN: diff %t/tuned.mlir %t/again.mlir
// RUN: FileCheck %s --input-file=%t/again.log --check-prefix=AGAIN
// AGAIN: chameleon: 1 of 1 tasks are in the database, with nothing to measure
// AGAIN: chosen {{.*}}mr={{[0-9]+}}
// RUN: chameleon-opt %s --auto-tune="database=%t/tune.db" --explain=pooling -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: chameleon: explain='pooling' matches none of the 1 tasks; dry-run=true lists their names
// AGAIN-NEXT: rank

// RUN: chameleon-opt %s --chameleon-lookup="database=%t/tune.db" -o %t/lookup.mlir
// RUN: diff %t/tuned.mlir %t/lookup.mlir

// RUN: not chameleon-opt %s --chameleon-lookup="database=%t/tune.db threads=0" 2>&1 | FileCheck %s --check-prefix=THREADS
// THREADS: error: chameleon-lookup: expected threads to be 1 to 1024, but got 0

// RUN: chameleon-bench %s %t/tuned.mlir --json --samples=3 > %t/bench.json
// RUN: %python -c "import json,sys; r=json.load(open(sys.argv[1])); assert r['outputs_agree'] and r['ratio'] > 3, r" %t/bench.json

// RUN: chameleon-opt %s --auto-tune="replay=%t/tune.db seed=3 budget-measurements=6" --json=%t/replay1.json --explain=matmul -o %t/replay1.mlir 2>%t/replay1.log
// RUN: chameleon-opt %s --auto-tune="replay=%t/tune.db seed=3 budget-measurements=6" --json=%t/replay2.json --explain=matmul -o %t/replay2.mlir 2>%t/replay2.log
// RUN: diff %t/replay1.mlir %t/replay2.mlir
// RUN: diff %t/replay1.json %t/replay2.json
// RUN: diff %t/replay1.log %t/replay2.log
// RUN: FileCheck %s --input-file=%t/replay1.mlir
// RUN: FileCheck %s --input-file=%t/replay1.json --check-prefix=REPLAY --implicit-check-not=/ --implicit-check-not=host
// RUN: FileCheck %s --input-file=%t/replay1.log --check-prefix=EXPLAIN --implicit-check-not=elapsed --implicit-check-not=tune.db
// REPLAY: "records": 6
// REPLAY: "best_ns": {{[0-9]}}
// REPLAY: "tried": 6
// EXPLAIN: matmul m=192 n=320 k=256: schedule @cpu_matmul
// EXPLAIN: chosen {{.*}}mr={{[0-9]+}}{{.*(, the default.*|; side by side [0-9.]+ us, the default [0-9.]+ us)}}
// EXPLAIN: rank
// EXPLAIN-COUNT-2: {{e-[0-9]+}}   {{.*}}mr=

func.func @main(%x: tensor<192x256xf32>, %w: tensor<256x320xf32>) -> tensor<192x320xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<192x320xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<192x320xf32>) -> tensor<192x320xf32>
  %a = linalg.matmul ins(%x, %w : tensor<192x256xf32>, tensor<256x320xf32>) outs(%fill : tensor<192x320xf32>) -> tensor<192x320xf32>
  return %a : tensor<192x320xf32>
}
