#!/usr/bin/env bash
# run.sh RESULTS: the Python tests, in a virtual environment with the packages of
# requirements.txt; writes JUnit XML into the directory RESULTS. The environment
# stays in .bazel/ and is used again as long as the requirements are the same.
set -euo pipefail
results=$(realpath "$1")
cd "$(dirname "$0")/../.."
requirements=tests/python/requirements.txt

./bazelw build //tools:tag_onnx //tools:modelexport //tools/python:wheel
export TAG_ONNX=$PWD/.bazel/bin/tools/tag_onnx MODELEXPORT=$PWD/.bazel/bin/tools/modelexport

python=$(tools/setup/python_environment.sh "$requirements")

# As a user does from a clone; the wheel is there already, so that nothing is built.
python3 -m pip --python "$python" --disable-pip-version-check --no-input \
  install --quiet --no-index --no-deps --force-reinstall .

# One core is enough for models of this size; threads would only wait for each other.
export OMP_NUM_THREADS=1 PYTHONPYCACHEPREFIX=$PWD/.bazel/pycache
status=0
for directory in tools/python tests/python tests/python/wheel; do
  "$python" tools/ci/unittest_xml.py "$directory" "$results/${directory//\//_}.xml" || status=1
done
exit "$status"
