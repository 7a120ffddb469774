#!/usr/bin/env bash
# Installs what Chameleon needs on Debian 12. Run as root or with sudo. Used by the README, utils/test.sh and CI.
#   utils/setup.sh
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "setup.sh: expected a Debian 12 machine with apt-get; install the packages listed in this script by hand" >&2
  exit 1
fi
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  sudo="sudo"
fi
packages=(
  git cmake ninja-build ccache g++ python3 python3-numpy python3-psutil python3-pytest
  clang-22 lld-22 libomp-22-dev clang-format-22 clang-tidy-22 libclang-rt-22-dev
  llvm-22-dev llvm-22-tools libmlir-22-dev mlir-22-tools
  libabsl-dev libeigen3-dev libtorch-dev libxgboost-dev libsqlite3-dev nlohmann-json3-dev libhwloc-dev
  libgtest-dev libgmock-dev librapidcheck-dev
)
missing=()
for package in "${packages[@]}"; do
  if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$'; then
    missing+=("$package")
  fi
done
if [ "${#missing[@]}" -eq 0 ]; then
  echo "setup.sh: everything is installed"
  exit 0
fi
echo "setup.sh: installing ${missing[*]}"
$sudo apt-get update -q
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
