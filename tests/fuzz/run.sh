#!/usr/bin/env bash
# run.sh HOURS [RESULTS]: runs each fuzz target for so long, as many at once as there
# are cores, and prints a line for each. HOURS may be a fraction, as 1/60.
#
# Inputs that reach new code are kept in .bazel/fuzz/TARGET/corpus, with which the
# next run begins, and those that break a rule in .bazel/fuzz/TARGET/found; exit
# status 1 if there are any, after which a target ends. What libFuzzer said is in
# .bazel/fuzz/TARGET/log. RESULTS is a directory that gets JUnit XML; mutations are
# then the same in every run, as far as time goes.
set -euo pipefail
exec </dev/null

if [[ $# -lt 1 || $# -gt 2 || ! $1 =~ ^[0-9]*\.?[0-9]+(/[0-9]+)?$ ]]; then
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
seconds=$(awk "BEGIN { print int(3600 * $1) }")
results=${2:+$(realpath "$2")}
seed=${2:+1}
seed=${seed:-0}  # libFuzzer then makes one up.
cd "$(dirname "$0")/../.."
tools/setup/clang.sh
./bazelw build --config=asan //tests/fuzz:all
mapfile -t targets < <(./bazelw query --noshow_progress 'attr(tags, fuzz, //tests/fuzz:all)' |
  sed 's/.*://')

programs=$PWD/.bazel/bin/tests/fuzz
work=$PWD/.bazel/fuzz
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

# fuzz TARGET: the files that its test replays are what it begins with.
fuzz() {
  local target=$1 status=0
  local seeds=$temporary/$target/seeds corpus=$work/$target/corpus found=$work/$target/found
  mkdir -p "$corpus" "$found" "$seeds" "$temporary/$target/tmp"
  (cd "$programs/$target.runfiles/modelexport" &&
    find -L . -type f ! -name "$target" -exec cp --parents -t "$seeds" {} +)
  TEST_TMPDIR=$temporary/$target/tmp "$programs/$target" -max_total_time="$seconds" \
    -seed="$seed" -timeout=20 -rss_limit_mb=2048 -malloc_limit_mb=256 -print_final_stats=1 \
    -artifact_prefix="$found/" "$corpus" "$seeds" >"$work/$target/log" 2>&1 || status=$?
  echo "$status" >"$temporary/$target/status"
}
export -f fuzz
export programs work temporary seconds seed
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I TARGET bash -c 'fuzz TARGET'

failed=0
cases=
for target in "${targets[@]}"; do
  log=$work/$target/log
  reached=$(grep -oE 'cov: [0-9]+' "$log" | tail -1)
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if [[ $(cat "$temporary/$target/status") == 0 ]]; then
    echo "fuzz: $target: ok (${executions:-0} executions, ${reached#cov: } edges)"
    cases+="<testcase classname=\"fuzz\" name=\"$target\"/>"
  else
    failed=1
    tail -n 40 "$log"
    echo "fuzz: $target: FAILED (${executions:-0} executions, $work/$target/found)"
    cases+="<testcase classname=\"fuzz\" name=\"$target\"><failure/></testcase>"
  fi
done
[[ -z $results ]] || echo "<testsuite>$cases</testsuite>" >"$results/fuzz.xml"
exit "$failed"
