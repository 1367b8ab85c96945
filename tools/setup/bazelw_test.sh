#!/usr/bin/env bash
# Runs a copy of bazelw against a made-up system: files instead of packages, and
# stand-ins for bazel, apt-get, id and sudo that print how they were called.
set -euo pipefail

source_root=$PWD
# Through the links of Bazel's sandbox: bazelw looks beside itself.
tmp=$(cd "$TEST_TMPDIR" && pwd -P)

# Every case starts in a system that has all files, as root, on Debian 12.
set_up() {
  rm -rf "${tmp:?}"/*
  mkdir -p "$tmp/workspace/tools/setup" "$tmp/workspace/sub" "$tmp/else where's" "$tmp/bin"
  cp -L "$source_root/bazelw" "$tmp/workspace/"
  cp -L "$source_root/tools/setup/install_packages.sh" "$tmp/workspace/tools/setup/"

  local file
  for file in $(grep -oE ' /usr/[^ ]+$' "$source_root/bazelw"); do
    mkdir -p "$(dirname "$tmp/system$file")"
    touch "$tmp/system$file"
  done
  export BAZELW_SYSTEM_ROOT=$tmp/system

  echo 'VERSION_CODENAME=bookworm' >"$tmp/os-release"
  export OS_RELEASE_FILE=$tmp/os-release

  stand_in bazel 'echo "bazel in $(basename "$PWD"):"; printf "<%s>" "$@"; echo'
  stand_in apt-get 'echo "apt-get $DEBIAN_FRONTEND $*" >&2'
  stand_in id 'echo 0'
  export PATH=$tmp/bin:/usr/bin:/bin
}

stand_in() {
  printf '#!/bin/sh\n%s\n' "$2" >"$tmp/bin/$1"
  chmod +x "$tmp/bin/$1"
}

lacking() { rm "$tmp/system$1"; }

# run DIRECTORY ARGS...: bazelw from there; sets `output` and `status`.
run() {
  cd "$tmp/$1"
  shift
  status=0
  output=$("$tmp/workspace/bazelw" "$@" 2>&1 <&-) || status=$?
}

fail() {
  printf '%s: %s\nexit status %s, output:\n%s\n' "${FUNCNAME[2]}" "$1" "$status" "$output"
  exit 1
}
expect_status() { [[ $status == "$1" ]] || fail "expected exit status $1"; }
expect_output() { [[ $output == "$1" ]] || fail "expected exactly: $1"; }
expect_line() { grep -qF -- "$1" <<<"$output" || fail "expected: $1"; }
expect_no() { ! grep -qF -- "$1" <<<"$output" || fail "did not expect: $1"; }

nothing_missing_runs_bazel_as_it_is() {
  run workspace/sub run //tools:x -- 'two words' '' --flag
  expect_status 0
  expect_output $'bazel in sub:\n<run><//tools:x><--><two words><><--flag>'
}

without_arguments() {
  stand_in bazel 'echo "$#"'
  run workspace
  expect_output 0
}

from_elsewhere_paths_stay_relative_to_the_caller() {
  run "else where's" --host_jvm_args=-Xmx1g run //tools:x -- run
  expect_line 'bazel in workspace:'
  expect_line "<--host_jvm_args=-Xmx1g><run><--run_under=env 'BUILD_WORKING_DIRECTORY="
  expect_line "else where'\\''s'><//tools:x><--><run>"
}

from_elsewhere_only_run_needs_that() {
  run "else where's" test //...
  expect_output $'bazel in workspace:\n<test><//...>'
}

installs_what_is_missing_and_only_that() {
  lacking /usr/include/gtest/gtest.h
  lacking /usr/bin/bazel
  run workspace build //...
  expect_status 0
  expect_line 'Installing Debian packages: bazel-bootstrap libgtest-dev'
  expect_line 'install -y --no-install-recommends bazel-bootstrap libgtest-dev'
  expect_line 'apt-get noninteractive'
  expect_line '<build><//...>'
  expect_no sudo
}

uses_sudo_when_not_root() {
  lacking /usr/bin/protoc
  stand_in id 'echo 1000'
  stand_in sudo 'echo "sudo $*" >&2; exec "$@"'
  run workspace build //...
  expect_status 0
  expect_line 'sudo env DEBIAN_FRONTEND=noninteractive apt-get'
  expect_line '<build><//...>'
}

nothing_is_installed_where_that_is_not_wanted() {
  lacking /usr/bin/protoc
  export BAZELW_INSTALL=no
  run workspace build //...
  unset BAZELW_INSTALL
  expect_status 2
  expect_output "These Debian packages are missing: protobuf-compiler
Run this first, as root or with sudo: $tmp/workspace/bazelw build //..."
}

failure_to_install_says_what_and_exits_2() {
  lacking /usr/bin/protoc
  stand_in apt-get 'exit 100'
  run workspace build //...
  expect_status 2
  expect_line 'apt-get install --no-install-recommends protobuf-compiler'
  expect_no '<build>'
}

debian_13_is_the_same() {
  lacking /usr/bin/protoc
  echo 'VERSION_CODENAME=trixie' >"$tmp/os-release"
  run workspace build //...
  expect_status 0
  expect_line 'install -y --no-install-recommends protobuf-compiler'
  expect_line '<build><//...>'
}

another_system_is_told_and_left_alone() {
  lacking /usr/bin/protoc
  echo 'VERSION_CODENAME=noble' >"$tmp/os-release"
  run workspace build //...
  expect_status 2
  expect_line 'apt-get install --no-install-recommends protobuf-compiler'
  expect_no noninteractive
  expect_no '<build>'
}

for case in \
  nothing_missing_runs_bazel_as_it_is \
  without_arguments \
  from_elsewhere_paths_stay_relative_to_the_caller \
  from_elsewhere_only_run_needs_that \
  installs_what_is_missing_and_only_that \
  uses_sudo_when_not_root \
  nothing_is_installed_where_that_is_not_wanted \
  failure_to_install_says_what_and_exits_2 \
  debian_13_is_the_same \
  another_system_is_told_and_left_alone; do
  set_up
  "$case"
done
