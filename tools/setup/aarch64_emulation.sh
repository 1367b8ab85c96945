#!/usr/bin/env bash
# aarch64_emulation.sh COMMAND...: runs COMMAND where programs for aarch64 run as others do, by qemu, and
# so do those that they start. Installs qemu if it is missing; nothing else on this system changes. Where
# the system does not know such programs already, this needs Linux 6.7: there each user namespace has its
# own list of the kinds of programs.
set -euo pipefail
kinds=/proc/sys/fs/binfmt_misc

if [[ ! -e $kinds/qemu-aarch64 && ${1:-} != --within ]]; then
  [[ -e /usr/bin/qemu-aarch64-static ]] || "$(dirname "$0")/install_packages.sh" qemu-user-static
  exec unshare --user --map-root-user --mount "$0" --within "$@"
fi
if [[ $1 == --within ]]; then
  shift
  mount -t binfmt_misc none $kinds
  cat /usr/lib/binfmt.d/qemu-aarch64.conf >$kinds/register
fi

# For programs that are not static: the libraries of the cross compiler.
export QEMU_LD_PREFIX=/usr/aarch64-linux-gnu
exec "$@"
