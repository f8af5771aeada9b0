#!/usr/bin/env bash
# Containers talk through FastPath. Everything lives in namespaces of this run and goes with it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

readonly run=fpd$$
readonly work=$(mktemp -d)
readonly daemon_program=artifacts/bin/FastPath.Control/release/fastpathd

cleanup() {
    local status=$?
    if [ "$status" -ne 0 ] && [ -f "$work/daemon.log" ]; then
        printf '\n== demo FAILED; fastpathd said:\n'
        cat "$work/daemon.log"
    fi
    [ -n "${server:-}" ] && kill "$server" 2>/dev/null || true
    [ -n "${daemon:-}" ] && kill "$daemon" 2>/dev/null && wait "$daemon" || true
    for space in a b host; do ip netns del "$run-$space" 2>/dev/null || true; done
    umount "$work/bpf" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

step() { printf '\n== %s\n' "$*"; }
inside() {
    local space=$1
    shift
    ip netns exec "$run-$space" "$@"
}

# Pings until an answer comes, so that a lost answer is a failure and not a race.
ping_once() { inside "$1" ping -c 3 -i 0.2 -W 2 "$2" | tail -3 | head -2; }

# TCP to the server of a namespace, there and back.
tcp() {
    local from=$1 to=$2 address=$3 direction
    for direction in "" -R; do
        inside "$to" iperf3 -s -1 >/dev/null &
        server=$!
        sleep 0.4
        inside "$from" timeout 20 iperf3 -c "$address" -t 2 -f g $direction | grep -E 'receiver'
        wait "$server"
        server=
    done
}

step "namespaces: containers a and b, and the host that FastPath runs on"
for space in a b host; do
    ip netns add "$run-$space"
    ip -n "$run-$space" link set lo up
done
mkdir "$work/bpf"
mount -t bpf bpf "$work/bpf"

step "fastpathd"
sed -E "s/namespace: ([a-z]+)/namespace: $run-\1/" configs/demo.yaml >"$work/demo.yaml"
inside host "$daemon_program" --config "$work/demo.yaml" --bpffs "$work/bpf/fastpath" --socket "$work/api.sock" 2>"$work/daemon.log" &
daemon=$!
for _ in $(seq 100); do
    grep -q '^ready' "$work/daemon.log" && break
    kill -0 "$daemon" || exit 1
    sleep 0.1
done
cat "$work/daemon.log"
if grep -qE 'failed|missing' "$work/daemon.log"; then exit 1; fi

step "A to B on one bridge: ping IPv4 and IPv6, TCP both ways"
ping_once a 10.0.0.2
ping_once a fd00::2
tcp a b 10.0.0.2

step "A to B routed between two bridges: ping IPv4 and IPv6, TCP both ways"
ping_once a 10.2.0.2
ping_once a fd00:2::2
tcp a b 10.2.0.2

step "demo passed"
