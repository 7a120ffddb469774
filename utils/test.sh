#!/usr/bin/env bash
# Installs, builds and runs the tests, on a fresh Debian 12. `.ci/run` calls it.
#   utils/test.sh          every test
#   utils/test.sh quick    those that take under a minute
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
"") target=check-chameleon ;;
quick) target=check-chameleon-quick ;;
*)
  echo "test.sh: expected nothing or 'quick', but got '$1'" >&2
  exit 1
  ;;
esac
utils/setup.sh
cmake --preset release
cmake --build --preset release
# -k 0: one suite that fails does not hide what the others say.
cmake --build --preset release --target "$target" -- -k 0
echo "test.sh: everything passed ($target)"
