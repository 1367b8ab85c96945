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

# outputs PROGRAM NAME: what the program says and writes for each model, in a folder of that name. It gets
# the name when it is complete: reports have paths.
outputs() {
  local model out
  mkdir "$scratch/now"
  for model in testdata/*/*/model.onnx; do
    out=$scratch/now/$(dirname "${model#testdata/}" | tr / _)
    "$1" tag "$model" "$(dirname "$model")/../hierarchy.json" "$out.onnx" --quiet --noreport_times --report="$out.json"
    # Refused where there are no names.
    "$1" tag "$model" names "$out.names.onnx" --quiet 2>"$out.names" || true
    "$1" validate "$out.onnx" --original="$model" --level=full >"$out.validate"
    "$1" analyze "$out.onnx" --costs >"$out.analyze"
    "$1" view "$out.onnx" -o "$out.html" >"$out.view"
  done
  mv "$scratch/now" "$scratch/$2"
}

outputs .bazel/bin/tools/modelexport here
outputs .bazel/aarch64/bin/tools/modelexport aarch64
diff -r "$scratch/here" "$scratch/aarch64"
echo "$(find "$scratch/aarch64" -type f | wc -l) files of testdata's models are the same"

# A system of that processor; what is mounted here is so for this process alone.
mkdir -p "$root"/{dev,mnt,proc,tmp}
cp "$wheel" "$root/tmp"  # It is behind a link of Bazel's that leads nowhere there.
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
mount --rbind . "$root/mnt"
env --ignore-environment PATH=/usr/sbin:/usr/bin:/bin PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1 chroot "$root" \
  /bin/sh -c 'cd /mnt && exec python3 tests/wheel_test.py "$0"' "/tmp/$(basename "$wheel")"
