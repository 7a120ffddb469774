#!/usr/bin/env bash
# Runs clang-tidy-22 on our sources, with the compile commands of build/.
#   utils/check-tidy.sh              every source
#   utils/check-tidy.sh --changed    the sources that differ from the parent of HEAD or from HEAD
set -euo pipefail
cd "$(dirname "$0")/.."
list() {
  if [ "${1:-}" = --changed ]; then
    if git rev-parse -q --verify HEAD~1 >/dev/null; then
      git diff --name-only --diff-filter=d HEAD~1 -- 'lib/*.cpp' 'tools/*.cpp'
    fi
  else
    git ls-files 'lib/*.cpp' 'tools/*.cpp'
  fi
}
mapfile -t files < <(list "${1:-}")
if [ "${#files[@]}" -eq 0 ]; then
  echo "check-tidy.sh: nothing to check"
  exit 0
fi
echo "check-tidy.sh: ${#files[@]} files"
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy-22 -p build --quiet --warnings-as-errors='*'
