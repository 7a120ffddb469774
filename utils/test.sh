#!/usr/bin/env bash
# Installs, builds and runs every test, on a fresh Debian 12. `.ci/run` calls it.
#   utils/test.sh [quick]
set -euo pipefail
cd "$(dirname "$0")/.."
target=check-chameleon
if [ "${1:-}" = quick ]; then
  target=check-chameleon-quick
fi
utils/setup.sh
cmake --preset release
cmake --build --preset release
cmake --build --preset release --target "$target"
