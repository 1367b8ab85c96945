#!/usr/bin/env bash
# aarch64_packages.sh [--dependencies] FOLDER PACKAGE[=VERSION]...: unpacks Debian's packages for aarch64
# into FOLDER, with --dependencies also all that they depend on. Needs no root, and what is installed
# on this system and what its apt knows stay as they are.
set -euo pipefail
exec </dev/null >&2

command=(download)
if [[ $1 == --dependencies ]]; then
  command=(install --download-only --yes --no-install-recommends)
  shift
fi
folder=$(realpath -m "$1")
shift

# An apt of its own, for a system of that architecture which has no packages yet. The sources are
# this system's.
apt=$(mktemp -d)
trap 'rm -rf "$apt"' EXIT
mkdir -p "$apt"/{state/lists,cache/archives}/partial "$folder"
touch "$apt/status"
options=(
  -qq -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=root
  -o "Dir::State=$apt/state" -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache"
  -o Acquire::Languages=none -o Debug::NoLocking=true -o Dpkg::Use-Pty=0
)
cd "$apt/cache/archives"
apt-get "${options[@]}" update
apt-get "${options[@]}" "${command[@]}" "$@"

for package in *.deb; do
  dpkg-deb --extract "$package" "$folder"
done
