# Functions of the package proofs, which set root (the folder of a Debian system) and work (a temporary folder).

passed=0
pass() {
  passed=$((passed + 1))
  echo "ok: $1"
}

fail() {
  echo "FAILED: $1" >&2
  [ $# -lt 2 ] || tail -n 40 "$2" | sed 's/^/   /' >&2
  exit 1
}

# await SECONDS COMMAND...: repeats a command until it succeeds.
await() {
  left=$1
  shift
  until "$@" >"$work/await" 2>&1; do
    left=$((left - 1))
    [ $left -gt 0 ] || fail "timeout: $*" "$work/await"
    sleep 1
  done
}

require_root() {
  [ "$(id -u)" = 0 ] || fail "this creates a Debian system in a folder: run it as root, on Debian"
}

# need COMMAND PACKAGE: installs the package if the command is missing.
need() {
  command -v "$1" >/dev/null && return
  echo "installing $2"
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2" >"$work/log" 2>&1 ||
    fail "apt-get install $2" "$work/log"
}

# make_root ARCHITECTURE: creates an empty Debian in $root, of this machine's release and from its mirror. A copy is
# kept in target/debootstrap for the next run.
make_root() {
  base=target/debootstrap/$1.tar
  if [ ! -f "$base" ]; then
    echo "fetching an empty Debian for $1"
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # shellcheck disable=SC2016 # apt's own variables
    from=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
      sed -n "s/^$release main //p" | head -n 1)
    mkdir -p "${base%/*}" "$work/base"
    debootstrap --variant=minbase --arch="$1" "$release" "$work/base" "$from" >"$work/log" 2>&1 ||
      fail "debootstrap" "$work/log"
    tar -C "$work/base" -cf "$base.part" .
    mv "$base.part" "$base"
    rm -rf "$work/base"
  fi
  mkdir -p "$root"
  tar -C "$root" -xpf "$base"
  cp /etc/resolv.conf "$root/etc/"
  echo board >"$root/etc/hostname"
  echo '127.0.0.1 localhost board' >"$root/etc/hosts"
}

# within COMMAND...: runs a command in $root, with this machine's network and, if it exists, $root/cpuinfo.
within() {
  unshare --mount --propagation private sh -c '
    mount --bind "$0" "$0"
    mount -t proc proc "$0/proc"
    mount -t sysfs -o ro sysfs "$0/sys"
    [ ! -f "$0/cpuinfo" ] || mount --bind "$0/cpuinfo" "$0/proc/cpuinfo"
    mount --bind /dev "$0/dev"
    exec chroot "$0" "$@"' "$root" \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    ${QEMU_CPU:+QEMU_CPU=$QEMU_CPU} "$@"
}
