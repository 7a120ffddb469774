#!/usr/bin/env bash
# Fails and says where, if a C++ file is not as clang-format-22 would write it.
#   utils/check-format.sh          checks
#   utils/check-format.sh --fix    rewrites
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(--dry-run --Werror)
case "${1:-}" in
"") ;;
--fix) mode=(-i) ;;
*)
  echo "check-format.sh: expected nothing or --fix, but got '$1'" >&2
  exit 1
  ;;
esac
folders=()
for folder in include lib tools unittests python benchmarks; do
  [ ! -d "$folder" ] || folders+=("$folder")
done
find "${folders[@]}" -type f \( -name '*.h' -o -name '*.cpp' \) -print0 |
  xargs -0 -r -n 16 -P "$(nproc)" clang-format-22 "${mode[@]}"
