"""Item 7: ping and TCP while a port's link goes down and up."""

import json
import os
import re
import time

from .host import Host, bridged

FLAPS = 10
FLAPS_LONG = 100
DOWN_SECONDS = 0.3
UP_SECONDS = 2.0


def measure(long: bool) -> dict:
    flaps = FLAPS_LONG if long else FLAPS
    seconds = int(flaps * (DOWN_SECONDS + UP_SECONDS)) + 8
    with Host("a", "b") as host:
        host.veth("pa", "a", "eth0", "10.0.0.1/24")
        host.veth("pb", "b", "eth0", "10.0.0.2/24")
        host.start_daemon(bridged("pa", "pb"))
        host.run("a", "ping", "-c", "20", "-i", "0.02", "-q", "10.0.0.2")
        pings, tcp = os.path.join(host.folder, "ping"), os.path.join(host.folder, "tcp")
        host.spawn("b", "iperf3", "-s", "-1")
        time.sleep(0.5)
        client = host.spawn("a", "iperf3", "-c", "10.0.0.2", "-t", str(seconds), "-b", "100M", "-J", log=tcp)
        ping = host.spawn("a", "ping", "-D", "-i", "0.01", "-w", str(seconds), "10.0.0.2", log=pings)
        time.sleep(2)
        ups = _flap(host, flaps)
        ping.wait(seconds + 10)
        client.wait(seconds + 20)
        with open(pings, encoding="ascii") as file:
            answered = [float(at) for at in re.findall(r"^\[([\d.]+)\] \d+ bytes", file.read(), re.MULTILINE)]
        with open(tcp, encoding="utf-8") as file:
            transfer = json.load(file)
    return _values(flaps, ups, answered, transfer)


def _flap(host: Host, flaps: int) -> list[float]:
    """Takes the switch's end of a's veth down and up; returns when each was up again."""
    ups = []
    for _ in range(flaps):
        host.run("host", "ip", "link", "set", "pa", "down")
        time.sleep(DOWN_SECONDS)
        host.run("host", "ip", "link", "set", "pa", "up")
        ups.append(time.time())
        time.sleep(UP_SECONDS)
    return ups


def _values(flaps: int, ups: list[float], answered: list[float], transfer: dict) -> dict:
    recoveries = []
    for up in ups:
        after = [at - up for at in answered if up <= at <= up + UP_SECONDS]
        if after:
            recoveries.append(min(after) * 1000)
    start = transfer.get("start", {}).get("timestamp", {}).get("timesecs", 0)
    moved = [start + part["sum"]["end"] for part in transfer.get("intervals", []) if part["sum"]["bytes"] > 0]
    survived = 0 if "error" in transfer else sum(any(up <= at <= up + UP_SECONDS + 1 for at in moved) for up in ups)
    return {"values": {
        "core.7.ping": {"value": 100 * len(recoveries) / flaps, "note": f"{len(recoveries)} of {flaps}"},
        "core.7.tcp": {"value": 100 * survived / flaps, "note": f"{survived} of {flaps}{'; ' + transfer['error'] if 'error' in transfer else ''}"},
        "core.7.recovery": {"value": max(recoveries) if recoveries else None, "note": "of this, up to 1 s is the container's kernel, which notices its carrier late (linkwatch)"},
    }, "recoveriesMs": recoveries}
