#!/usr/bin/env bash
# Two containers on one bridge talk through FastPath. Everything lives in namespaces of this run and goes with it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

run=fpd$$
daemon_in=$(mktemp -u)
cleanup() {
    exec 9>&- || true
    [ -n "${daemon:-}" ] && wait "$daemon" || true
    for space in a b switch; do ip netns del "$run-$space" 2>/dev/null || true; done
    rm -f "$daemon_in"
}
trap cleanup EXIT

step() { printf '\n== %s\n' "$*"; }

step "namespaces: containers a and b, and the switch"
for space in a b switch; do
    ip netns add "$run-$space"
    ip -n "$run-$space" link set lo up
done
ip -n "$run-switch" link add fpanchor type veth peer name fpanchor1
for space in a b; do
    ip -n "$run-switch" link add "port-$space" type veth peer name eth0 netns "$run-$space"
    ip netns exec "$run-$space" ethtool -K eth0 tx off txvlan off >/dev/null
    ip -n "$run-switch" link set "port-$space" up
    ip -n "$run-$space" link set eth0 up
done
ip -n "$run-a" addr add 10.0.0.1/24 dev eth0
ip -n "$run-b" addr add 10.0.0.2/24 dev eth0

step "fastpathd"
mkfifo "$daemon_in"
ip netns exec "$run-switch" artifacts/bin/FastPath.Control/release/fastpathd fpanchor port-a port-b <"$daemon_in" &
daemon=$!
exec 9>"$daemon_in"
sleep 2

step "ping a -> b"
ip netns exec "$run-a" ping -c 3 -i 0.2 -W 2 10.0.0.2

step "TCP both ways"
ip netns exec "$run-b" iperf3 -s -D -I "/tmp/$run.pid" >/dev/null
sleep 0.5
ip netns exec "$run-a" timeout 20 iperf3 -c 10.0.0.2 -t 2 -f g | grep -E 'sender|receiver'
ip netns exec "$run-a" timeout 20 iperf3 -c 10.0.0.2 -t 2 -R -f g | grep -E 'sender|receiver'
kill "$(tr -d '\0' <"/tmp/$run.pid")"
rm -f "/tmp/$run.pid"

step "counters"
echo >&9
sleep 0.5
step "demo passed"
