#!/bin/sh
# typescript.sh FILE...: checks the types of the page of `view`, all of it whichever
# files are named. Installs TypeScript and the page's packages for this user if need be.
set -eu
version=7.0.2
page=$(realpath "$(dirname "$0")/../../modelexport/view/page")
lock=$(sha256sum "$page/package-lock.json" | cut -c1-16)
directory=${XDG_CACHE_HOME:-$HOME/.cache}/modelexport/typescript-$version-$lock

if [ ! -d "$directory/node_modules/typescript" ]; then
  command -v npm >/dev/null || "$(dirname "$0")/../setup/install_packages.sh" npm
  mkdir -p "$directory"
  cp "$page/package.json" "$page/package-lock.json" "$directory/"
  (cd "$directory" && npm install --silent --ignore-scripts --no-audit --no-fund "typescript@$version" </dev/null >&2)
fi

# A copy beside the packages: types are looked for above the sources.
sources=$(mktemp -d "$directory/sources.XXXXXX")
trap 'rm -rf "$sources"' EXIT
cp "$page"/*.ts "$page"/*.tsx "$page/tsconfig.json" "$sources/"
# The native program itself: the one around it needs a newer node than Debian's.
"$directory"/node_modules/@typescript/typescript-*/lib/tsc -p "$sources/tsconfig.json"
