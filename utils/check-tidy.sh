#!/usr/bin/env bash
# Runs clang-tidy-22 on our sources, with the compile commands of build/.
#   utils/check-tidy.sh              every source
#   utils/check-tidy.sh --changed    those that differ from origin/main, or from the commit before if HEAD is its tip
# TIDY_SECONDS (default: 900 for --changed, no limit otherwise) bounds the time: what was not reached is listed, and is
# no failure. A file takes 10 to 60 seconds.
set -euo pipefail
cd "$(dirname "$0")/.."

base_commit() {
  local base
  if base=$(git merge-base HEAD origin/main 2>/dev/null) && [ "$base" != "$(git rev-parse HEAD)" ]; then
    echo "$base"
  else
    git rev-parse -q --verify HEAD~1
  fi
}
list() {
  if [ "$1" = --changed ]; then
    local base
    if base=$(base_commit); then
      git diff --name-only --diff-filter=d "$base" -- 'lib/*.cpp' 'tools/*.cpp'
    fi
  else
    git ls-files 'lib/*.cpp' 'tools/*.cpp'
  fi
}
case "${1:-}" in
"") limit=0 ;;
--changed) limit=900 ;;
*)
  echo "check-tidy.sh: expected nothing or --changed, but got '$1'" >&2
  exit 1
  ;;
esac
limit=${TIDY_SECONDS:-$limit}
if [ ! -f build/compile_commands.json ]; then
  echo "check-tidy.sh: expected build/compile_commands.json; run: cmake --preset release && cmake --build --preset release" >&2
  exit 1
fi

# Beyond .clang-tidy: three checks that fire inside headers of Abseil, LLVM and MLIR, and one on hooks of MLIR that are
# named for readers but not used.
without=-clang-analyzer-optin.core.EnumCastOutOfRange,-clang-analyzer-core.StackAddressEscape
without+=,-clang-analyzer-security.ArrayBound,-misc-unused-parameters

# Checks one file. Leaves a file in $results: failed or skipped, with the name.
check_one() {
  if [ "$limit" -gt 0 ] && [ $(($(date +%s) - start)) -ge "$limit" ]; then
    echo "$1" >>"$results/skipped"
  elif ! clang-tidy-22 -p build --quiet --warnings-as-errors='*' --header-filter="$PWD/(include|lib|tools)/" \
    --checks="$without" "$1" 2>"$results/log.$$"; then
    grep -v 'warnings generated' "$results/log.$$" || true
    echo "$1" >>"$results/failed"
  fi
}
export -f check_one

mapfile -t files < <(list "${1:-}")
if [ "${#files[@]}" -eq 0 ]; then
  echo "check-tidy.sh: nothing to check"
  exit 0
fi
echo "check-tidy.sh: ${#files[@]} files"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
start=$(date +%s)
export results limit start without
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 1 bash -c 'check_one "$1"' _
if [ -f "$results/skipped" ]; then
  echo "check-tidy.sh: $limit s are over; not reached:"
  sed 's/^/  /' "$results/skipped"
fi
if [ -f "$results/failed" ]; then
  echo "check-tidy.sh: failed:"
  sed 's/^/  /' "$results/failed"
  exit 1
fi
