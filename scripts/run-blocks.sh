#!/usr/bin/env bash
# Runs the command blocks of a document (marked sh) in order, in namespaces of their own: network, mounts and processes.
# fastpathd and fastpath are on the PATH; the directory is the repository's root. Whatever the blocks make ends with them.
# usage: scripts/run-blocks.sh DOCUMENT      (root)
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
readonly document=$1
readonly programs=${FP_BIN:-artifacts/bin}

# Each block is announced by the line it starts on, so that a failure can be found.
script=$(awk -v document="$document" '
    /^```sh *$/ { inside = 1; printf "printf \"== %s:%d\\n\"\n", document, NR + 1; next }
    /^```/ { inside = 0 }
    inside { print }
' "$document")
[ -n "$script" ] || { echo "$document has no blocks marked sh" >&2; exit 1; }

# The first process of the new process namespace takes all others with it when it ends. The repository is seen at /mnt: where
# it is may be below /tmp, which is hidden.
exec unshare --net --mount --pid --fork --kill-child --mount-proc bash -euo pipefail -c '
    mount --make-rprivate /
    mount -t sysfs sysfs /sys
    mount -t bpf bpf /sys/fs/bpf
    mount --bind "$PWD" /mnt
    cd /mnt
    mkdir -p /run/netns /run/fastpath
    for place in /run/netns /run/fastpath /tmp; do
        mount -t tmpfs tmpfs "$place"
    done
    ip link set lo up
    export PATH="$PWD/$1/FastPath.Control/release:$PWD/$1/FastPath.Cli/release:$PATH" NO_COLOR=1
    bash -euo pipefail -c "$2"
' bash "$programs" "$script"
