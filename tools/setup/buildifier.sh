#!/bin/sh
# Prints the path of buildifier, after installing it for this user if need be.
# A pinned one and none from PATH: what counts as formatted differs by version.
set -eu
version=8.2.1
directory=${XDG_CACHE_HOME:-$HOME/.cache}/modelexport/buildifier-$version
program=$directory/node_modules/.bin/buildifier

if [ ! -x "$program" ]; then
  command -v npm >/dev/null || "$(dirname "$0")/install_packages.sh" npm
  npm install --silent --no-audit --no-fund --prefix "$directory" \
    "@bazel/buildifier@$version" </dev/null >&2
fi
echo "$program"
