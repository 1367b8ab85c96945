#!/usr/bin/env bash
# aarch64_wheel.sh: makes the wheel and the programs for aarch64, on a machine of another processor, and
# prints the wheel's path. Installs the packages that are missing, as bazelw does.
set -euo pipefail
cd "$(dirname "$0")/../.."

[[ -e /usr/bin/aarch64-linux-gnu-g++ ]] || tools/setup/install_packages.sh g++-aarch64-linux-gnu
./bazelw build --config=aarch64 //tools/python:wheel //tools:modelexport //tools:tag_onnx >&2
ls -t .bazel/aarch64/bin/tools/python/modelexport-*.whl | head -1
