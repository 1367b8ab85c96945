#!/bin/sh
# install_packages.sh PACKAGE...: installs Debian packages, as root or by sudo.
# Exits 2, saying exactly what to install, where it cannot: on a system that is
# not Debian 12 or 13, without the right, or when apt-get fails. Asks nothing (but for
# sudo's password, on a terminal), and leaves standard output to its caller.
set -eu
exec </dev/null >&2
packages=$*

give_up() {
  echo "$1"
  echo "Install these Debian packages, or what corresponds to them, and try again:"
  echo "  apt-get install --no-install-recommends $packages"
  exit 2
}

# Elsewhere the same names stand for versions that nobody has built this with
# (docs/dependencies.md). OS_RELEASE_FILE is for the test.
is_known_debian() {
  grep -qxE 'VERSION_CODENAME=(bookworm|trixie)' "${OS_RELEASE_FILE:-/etc/os-release}" 2>/dev/null &&
    command -v apt-get >/dev/null
}

apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

is_known_debian || give_up "This system is neither Debian 12 nor 13: nothing is installed for you."

as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || give_up "Installing needs root, and there is no sudo."
  as_root=sudo
fi

# A shell that became root by plain `su` lacks the directories that dpkg needs.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

echo "Installing Debian packages: $packages"
# One stale foreign source must not stop what the others can give.
apt update || echo "apt-get update failed; trying with the package lists that are here"
# shellcheck disable=SC2086 # one word for each package
apt install -y --no-install-recommends $packages >/dev/null ||
  give_up "apt-get could not install them (its own messages are above)."
