"""Item 8, first half: what escapes when the daemon is killed under flood on a host that forwards."""

import os
import time

from fplab import traffic
from fplab.runner import NATIVE

from .host import Host

FLOOD_SECONDS = 6


def measure() -> dict:
    """
    Container "a" floods a routed port. The host has ip_forward=1, addresses and a route to "other" by an interface of its
    own: a frame that the dead daemon's port let through would be forwarded there. Then the host tries to reach the container.
    """
    with Host("a", "b", "other") as host:
        host.veth("pa", "a", "g0", "10.1.0.1/16")
        host.veth("pb", "b", "s0", "10.2.0.1/24")
        host.veth("out", "other", "o0", "10.9.0.1/24", offload=True)
        host.run("host", "ip", "addr", "add", "10.9.0.254/24", "dev", "out")
        host.run("host", "ip", "route", "add", "10.2.0.0/24", "via", "10.9.0.1")
        host.run("host", "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0")
        mac = host.run("host", "cat", "/sys/class/net/pa/address").strip()
        job = traffic.Job("flood", "", bytes.fromhex(mac.replace(":", "")) + traffic.ip4().frame[6:], 48, 14)
        host.start_daemon({
            "ports": {"pa": {"device": "pa", "addresses": ["10.1.0.254/16"]},
                      "pb": {"device": "pb", "addresses": ["10.2.0.254/24"]}},
            "neighbors": [{"interface": "pb", "address": traffic.DESTINATION, "mac": traffic.MAC_NOBODY}]})
        captures = {name: _capture(host, *where) for name, where in {
            "other": ("other", "o0", "udp port 9000"), "a": ("a", "g0", "inbound"), "b": ("b", "s0", "inbound")}.items()}
        time.sleep(1)
        flood = host.spawn("a", f"{NATIVE}/generator", f"{NATIVE}/generator.bpf.o", "g0", "0", str(FLOOD_SECONDS), "0",
                           *job.generator_arguments())
        time.sleep(2)
        forwarded = _received(host, "b", "s0")
        host.kill_daemon()
        killed_at = time.time()
        for device in ("pa", "pb"):  # the host tries: neighbour requests and broadcasts by the dead ports
            host.run("host", "sh", "-c", f"ip route replace 10.77.0.0/24 dev {device} && ping -c 3 -i 0.2 -W 1 10.77.0.9",
                     check=False)
        flood.wait(FLOOD_SECONDS + 10)
        time.sleep(1)
        counts = {name: _count(host, process, file, killed_at) for name, (process, file) in captures.items()}
    note = f"{forwarded} frames forwarded before the kill"
    invalid = "" if forwarded else "the daemon had forwarded nothing: the flood proves nothing"
    return {"values": {
        "core.8.leak": {"value": counts["other"], "note": note, "invalid": invalid},
        "core.8.host-frames": {"value": counts["a"] + counts["b"], "note": "", "invalid": invalid},
    }, "counts": counts, "forwarded": forwarded}


def _capture(host: Host, where: str, device: str, what: str) -> tuple:
    file = os.path.join(host.folder, f"{where}.pcap")
    direction = ["-Q", "in"] if what == "inbound" else [what]
    return host.spawn(where, "tcpdump", "-i", device, "-U", "-s", "64", "-c", "2000000", "-w", file, *direction), file


def _count(host: Host, process, file: str, since: float) -> int:
    """Frames captured after a moment. What the daemon had forwarded before is not the host's."""
    process.terminate()
    process.wait(5)
    with open(file, "rb") as data:
        content = data.read()
    count, at = 0, 24
    while at + 16 <= len(content):
        seconds = int.from_bytes(content[at:at + 4], "little") + int.from_bytes(content[at + 4:at + 8], "little") / 1e6
        count += seconds > since + 0.1  # packets in flight when the process died arrive at once
        at += 16 + int.from_bytes(content[at + 8:at + 12], "little")
    return count


def _received(host: Host, where: str, device: str) -> int:
    return int(host.run(where, "cat", f"/sys/class/net/{device}/statistics/rx_packets"))
