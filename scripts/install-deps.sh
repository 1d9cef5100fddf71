#!/usr/bin/env bash
# Installs the Debian packages that building, testing and the lab need, and only those that are missing.
#
# usage: scripts/install-deps.sh [--check]
#   --check   say what is missing and install nothing; exit status 1 when something is
#
# Exit status: 0 everything is there; 1 something is missing; 2 this machine is not one that the script knows.
set -euo pipefail

# What the build links against, then what tests and lab run.
packages=(
    pkg-config libssl-dev libsystemd-dev libfuse3-dev libiscsi-dev libnfs-dev
    fuse3 nftables iproute2 procps util-linux make git tgt
    nfs-ganesha nfs-ganesha-vfs rpcbind
)
swift_needed="6.2"

say() { printf '%s\n' "deps: $*"; }
fail() { printf '%s\n' "deps: $1" >&2; exit "${2:-1}"; }

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]; then
            printf '%s\n' "$package"
        fi
    done
}

check_swift() {
    command -v swift >/dev/null 2>&1 || fail "no 'swift' in PATH; Holdfast needs the Swift toolchain $swift_needed or newer
      (built and tested with 6.3.1). Get it from https://www.swift.org/install/linux/ and put its usr/bin into PATH." 2
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || fail "'swift --version' does not tell a version; is $(command -v swift) the Swift toolchain?" 2
    if [ "$(printf '%s\n%s\n' "$swift_needed" "$version" | sort -V | head -n 1)" != "$swift_needed" ]; then
        fail "Swift $version is too old, $swift_needed is the least; see https://www.swift.org/install/linux/" 2
    fi
}

install_missing() {
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "missing: $*
      This needs root, and there is no sudo. As root: apt-get install -y --no-install-recommends $*"
        as_root=(sudo)
    fi
    say "installing: $*"
    "${as_root[@]}" apt-get update -qq || say "'apt-get update' failed; trying with the lists that are there"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
        >/dev/null || fail "apt-get could not install: $*; run it by hand to see why"
}

main() {
    if [ -n "${HOLDFAST_SKIP_DEPS:-}" ]; then
        say "not looked at (HOLDFAST_SKIP_DEPS is set)"
        return 0
    fi
    command -v dpkg-query >/dev/null 2>&1 || fail "this is not Debian or Ubuntu (no dpkg). Install what these
      packages hold by hand, then run make with HOLDFAST_SKIP_DEPS=1: ${packages[*]}" 2
    check_swift
    local missing=()
    mapfile -t missing < <(missing_packages)
    if [ "${#missing[@]}" -eq 0 ]; then
        say "everything is there"
        return 0
    fi
    [ "${1:-}" != --check ] || fail "missing: ${missing[*]}"
    install_missing "${missing[@]}"
    mapfile -t missing < <(missing_packages)
    [ "${#missing[@]}" -eq 0 ] || fail "still missing after the installation: ${missing[*]}"
    say "everything is there"
}

main "$@"
