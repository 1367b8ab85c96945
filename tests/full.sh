#!/usr/bin/env bash
# full.sh PYTHON [--models=LIST]: tags the three headline models at full size (full_size/full_size.py) and
# prints the date, the versions and the table. By hand: minutes, and gigabytes of memory and disk. PYTHON has
# the packages of testdata/requirements.txt, or newer ones.
set -euo pipefail
python=$(command -v "$1")
shift
cd "$(dirname "$0")/.."
./bazelw build //tools:tag_onnx
export TAG_ONNX=$PWD/.bazel/bin/tools/tag_onnx
date --iso-8601
"$python" -c 'import torch, transformers; print("torch", torch.__version__, "transformers", transformers.__version__)'
exec "$python" tests/full_size/full_size.py "$@"
