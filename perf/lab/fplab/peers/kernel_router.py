"""The kernel's own IPv4 forwarding."""

from .. import cpu
from ..shell import run
from ..traffic import DESTINATION, GATEWAY_IN, GATEWAY_OUT, MAC_NOBODY
from .peer import Peer


class KernelPeer(Peer):
    """A path in the kernel. K1: a NAPI thread on the switch's processor does everything. A2: the sender's softirq does."""

    def __init__(self, placement: str):
        super().__init__()
        self.placement = placement
        self._threads: list[int] = []

    def _place(self, bed) -> None:
        """Creates d0's NAPI (by GRO) and, for K1, gives it a thread of its own."""
        from ..runner import SWITCH_CPU
        self._run(bed, "ethtool", "-K", "d0", "gro", "on")
        if self.placement != "K1":
            return
        others = set(cpu.threads_named("napi/d0"))
        self._run(bed, "sh", "-c", "echo 1 > /sys/class/net/d0/threaded")
        self._threads = [pid for pid in cpu.threads_named("napi/d0") if pid not in others]
        if not self._threads:
            raise RuntimeError("the kernel made no NAPI thread for d0")
        for pid in self._threads:
            run("taskset", "-pc", str(SWITCH_CPU), str(pid))

    def pids(self) -> list[int]:
        return self._threads


class KernelRouter(KernelPeer):
    """ip_forward between d0 and d1."""

    def __init__(self, placement: str):
        super().__init__(placement)
        self.name = f"kernel-router-{placement.lower()}"

    def start(self, bed, job) -> None:
        self._place(bed)
        self._run(bed, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0",
                  "net.ipv4.conf.d0.rp_filter=0")
        self._run(bed, "ip", "addr", "add", f"{GATEWAY_IN}/16", "dev", "d0")
        self._run(bed, "ip", "addr", "add", f"{GATEWAY_OUT}/24", "dev", "d1")
        self._run(bed, "ip", "neigh", "replace", DESTINATION, "lladdr", MAC_NOBODY, "dev", "d1", "nud", "permanent")
