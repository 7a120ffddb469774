#!/usr/bin/env bash
# Fails and says where, if a C++ file is not as clang-format-22 would write it.  utils/check-format.sh --fix rewrites.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(--dry-run --Werror)
if [ "${1:-}" = --fix ]; then
  mode=(-i)
fi
git ls-files -co --exclude-standard '*.h' '*.cpp' | xargs -r clang-format-22 "${mode[@]}"
