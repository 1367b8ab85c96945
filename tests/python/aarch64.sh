#!/usr/bin/env bash
# aarch64.sh: builds the wheel for aarch64 and tests it on this machine, where qemu emulates that processor.
# On each model of testdata/ the program writes the same bytes as the one for this machine, and
# tests/wheel_test.py passes with Debian's Python for aarch64. By hand: it is not part of .ci/run.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ ${1:-} != --within ]]; then
  wheel=$(tools/python/aarch64_wheel.sh)
  ./bazelw build //tools:modelexport
  root=.bazel/aarch64_python
  if [[ ! -d $root ]]; then
    tools/setup/aarch64_packages.sh --dependencies "$root.$$" coreutils dash python3-pip python3-venv
    mv -T "$root.$$" "$root"
  fi
  exec tools/setup/aarch64_emulation.sh "$0" --within "$wheel" "$root"
fi
wheel=$2
root=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# outputs PROGRAM FOLDER: what the program says and writes for each model.
outputs() {
  local model hierarchy
  mkdir "$2"
  for model in testdata/*/*/model.onnx; do
    hierarchy=$(dirname "$(dirname "$model")")/hierarchy.json
    out=$2/$(dirname "${model#testdata/}" | tr / _)
    "$1" tag "$model" "$hierarchy" "$out.onnx" --quiet --noreport_times --report="$out.report.json"
    "$1" tag "$model" names "$out.names.onnx" --quiet
    "$1" validate "$out.onnx" --original="$model" --level=full >"$out.validate"
    "$1" analyze "$out.onnx" --costs >"$out.analyze"
    "$1" view "$out.onnx" -o "$out.html"
  done >/dev/null
}

outputs .bazel/bin/tools/modelexport "$scratch/here"
outputs .bazel/aarch64/bin/tools/modelexport "$scratch/aarch64"
diff -r "$scratch/here" "$scratch/aarch64"
echo "$(find "$scratch/aarch64" -type f | wc -l) files are the same"

# A system of that processor; what is mounted here is so for this process alone.
mkdir -p "$root"/{dev,mnt,proc,tmp}
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
mount --rbind . "$root/mnt"
env --ignore-environment PATH=/usr/sbin:/usr/bin:/bin PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1 chroot "$root" \
  /bin/sh -c 'cd /mnt && exec python3 tests/wheel_test.py "$0"' "$wheel"
