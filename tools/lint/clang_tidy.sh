#!/usr/bin/env bash
# clang_tidy.sh FILE...: clang-tidy over each file, one process for each core.
# Exits non-zero with findings. Flags are fixed rather than asked of Bazel for
# each file: all libraries but onnx lie where the compiler looks anyway.
set -euo pipefail
cd "$(dirname "$0")/../.."

flags=(-xc++ -std=c++17 -iquote . -iquote .bazel/bin)

# onnx's own headers are in its repository, its protobuf ones are generated.
if grep -qE '#include [<"]onnx/' "$@"; then
  ./bazelw build --show_result=0 @onnx//:generated_protos >&2
  onnx=$(bazel info output_base 2>/dev/null)/external/onnx
  generated=$(bazel info bazel-bin 2>/dev/null)/external/onnx/generated
  flags+=(-isystem "$onnx" -isystem "$generated" -DONNX_ML=1 -DONNX_NAMESPACE=onnx)
fi

# Output is held until a file is done, so that findings of two do not mix; the
# counts of what was suppressed in others' headers say nothing.
tidy_one() {
  local file=$1 output
  shift
  output=$(clang-tidy-14 --quiet "$file" -- "$@" 2>&1) && return
  grep -vE '^[0-9]+ warnings?( and [0-9]+ errors?)? (generated|treated as errors?)' <<<"$output"
  return 1
}
export -f tidy_one

printf '%s\0' "$@" |
  xargs -0 -P "$(nproc)" -I{} bash -c 'tidy_one "$@"' tidy {} "${flags[@]}"
