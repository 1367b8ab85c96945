#!/usr/bin/env bash
# python_environment.sh REQUIREMENTS: prints the Python of a virtual environment with
# the packages of that file. It is made in .bazel/python/ and used again as long as the
# file is the same.
set -euo pipefail
requirements=$(realpath "$1")
cd "$(dirname "$0")/../.."

key=$( (python3 --version; cat "$requirements") | sha256sum | cut -c1-16)
environment=$PWD/.bazel/python/$key
if [[ ! -x $environment/bin/python ]]; then
  # Gets its name when it is complete: what was interrupted is not taken for one.
  partial=$environment.$$
  trap 'rm -rf "$partial"' EXIT
  # Without its own pip, which Debian keeps in one more package: the system's serves.
  python3 -m venv --without-pip "$partial"
  if ! python3 -m pip --python "$partial/bin/python" --disable-pip-version-check --no-input \
    install --quiet --requirement "$requirements" >&2; then
    echo "pip could not install $1 (its own messages are above)." >&2
    echo "These tests need these very versions from the package index that pip is set up for." >&2
    exit 1
  fi
  mv -T "$partial" "$environment"
fi
echo "$environment/bin/python"
