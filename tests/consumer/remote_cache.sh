#!/usr/bin/env bash
# remote_cache.sh: shows that models tagged by one build need no second run of the program. Builds
# this workspace's tagged models with an empty output base and an empty HTTP cache, then with
# another empty output base and what the first has left in the cache. Exits 1 unless the second
# took every tagged model from the cache.
#
# The cache is Debian's nginx with WebDAV (apt-get install nginx-extras); without nginx it says so
# and exits 0. Everything lies in a folder of its own, which is removed at the end. Takes some
# minutes: the first build compiles all of modelexport and onnx.
set -euo pipefail
cd "$(dirname "$0")"
PATH=$PATH:/usr/sbin

if ! command -v nginx >/dev/null; then
  echo "remote_cache.sh: skipped, there is no nginx (apt-get install nginx-extras)"
  exit 0
fi

scratch=$(mktemp -d)
port=${REMOTE_CACHE_PORT:-8471}
targets=(//:bert //models:traps)

bazel_in() {
  local base=$1
  shift
  bazel --output_base="$scratch/$base" "$@"
}

finish() {
  for base in first second; do
    [[ ! -d $scratch/$base ]] || bazel_in "$base" shutdown 2>/dev/null || true
  done
  [[ -z ${nginx:-} ]] || { kill "$nginx" && wait "$nginx"; } || true
  # Bazel takes away the right to write.
  chmod -R u+w "$scratch"
  rm -rf "$scratch"
}
trap finish EXIT

# Run by root, nginx would serve as another user, who may not write here.
user=
[[ $(id -u) != 0 ]] || user='user root;'
mkdir -p "$scratch/cache/ac" "$scratch/cache/cas" "$scratch/body"
cat > "$scratch/nginx.conf" <<CONF
$user
daemon off;
pid $scratch/nginx.pid;
error_log $scratch/error.log;
events {}
http {
  access_log $scratch/access.log;
  client_body_temp_path $scratch/body;
  proxy_temp_path $scratch/body;
  fastcgi_temp_path $scratch/body;
  uwsgi_temp_path $scratch/body;
  scgi_temp_path $scratch/body;
  server {
    listen 127.0.0.1:$port;
    root $scratch/cache;
    client_max_body_size 0;
    dav_methods PUT;
    create_full_put_path on;
  }
}
CONF
nginx -c "$scratch/nginx.conf" -e "$scratch/error.log" &
nginx=$!
until [[ -s $scratch/nginx.pid ]]; do
  kill -0 "$nginx" 2>/dev/null || { cat "$scratch/error.log"; exit 1; }
  sleep 0.1
done

# build BASE: Bazel's line about processes, then `TagOnnx: N of M from the remote cache`.
build() {
  local log=$scratch/$1.json
  # An empty disk cache, else it could be the one that helps.
  bazel_in "$1" build --disk_cache= --remote_cache="http://127.0.0.1:$port" \
    --symlink_prefix=/ --execution_log_json_file="$log" "${targets[@]}" >"$scratch/$1.log" 2>&1 ||
    { cat "$scratch/$1.log"; return 1; }
  echo "$1 output base: $(grep -E '^INFO: [0-9]+ process' "$scratch/$1.log" | tail -n 1)"
  python3 - "$log" <<'PYTHON'
import json
import sys

text = open(sys.argv[1], encoding="utf-8").read()
decoder = json.JSONDecoder()
spawns = []
while text := text.lstrip():
    spawn, end = decoder.raw_decode(text)
    text = text[end:]
    if spawn["mnemonic"] == "TagOnnx":
        spawns.append(spawn["remoteCacheHit"])
print(f"TagOnnx: {sum(spawns)} of {len(spawns)} from the remote cache")
PYTHON
}

build first
build second | tee "$scratch/second.txt"
grep -qx "TagOnnx: ${#targets[@]} of ${#targets[@]} from the remote cache" "$scratch/second.txt"

# The digests of the tagged models, by path.
digests() {
  (cd "$scratch/$1/execroot" && find . -path '*/bin/*' -name model.onnx -exec sha256sum {} + | sort)
}
[[ $(digests first | wc -l) == "${#targets[@]}" ]]
cmp <(digests first) <(digests second)
