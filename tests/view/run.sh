#!/usr/bin/env bash
# run.sh RESULTS: the tests of the page of `view`, in headless Chromium; writes JUnit
# XML into the directory RESULTS. Installs Debian's chromium if there is none.
set -euo pipefail
results=$(realpath "$1")
cd "$(dirname "$0")/../.."

./bazelw build //tools:modelexport
export MODELEXPORT=$PWD/.bazel/bin/tools/modelexport
command -v chromium >/dev/null || tools/setup/install_packages.sh chromium
python=$(tools/setup/python_environment.sh tests/view/requirements.txt)

# tag_onnx must build where there is no npm.
if ./bazelw query 'deps(//tools:tag_onnx)' 2>/dev/null | grep '^@view_npm'; then
  echo "//tools:tag_onnx needs npm packages"
  exit 1
fi

export PYTHONPYCACHEPREFIX=$PWD/.bazel/pycache PYTHONPATH=$PWD
"$python" tools/ci/unittest_xml.py tests/view "$results/view.xml"
