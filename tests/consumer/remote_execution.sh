#!/usr/bin/env bash
# remote_execution.sh: shows that tagged_onnx runs by remote execution. Tags 200 generated models on two
# workers of a Remote Execution API server, from an empty output base; then from another empty one.
# Exits 1 unless the workers ran all 200 the first time, the action cache had all 200 the second time,
# Bazel without the server makes the same bytes, and what the program says of a wrong model arrives.
#
# The server is BuildGrid, installed from the package index that pip is set up for into .bazel/python at
# the top, in the versions and with the checksums of remote_execution_requirements.txt; the workers are
# remote_worker.py. All listen and talk on loopback only. The rule's program is built beforehand, with
# this repository's own Bazel set-up (minutes where it is not built yet), or is TAG_ONNX=FILE. Everything
# else lies in a folder of its own, which is removed at the end.
set -euo pipefail
cd "$(dirname "$0")"
top=$PWD/../..

count=200
port=${REMOTE_EXECUTION_PORT:-8481}
workers=(one two)

python=$("$top/tools/setup/python_environment.sh" remote_execution_requirements.txt)
if [[ -z ${TAG_ONNX:-} ]]; then
  (cd "$top" && ./bazelw build //tools:tag_onnx)
  TAG_ONNX=$top/.bazel/bin/tools/tag_onnx
fi

scratch=$(mktemp -d)
started=()

bazel_in() {
  local base=$1
  shift
  (cd "$scratch/workspace" && bazel --output_base="$scratch/$base" "$@")
}

finish() {
  for base in first second local; do
    [[ ! -d $scratch/$base ]] || bazel_in "$base" shutdown 2>/dev/null || true
  done
  kill "${started[@]}" 2>/dev/null || true
  wait || true
  # Bazel takes away the right to write.
  chmod -R u+w "$scratch"
  rm -rf "$scratch"
}
trap finish EXIT
trap exit INT TERM

# What the rule needs of modelexport when its program is there already: the rule itself, the program in
# its place, and the repositories that Debian's Bazel wants.
modelexport=$scratch/workspace/modelexport
mkdir -p "$modelexport"/{modelexport,tools/bazel} "$scratch/workspace/models"
touch "$modelexport"/{WORKSPACE,modelexport/BUILD,tools/bazel/BUILD}
cp "$top/modelexport/defs.bzl" "$modelexport/modelexport/"
cp "$top"/tools/bazel/{debian.bzl,rules_cc_defs.bzl} "$modelexport/tools/bazel/"
cp "$TAG_ONNX" "$modelexport/tools/prebuilt"
echo 'sh_binary(name = "tag_onnx", srcs = ["prebuilt"], visibility = ["//visibility:public"])' \
  > "$modelexport/tools/BUILD"

cat > "$scratch/workspace/WORKSPACE" <<'WORKSPACE'
local_repository(name = "modelexport", path = "modelexport")
load("@modelexport//tools/bazel:debian.bzl", "debian_bazel_repositories")
debian_bazel_repositories()
WORKSPACE
# Every tenth model has a data file. The model `made` is made by an action, unlike its data file.
cat > "$scratch/workspace/models/BUILD" <<BUILD
load("@modelexport//modelexport:defs.bzl", "tagged_onnx")
[tagged_onnx(
    name = "tagged_%d" % i,
    model = "%d.onnx" % i,
    hierarchy = "%d.json" % i,
    external_data = [] if i % 10 else ["%d.onnx.data" % i],
    min_coverage = 0.95,
) for i in range($count)]
genrule(name = "copy", srcs = ["0.onnx"], outs = ["made.onnx"], cmd = "cp \$< \$@", tags = ["manual"])
tagged_onnx(
    name = "made",
    model = "made.onnx",
    hierarchy = "0.json",
    external_data = ["0.onnx.data"],
    tags = ["manual"],
)
tagged_onnx(name = "wrong", model = "1.onnx", hierarchy = "of_another.json", tags = ["manual"])
BUILD
cp "$top/testdata/naming_traps/hierarchy.json" "$scratch/workspace/models/of_another.json"
PYTHONPATH=$top/tests/performance python3 - "$scratch/workspace/models" "$count" <<'PYTHON'
import pathlib
import sys

import generate

folder = pathlib.Path(sys.argv[1])
for i in range(int(sys.argv[2])):
    weights = {} if i % 10 else {"weights": 100_000, "external": True}
    model = generate.Model(100 + i, **weights)
    generate.write_model(model, folder / f"{i}.onnx")
    generate.write_sidecar(model, folder / f"{i}.json")
PYTHON

if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  echo "remote_execution.sh: port $port is taken; REMOTE_EXECUTION_PORT=NUMBER chooses another"
  exit 1
fi

# Without an address of a database the scheduler's tables are SQLite's, in a temporary file.
mkdir "$scratch/cas"
cat > "$scratch/server.yml" <<CONF
server:
  - !channel
    address: 127.0.0.1:$port
    insecure-mode: true
authorization:
  method: none
connections:
  - !sql-connection &sql
    connection-string: ""
storages:
  - !disk-storage &cas
    path: $scratch/cas
caches:
  - !lru-action-cache &actions
    storage: *cas
    max-cached-refs: 10000
    allow-updates: true
    cache-failed-actions: false
schedulers:
  - !sql-scheduler &scheduler
    sql: *sql
    storage: *cas
    action-cache: *actions
    poll-interval: 0.1
    bot-session-keepalive-timeout: 600
    assigners:
      - !priority-age-assigner
        count: 1
        interval: 0.1
        priority-assignment-percentage: 100
instances:
  - name: ""
    services:
      - !action-cache
        cache: *actions
      - !execution
        scheduler: *scheduler
      - !cas
        storage: *cas
      - !bytestream
        storage: *cas
thread-pool-size: 100
CONF
# By name of its Python: the first line of bgd names a folder that python_environment.sh has renamed.
TMPDIR=$scratch "$python" "${python%/*}/bgd" server start "$scratch/server.yml" >"$scratch/server.log" 2>&1 &
started+=($!)
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  kill -0 "${started[0]}" 2>/dev/null || { cat "$scratch/server.log"; exit 1; }
  sleep 0.1
done
for worker in "${workers[@]}"; do
  mkdir "$scratch/$worker"
  "$python" remote_worker.py "$port" "$worker" "$scratch/$worker" >"$scratch/$worker.log" 2>&1 &
  started+=($!)
done

# build BASE OPTIONS...: Bazel's line about processes.
build() {
  local base=$1
  shift
  bazel_in "$base" build --nosandbox_debug --incompatible_strict_action_env --symlink_prefix=/ \
    --disk_cache= "$@" >"$scratch/$base.log" 2>&1 ||
    { cat "$scratch/$base.log" "$scratch"/{server,one,two}.log; return 1; }
  echo "$base output base: $(grep -E '^INFO: [0-9]+ process' "$scratch/$base.log" | tail -n 1)"
}

# With `remote` as the only strategy nothing can run here by mistake.
remote=(--remote_executor="grpc://127.0.0.1:$port" --spawn_strategy=remote --jobs=8)

# ran: how many actions each worker has run.
ran() {
  for worker in "${workers[@]}"; do
    echo "worker $worker: $(grep -c "^$worker: exit code 0$" "$scratch/$worker.log") actions"
  done
}

build first "${remote[@]}" //models:all | tee "$scratch/first.txt"
ran | tee "$scratch/ran.txt"
build second "${remote[@]}" //models:all | tee "$scratch/second.txt"
cmp "$scratch/ran.txt" <(ran)
grep -q " $count remote[,.]" "$scratch/first.txt"
grep -q " $count remote cache hit[,.]" "$scratch/second.txt"
[[ $(grep -cE ': [1-9][0-9]* actions' "$scratch/ran.txt") == "${#workers[@]}" ]]

build local --spawn_strategy=local //models:all

# The digests of the tagged models, their data files and the reports, by path.
digests() {
  (cd "$scratch/$1/execroot" && find . -path '*/bin/models/*' -type f \
    \( -name '*.onnx' -o -name '*.data' -o -name '*.report.json' \) -exec sha256sum {} + | sort)
}
files=$(digests local | wc -l)
[[ $files == $((2 * count + count / 10)) ]]
for base in first second; do
  cmp <(digests local) <(digests "$base")
done
echo "first, second and local: the same $files files"

# The rest after the digests, as it leaves files too. Other actions here, only tagging remotely:
build second "${remote[@]}" --spawn_strategy=local --strategy=TagOnnx=remote //models:made | tee "$scratch/made.txt"
grep -q ' 1 local, 1 remote\.' "$scratch/made.txt"

if wrong=$(build second "${remote[@]}" //models:wrong); then
  echo "the wrong model was tagged"
  exit 1
fi
grep '^tag_onnx: ' <<<"$wrong"
