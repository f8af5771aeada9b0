"""Item 8, first half: what escapes when the daemon is killed under flood on a host that forwards."""

import dataclasses
import os
import time

from fplab import traffic
from fplab.runner import NATIVE

from .host import Host

FLOOD_SECONDS = 6
TOGGLES = 10  # with one, a device without the fence leaked in one run of eight only


def measure() -> dict:
    """
    Container "a" floods its routed port, a device that was there before; container "b" has a port that fastpathd made. The
    host has ip_forward=1 and a route for the flood's destination by an interface of its own: a frame that the dead daemon's
    port let through would be forwarded to "other". With the daemon dead the host does what hosts do: its ends of the veths
    go down and up (IPv6 would speak up), the containers ask for its addresses.
    """
    with Host("a", "b", "other") as host:
        host.veth("pa", "a", "eth0", "10.1.0.1/16")
        # Without a program veth takes the generator's frames only with GRO: else they would be lost and prove nothing.
        host.run("host", "ethtool", "-K", "pa", "gro", "on")
        host.veth("out", "other", "o0", "10.9.0.1/24", offload=True)
        host.run("host", "ip", "addr", "add", "10.9.0.254/24", "dev", "out")
        host.run("host", "ip", "route", "add", "10.2.0.0/24", "via", "10.9.0.1")
        host.run("host", "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0",
                 "net.ipv6.conf.all.forwarding=1")
        host.start_daemon({
            "ports": {"pa": {"device": "pa", "addresses": ["10.1.0.254/16"]},
                      "pb": {"container": {"namespace": host.space("b"), "addresses": ["10.2.0.1/24"]},
                             "addresses": ["10.2.0.254/24"]}},
            "neighbors": [{"interface": "pb", "address": traffic.DESTINATION, "mac": traffic.MAC_NOBODY}]})
        captures = {name: _capture(host, *where) for name, where in {
            "other": ("other", "o0", "udp port 9000"), "a": ("a", "eth0", "inbound"), "b": ("b", "eth0", "inbound")}.items()}
        time.sleep(1)
        # To the device's own address: the host's stack would take these frames for its own, and route them.
        mac = bytes.fromhex(host.run("host", "cat", "/sys/class/net/pa/address").strip().replace(":", ""))
        job = dataclasses.replace(traffic.ip4(), frame=mac + traffic.ip4().frame[6:])
        flood = host.spawn("a", f"{NATIVE}/generator", f"{NATIVE}/generator.bpf.o", "eth0", "0", str(FLOOD_SECONDS), "0",
                           *job.generator_arguments())
        time.sleep(2)
        forwarded = _received(host, "b", "eth0")
        routed = _routed(host)
        host.kill_daemon()
        killed_at = time.time()
        _host_lives_on(host)
        flood.wait(FLOOD_SECONDS + 10)
        time.sleep(1)
        routed = {name: value - routed[name] for name, value in _routed(host).items()}
        counts = {name: _count(process, file, killed_at) for name, (process, file) in captures.items()}
    note = f"{forwarded} frames forwarded before the kill; {routed['InAddrErrors']} frames refused by the host's stack after it"
    invalid = "" if forwarded else "the daemon had forwarded nothing: the flood proves nothing"
    return {"values": {
        "core.8.leak": {"value": counts["other"] + sum(routed.values()), "note": note, "invalid": invalid},
        "core.8.host-frames": {"value": counts["a"] + counts["b"], "note": "", "invalid": invalid},
    }, "counts": counts, "routed": routed, "forwarded": forwarded}


def _host_lives_on(host: Host) -> None:
    devices = [line.split(":")[1].strip().split("@")[0] for line in
               host.run("host", "ip", "-o", "link", "show", "type", "veth").splitlines()]
    for device in devices:
        if device not in ("out", "fpanchor", "fpanchor1"):
            for _ in range(TOGGLES):
                host.run("host", "ip", "link", "set", device, "down")
                host.run("host", "ip", "link", "set", device, "up")
    for container, address in (("a", "10.1.0.254"), ("a", "10.9.0.254"), ("b", "10.2.0.254")):
        host.run(container, "ip", "route", "replace", f"{address}/32", "dev", "eth0", check=False)
        host.run(container, "ping", "-c", "2", "-i", "0.2", "-W", "1", address, check=False)
    host.run("host", "ping", "-c", "2", "-i", "0.2", "-W", "1", "10.1.0.1", check=False)


def _routed(host: Host) -> dict[str, int]:
    """
    Packets that the host's stack forwarded, and those it refused to forward: fastpathd also turns forwarding off on its
    devices. Refused ones passed the other lines of defence, and count as leaked, too: without the program they would be
    hundreds of thousands, without the fence behind it a few each time a device goes down (decision 0008).
    """
    names, values = host.run("host", "grep", "Ip:", "/proc/net/snmp").splitlines()
    counters = dict(zip(names.split(), values.split()))
    return {name: int(counters[name]) for name in ("ForwDatagrams", "InAddrErrors")}


def _capture(host: Host, where: str, device: str, what: str) -> tuple:
    file = os.path.join(host.folder, f"{where}.pcap")
    direction = ["-Q", "in"] if what == "inbound" else [what]
    return host.spawn(where, "tcpdump", "-i", device, "-U", "-s", "64", "-c", "2000000", "-w", file, *direction), file


def _count(process, file: str, since: float) -> int:
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
