#!/usr/bin/env bash
# Containers talk through FastPath: bridged, routed, and over VXLAN to a node that has only the kernel's bridge and vxlan
# device. Everything lives in namespaces of this run and goes with it. About a minute.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

readonly run=fpd$$
readonly work=$(mktemp -d)
readonly daemon_program=artifacts/bin/FastPath.Control/release/fastpathd
readonly client_program=artifacts/bin/FastPath.Cli/release/fastpath
readonly spaces=(a b c host underlay node)

cleanup() {
    local status=$?
    if [ "$status" -ne 0 ] && [ -f "$work/daemon.log" ]; then
        printf '\n== demo FAILED; fastpathd said:\n'
        cat "$work/daemon.log"
    fi
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
    if [ -n "${daemon:-}" ]; then
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" || true
    fi
    for space in "${spaces[@]}"; do ip netns del "$run-$space" 2>/dev/null || true; done
    umount "$work/bpf" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

step() { printf '\n== %s\n' "$*"; }
in_space() {
    local space=$1
    shift
    ip netns exec "$run-$space" "$@"
}
at() {
    local space=$1
    shift
    ip -n "$run-$space" "$@"
}

# Three packets, all answered, or the demo fails.
ping_all() {
    local output
    output=$(in_space "$1" ping -c 3 -i 0.2 -W 2 "$2") || { printf '%s\n' "$output"; return 1; }
    grep 'packets transmitted' <<<"$output" | sed "s/^/$2: /"
    grep -q ' 0% packet loss' <<<"$output"
}

# TCP from one namespace to a server in another: there, then back.
tcp_both_ways() {
    local from=$1 to=$2 address=$3 direction
    for direction in "" -R; do
        ip netns exec "$run-$to" iperf3 -s -1 >/dev/null &
        server=$!
        sleep 0.4
        printf '%s %s' "$from->$to" "${direction:-  }"
        # shellcheck disable=SC2086 # an empty direction is no argument
        in_space "$from" timeout 20 iperf3 -c "$address" -t 2 -f m $direction | grep receiver
        wait "$server"
        server=
    done
}

step "six namespaces: containers a, b and c; the host FastPath runs on; the underlay; a node with the kernel's own VXLAN"
for space in "${spaces[@]}"; do
    ip netns add "$run-$space"
    at "$space" link set lo up
done

# The underlay is a switch with a cable to the host and one to the other node.
at underlay link add sw0 type bridge
at underlay link set sw0 up
for space in host node; do
    at underlay link add "to-$space" type veth peer name up0 netns "$run-$space"
    at underlay link set "to-$space" master sw0 up
    at "$space" link set up0 up
    # A cable carries whole checksums; a veth would carry unfinished ones.
    in_space "$space" ethtool -K up0 tx off >/dev/null
done
at host addr add 192.0.2.1/24 dev up0
at node addr add 192.0.2.2/24 dev up0

# The other node: bridge, vxlan device and container c, all the kernel's.
at node link add br0 type bridge
at node link add vxlan100 type vxlan id 100 local 192.0.2.2 remote 192.0.2.1 dstport 4789 dev up0
at node link add to-c type veth peer name eth0 netns "$run-c"
for port in vxlan100 to-c; do at node link set "$port" mtu 1450 master br0 up; done
at node link set br0 up
at c link set eth0 mtu 1450 up
at c addr add 10.0.0.3/24 dev eth0
at c addr add fd00::3/64 dev eth0 nodad

step "fastpathd, configured by configs/demo.yaml"
mkdir "$work/bpf"
mount -t bpf bpf "$work/bpf"
sed -E "s/namespace: ([a-z]+)/namespace: $run-\1/" configs/demo.yaml >"$work/demo.yaml"
# Not by in_space: in the background that would be a subshell, and $! its number, not the daemon's.
ip netns exec "$run-host" "$daemon_program" --config "$work/demo.yaml" --bpffs "$work/bpf/fastpath" \
    --socket "$work/api.sock" 2>"$work/daemon.log" &
daemon=$!
for _ in $(seq 200); do
    grep -q '^ready' "$work/daemon.log" && break
    kill -0 "$daemon"
    sleep 0.1
done
cat "$work/daemon.log"
grep -q '^ready:' "$work/daemon.log" # and not "ready, but degraded"

step "A to B on one bridge: ping IPv4 and IPv6, TCP both ways"
ping_all a 10.0.0.2
ping_all a fd00::2
tcp_both_ways a b 10.0.0.2

step "A to B routed between two bridges: ping IPv4 and IPv6, TCP both ways"
ping_all a 10.2.0.2
ping_all a fd00:2::2
tcp_both_ways a b 10.2.0.2

step "A to C over VXLAN to the kernel's bridge: ping IPv4 and IPv6, TCP both ways"
ping_all a 10.0.0.3
ping_all a fd00::3
tcp_both_ways a c 10.0.0.3

step "what fastpath shows: ports, tunnels, forwarding database, routes, neighbors, drops"
for table in ports vteps fdb routes neighbors drops; do
    printf '\n$ fastpath %s\n' "$table"
    "$client_program" --socket "$work/api.sock" --no-color "$table"
done

step "demo passed"
