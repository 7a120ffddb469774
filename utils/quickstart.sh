#!/usr/bin/env bash
# On a fresh Debian 12: installs packages, builds, tunes a network and shows what it was worth.
#   utils/quickstart.sh [MODEL] [SECONDS]    default: ResNet-18, 120
set -euo pipefail
cd "$(dirname "$0")/.."
model=${1:-benchmarks/workloads/models/resnet18.mlir}
seconds=${2:-120}
if [ ! -f "$model" ]; then
  echo "quickstart.sh: expected a model, but there is no file '$model'" >&2
  exit 1
fi
utils/setup.sh
cmake --preset release
cmake --build --preset release --target chameleon-opt chameleon-worker chameleon-bench chameleon-db
PATH=$PWD/build/bin:$PATH
out=build/quickstart
mkdir -p "$out"

echo
echo "== tuning $model for $seconds s (records go to $out/tune.db; a second run starts from them)"
chameleon-opt "$model" --auto-tune="budget-seconds=$seconds layout=auto database=$out/tune.db" -o "$out/tuned.mlir"
echo
echo "== every task: naive, default, best"
chameleon-db "$out/tune.db"
echo
echo "== the whole model, plain loops against tuned, run in turn"
chameleon-bench "$model" "$out/tuned.mlir"
echo
echo "== the same against the default schedules, with nothing measured: what the search and the choice of a layout were worth"
chameleon-bench "$model" "$out/tuned.mlir" --baseline=default --peak
echo
echo "The tuned model is $out/tuned.mlir; mlir-opt-22 can go on with the output of"
echo "  build/bin/chameleon-opt $out/tuned.mlir --chameleon-apply"
