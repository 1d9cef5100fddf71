#!/usr/bin/env bash
# Fetches what the lab of virtual machines needs: QEMU and busybox by apt, and Debian's kernels into a cache folder.
# The kernels are unpacked there and nowhere else: nothing of them is installed on this machine.
#
# usage: scripts/install-vm-deps.sh [--check]      (root, for apt)
#   --check   say what is missing and install nothing; exit status 1 when something is
#
# The cache is $HOLDFAST_LAB_CACHE, or /var/cache/holdfast-lab. Below it: kernels/cloud and kernels/full.
set -euo pipefail

cache=${HOLDFAST_LAB_CACHE:-/var/cache/holdfast-lab}
packages=(qemu-system-x86 busybox-static kmod)
check_only=${1:-}

say() { printf '%s\n' "vm-deps: $*"; }
fail() { printf '%s\n' "vm-deps: $1" >&2; exit 1; }
is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]; }

# newest_kernel SUFFIX: the newest signed 6.1 kernel package with this suffix, Debian 12's own series.
newest_kernel() {
    apt-cache pkgnames linux-image-6.1.0- | grep -E "^linux-image-6\.1\.0-[0-9]+$1\$" | sort -V | tail -n 1
}

# fetch_kernel NAME SUFFIX: unpacks the kernel into the cache, with its modules' dependencies worked out.
fetch_kernel() {
    local folder=$cache/kernels/$1 package staging version
    if [ -f "$folder/modules.ready" ]; then return 0; fi
    [ "$check_only" != --check ] || { say "missing: the $1 kernel in $folder"; return 1; }
    package=$(newest_kernel "$2")
    [ -n "$package" ] || fail "apt knows no linux-image-6.1.0-*$2; run 'apt-get update', or use Debian 12's sources"
    staging=$(mktemp -d "$cache/fetch.XXXXXX")
    say "fetching $package"
    (cd "$staging" && apt-get download -qq "$package" 2>/dev/null) || fail "apt-get could not download $package"
    rm -rf "$folder"
    install -d "$folder"
    dpkg-deb -x "$staging"/*.deb "$folder"
    rm -rf "$staging"
    version=$(ls "$folder/lib/modules")
    depmod -b "$folder" "$version"
    printf '%s\n' "$version" >"$folder/modules.ready"
}

main() {
    local missing=() package failed=0
    for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
    if [ "${#missing[@]}" -gt 0 ]; then
        [ "$check_only" != --check ] || { say "missing: ${missing[*]}"; failed=1; }
        if [ "$check_only" != --check ]; then
            [ "$(id -u)" -eq 0 ] || fail "needs root for apt-get install ${missing[*]}"
            say "installing: ${missing[*]}"
            apt-get update -qq || say "'apt-get update' failed; trying with the lists that are there"
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
                fail "apt-get could not install ${missing[*]}"
        fi
    fi
    [ "$check_only" = --check ] || install -d "$cache/kernels"
    fetch_kernel cloud -cloud-amd64 || failed=1
    fetch_kernel full -amd64 || failed=1
    [ "$failed" -eq 0 ] || exit 1
    say "everything is there, in $cache"
}

main
