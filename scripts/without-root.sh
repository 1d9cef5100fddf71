#!/usr/bin/env bash
# Runs a command as an ordinary user, for the tests of what needs no root.
#
# usage: scripts/without-root.sh COMMAND [ARGUMENT...]
#
# As root: in a mount namespace of its own with a /dev/fuse that everybody may open (as Debian's udev makes it;
# containers often keep it to root), as nobody, without a capability but those that the setuid fusermount3 needs.
# As anybody else: just runs the command.
set -euo pipefail

if [ "$(id -u)" -ne 0 ]; then exec "$@"; fi
if [ "${1:-}" != --in-namespace ]; then exec unshare --mount "$0" --in-namespace "$@"; fi
shift

mount --make-rprivate /
device=$(mktemp -d /tmp/holdfast-fuse.XXXXXX)
mount -t tmpfs -o mode=755 tmpfs "$device"
mknod -m 666 "$device/fuse" c 10 229
mount --bind "$device/fuse" /dev/fuse
umount -l "$device"
rmdir "$device"
cd /
exec setpriv --reuid=nobody --regid=nogroup --clear-groups --inh-caps=-all \
    --bounding-set=-all,+setuid,+setgid,+sys_admin,+dac_override,+chown,+fowner \
    -- env -i HOME=/nonexistent PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"
