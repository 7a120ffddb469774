#!/usr/bin/env bash
# Installs what benchmarks/cpu/run.py compares Chameleon with, and what benchmarks/search/run.py computes with. Nothing
# of it is needed to build Chameleon.
#   benchmarks/setup.sh                  everything
#   benchmarks/setup.sh torch iree       some: onednn openblas torch torch_mlir iree metaschedule search
# They go into a virtual environment, $CHAMELEON_BENCH_VENV or build/benchmarks-venv. Debian's oneDNN is unpacked there,
# not installed. PyTorch comes from its index of CPU wheels if that answers; PyPI's wheel brings 5 GB of CUDA with it.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${CHAMELEON_BENCH_VENV:-build/benchmarks-venv}
torch_index=https://download.pytorch.org/whl/cpu
known="onednn openblas torch torch_mlir iree metaschedule search"
peers=("$@")
[ "${#peers[@]}" -gt 0 ] || read -r -a peers <<<"$known"
for peer in "${peers[@]}"; do
  case " $known " in
  *" $peer "*) ;;
  *)
    echo "setup.sh: expected some of '$known', but got '$peer'" >&2
    exit 1
    ;;
  esac
done
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  echo "setup.sh: expected a python3 that makes virtual environments; on Debian: apt-get install python3-venv" >&2
  exit 1
fi

[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
venv=$(cd "$venv" && pwd)
pip=(nice "$venv/bin/pip" install -q --disable-pip-version-check)

# build_onednn NAME INCLUDE LIBRARY: compiles the driver against this oneDNN.
build_onednn() {
  "${CXX:-clang++-22}" -std=c++17 -O2 -Wall -Wextra -I "$2" benchmarks/cpu/peers/onednn.cpp "$3" \
    -Wl,--disable-new-dtags,-rpath,"$(dirname "$3")" -o "$venv/bin/$1" # old tags: found for the library's libraries too
}

setup_onednn() {
  "${pip[@]}" onednn onednn-devel
  build_onednn chameleon-onednn "$venv/include" "$venv/lib/libdnnl.so"
  # Debian's is years older, and at times the faster one.
  local folder=$venv/debian
  mkdir -p "$folder"
  if (cd "$folder" && apt-get download -q libdnnl-dev libdnnl2) >/dev/null; then
    for package in "$folder"/*.deb; do
      dpkg -x "$package" "$folder"
      rm "$package"
    done
    build_onednn chameleon-onednn-debian "$folder/usr/include" "$(echo "$folder"/usr/lib/*/libdnnl.so)"
  else
    echo "setup.sh: Debian's oneDNN (libdnnl-dev) could not be downloaded; going on without it" >&2
  fi
}

setup_openblas() { "${pip[@]}" numpy; } # numpy's wheel carries OpenBLAS

setup_torch() {
  if curl -sfI --max-time 10 "$torch_index/torch/" >/dev/null 2>&1; then
    "${pip[@]}" numpy
    "${pip[@]}" --index-url "$torch_index" torch torchvision
  else
    "${pip[@]}" numpy torch torchvision
  fi
}

# What exports networks for run.py. It asks for no torch of its own, and must not change the one that is there.
setup_torch_mlir() {
  "${pip[@]}" numpy packaging
  "${pip[@]}" --no-deps torch-mlir==20261001
}

setup_iree() { "${pip[@]}" iree-base-compiler==3.13.0 iree-base-runtime==3.13.0; }

# apache-tvm-ffi 0.1.15.post2, which pip picks by itself, dies in TuneContext() with a segmentation fault.
setup_metaschedule() {
  "${pip[@]}" apache-tvm==0.27.0.post1 apache-tvm-ffi==0.1.14.post1 \
    numpy scipy xgboost-cpu psutil cloudpickle tornado ml_dtypes
}

setup_search() { "${pip[@]}" numpy matplotlib; }

missing=""
for peer in "${peers[@]}"; do
  echo "setup.sh: $peer"
  # Not `if ! setup...`: that would switch errexit off inside.
  set +e
  (set -e; "setup_$peer")
  status=$?
  set -e
  [ "$status" -eq 0 ] || missing+=" $peer"
done
if [ -n "$missing" ]; then
  echo "setup.sh: not installed:$missing (see above)" >&2
  exit 1
fi
next="benchmarks/cpu/run.py ops --only 'resnet18_c02' --quick"
[ "${peers[*]}" != search ] || next="benchmarks/search/run.py --quick"
echo "setup.sh: ready; try $next"
