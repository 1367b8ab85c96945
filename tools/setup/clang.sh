#!/bin/sh
# Installs the compiler of `--config=asan`, with libFuzzer, if it is missing.
set -eu
runtime=lib/linux/libclang_rt.fuzzer-$(uname -m).a

if ! [ -e "$(clang-14 --print-resource-dir 2>/dev/null)/$runtime" ]; then
  "$(dirname "$0")/install_packages.sh" clang-14 libclang-rt-14-dev
fi
