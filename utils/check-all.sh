#!/usr/bin/env bash
# The long check before a release: every test, GCC, ASan and UBSan on the unit tests, clang-tidy on every source.
# Goes on after a failure and ends with a table; exit code 1 if a step failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

table=""
failed=0
# step NAME COMMAND...: runs the command and notes how it ended.
step() {
  local name=$1 start=$SECONDS state=passed
  shift
  echo "== $name: $*"
  "$@" || state=FAILED
  [ "$state" = passed ] || failed=1
  table+=$(printf '%-28s %-7s %5d s' "$name" "$state" $((SECONDS - start)))$'\n'
}
build() { cmake --preset "$1" && cmake --build --preset "$1"; }

step "build and every test" utils/test.sh
step "gcc: build" build gcc
step "gcc: quick unit tests" ctest --test-dir build-gcc --output-on-failure -L quick
step "sanitizers: build" build asan
step "sanitizers: unit tests" ctest --test-dir build-asan --output-on-failure --timeout 1200
step "clang-tidy: every source" utils/check-tidy.sh
printf '\n%s' "$table"
exit "$failed"
