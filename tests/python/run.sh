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

key=$( (python3 --version; cat "$requirements") | sha256sum | cut -c1-16)
environment=$PWD/.bazel/python/$key
if [[ ! -x $environment/bin/python ]]; then
  # Gets its name when it is complete: what was interrupted is not taken for one.
  partial=$environment.$$
  trap 'rm -rf "$partial"' EXIT
  # Without its own pip, which Debian keeps in one more package: the system's serves.
  python3 -m venv --without-pip "$partial"
  if ! python3 -m pip --python "$partial/bin/python" --disable-pip-version-check --no-input \
    install --quiet --requirement "$requirements"; then
    echo "pip could not install $requirements (its own messages are above)."
    echo "The Python tests need these very versions from the package index that pip is set up for."
    exit 1
  fi
  mv -T "$partial" "$environment"
fi

# The wheel as built now: Bazel leaves those of earlier versions beside it.
wheel=$(find .bazel/bin/tools/python/ -name 'modelexport-*.whl' -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-)
python3 -m pip --python "$environment/bin/python" --disable-pip-version-check --no-input \
  install --quiet --no-index --no-deps --force-reinstall "$wheel"

# One core is enough for models of this size; threads would only wait for each other.
export OMP_NUM_THREADS=1 PYTHONPYCACHEPREFIX=$PWD/.bazel/pycache
status=0
for directory in tools/python tests/python tests/python/wheel; do
  "$environment/bin/python" tools/ci/unittest_xml.py "$directory" "$results/${directory//\//_}.xml" || status=1
done
exit "$status"
