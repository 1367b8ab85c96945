#!/usr/bin/env bash
# presubmit.sh [--all] [--fix]: format and lint. Exits non-zero with findings.
#
#   --all   every file; otherwise those that differ from where this branch left
#           main. Uncommitted and untracked ones belong to both.
#   --fix   first writes what clang-format and buildifier would have
#
# Installs the programs that it needs and lacks, as bazelw does.
set -euo pipefail
cd "$(dirname "$0")/../.."

all=false
fix=false
for argument in "$@"; do
  case $argument in
    --all) all=true ;;
    --fix) fix=true ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

# Versions are part of the names: each release formats a little differently.
missing=()
for program in clang-format-14 clang-tidy-14 python3; do
  command -v "$program" >/dev/null || missing+=("$program")
done
[[ ${#missing[@]} -eq 0 ]] || tools/setup/install_packages.sh "${missing[@]}"

candidates() {
  if $all; then
    git ls-files --cached --others --exclude-standard
    return
  fi
  local base
  base=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || echo HEAD)
  git diff --name-only --diff-filter=d "$base"
  git ls-files --others --exclude-standard
}
mapfile -t files < <(candidates | while read -r file; do
  [[ ! -f $file || -L $file ]] || echo "$file"
done)

# matching REGEX: those of the files whose path matches, in the array `matched`.
matching() {
  matched=()
  local file
  for file in "${files[@]}"; do
    [[ ! $file =~ $1 ]] || matched+=("$file")
  done
}

failed=()
# check NAME REGEX COMMAND...: runs the command on the files that match, if any.
check() {
  local name=$1 regex=$2 start=$SECONDS result=ok
  shift 2
  matching "$regex"
  [[ ${#matched[@]} -gt 0 ]] || return 0
  "$@" "${matched[@]}" || { result=FAILED; failed+=("$name"); }
  echo "lint: $name: $result (${#matched[@]} files, $((SECONDS - start)) s)"
}

cpp='\.(cc|h)$'
# With --all a header is read as part of the sources that include it.
tidied=$cpp
$all && tidied='\.cc$'
starlark='(^|/)(BUILD|WORKSPACE|.*\.BUILD|.*\.bzl)$'
# Bazel 4.2.3 has these rules built in; the buildifier of today no longer does.
warnings=-native-cc-binary,-native-cc-import,-native-cc-library,-native-cc-proto,-native-cc-test
warnings+=,-native-cc-toolchain,-native-cc-toolchain-suite
warnings+=,-native-py,-native-sh-binary,-native-sh-library,-native-sh-test

# Installed only when a file needs it.
buildifier() {
  local program
  program=$(tools/setup/buildifier.sh) && "$program" "$@"
}

if $fix; then
  check "clang-format --fix" "$cpp" clang-format-14 -i
  check "buildifier --fix" "$starlark" buildifier
fi
check clang-format "$cpp" clang-format-14 --dry-run -Werror
check buildifier "$starlark" buildifier -mode=check -lint=warn "-warnings=$warnings"
check includes "$cpp" python3 tools/lint/check_includes.py
# A changed header may take a name from one that did not change.
type_names() {
  git ls-files -z --cached --others --exclude-standard 'modelexport/*.h' |
    python3 -c 'import os, sys; print(*filter(os.path.isfile, sys.stdin.read().split("\0")), sep="\0", end="")' |
    xargs -0 python3 tools/lint/check_type_names.py
}
check "type names" '^modelexport/.*\.h$' type_names
check python '\.py$' env PYTHONPYCACHEPREFIX=.bazel/pycache python3 -m py_compile
check typescript '^modelexport/view/page/.*\.(tsx?|json)$' tools/lint/typescript.sh
check clang-tidy "$tidied" python3 tools/lint/clang_tidy.py

if [[ ${#failed[@]} -gt 0 ]]; then
  echo "lint: failed: ${failed[*]}"
  exit 1
fi
