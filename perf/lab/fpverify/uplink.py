"""Item 8, second half: the host's own TCP on a shared uplink, with the program attached and after the daemon was killed."""

import json
import statistics
import time

from fplab import cpu

from .host import Host

ROUNDS = 5
SECONDS = 2


def measure() -> dict:
    """
    Rounds of not attached, attached, killed; medians. A veth takes segmentation offload away from the peer of an XDP
    program, which a NIC does not do: the far end has it off all the time, so that only the program differs.
    """
    rates: dict[str, list[float]] = {"plain": [], "attached": [], "killed": []}
    dirty = 0
    with Host("far", "web") as host:
        host.veth("ul0", "far", "u0", "192.0.2.2/24", offload=True)
        host.veth("pw", "web", "eth0", "10.0.0.1/24")
        host.run("host", "ip", "addr", "add", "192.0.2.1/24", "dev", "ul0")
        host.run("far", "ethtool", "-K", "u0", "tso", "off", "gso", "off")
        host.spawn("host", "iperf3", "-s")
        time.sleep(0.5)
        for _ in range(ROUNDS):
            for state in rates:
                if state == "attached":
                    host.start_daemon(_document())
                elif state == "killed":
                    host.kill_daemon()
                before = _steal()
                rates[state].append(_gigabits(host))
                dirty += _steal() != before
            _detach(host)
    return {"rates": rates, "medians": {state: statistics.median(values) for state, values in rates.items()},
            "windowsWithSteal": dirty, "direction": "from the far end to the host, through the program"}


def _document() -> dict:
    return {"uplinks": {"under": {"device": "ul0"}}, "vteps": {"vtep0": {"address": "192.0.2.1"}},
            "bridges": {"lan": {"vni": 100, "vtep": "vtep0", "remotes": ["192.0.2.2"]}},
            "ports": {"web": {"device": "pw", "bridge": "lan"}}}


def _detach(host: Host) -> None:
    """The state before: whatever the killed daemon left attached to the uplink goes, for the next round."""
    host.run("host", "ip", "link", "set", "ul0", "xdp", "off", check=False)
    host.run("host", "ethtool", "-K", "ul0", "gro", "off")


def _gigabits(host: Host) -> float:
    said = host.run("far", "iperf3", "-c", "192.0.2.1", "-t", str(SECONDS), "-O", "1", "-J", timeout=30)
    return json.loads(said)["end"]["sum_received"]["bits_per_second"] / 1e9


def _steal() -> float:
    return sum(kinds["steal"] for kinds in cpu.Snapshot.take().by_cpu)
