#!/usr/bin/env bash
# full.sh [--python=PROGRAM] [--models=LIST]: what CI leaves out. Prints the date and the versions, tags the three
# headline models at full size (full_size/full_size.py), then runs the tests of the sidecar's writer and of the wheel.
# By hand: it takes some ten minutes, and gigabytes of memory and disk.
#
#   --python  a Python that has the packages already, and gets the wheel; otherwise the newest release of each is
#             installed into .bazel/python/newest, which with the CUDA build of torch are further gigabytes
#   --models  comma-separated; otherwise all
set -euo pipefail
cd "$(dirname "$0")/.."

python=
models=()
for argument in "$@"; do
  case $argument in
    --python=*) python=$(command -v "${argument#*=}") ;;
    --models=*) models=("$argument") ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

./bazelw build //tools:tag_onnx //tools/python:wheel
export TAG_ONNX=$PWD/.bazel/bin/tools/tag_onnx

if [[ -z $python ]]; then
  python=$PWD/.bazel/python/newest/bin/python
  python3 -m venv .bazel/python/newest
  "$python" -m pip install --quiet --upgrade torch transformers onnx onnxruntime onnxscript onnxsim onnxslim pandas
fi
"$python" -m pip install --quiet --no-index --no-deps --force-reinstall .

date --iso-8601
"$python" - <<'PYTHON'
from importlib.metadata import version

print(*(f"{name} {version(name)}" for name in ("torch", "transformers", "onnx", "onnxruntime")), sep=", ")
PYTHON
status=0
"$python" tests/full_size/full_size.py "${models[@]}" 2>/dev/null || status=1
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
"$python" tools/ci/unittest_xml.py tools/python "$results/sidecar.xml" || status=1
"$python" tools/ci/unittest_xml.py tests/python/wheel "$results/wheel.xml" || status=1
exit "$status"
