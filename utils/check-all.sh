#!/usr/bin/env bash
# The long check before a release: every test, GCC, ASan and UBSan on the unit tests, clang-tidy on every source.
set -euo pipefail
cd "$(dirname "$0")/.."
utils/test.sh
cmake --preset gcc
cmake --build --preset gcc
cmake --preset asan
cmake --build --preset asan
ctest --test-dir build-asan --output-on-failure
utils/check-tidy.sh
