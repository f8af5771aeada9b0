"""The limit of AF_XDP in copy mode for one thread: perf/lab/native/forwarder.c."""

from .. import bed as beds
from ..traffic import MAC_NOBODY
from .peer import Peer


class CForwarder(Peer):
    """IPv4-shaped work with FastPath's batch and TX budget, and nothing else."""

    name = "c-forwarder"

    def start(self, bed, job) -> None:
        from ..runner import NATIVE, SWITCH_CPU
        log = self._spawn(bed, f"{NATIVE}/forwarder", f"{NATIVE}/forwarder.bpf.o", "d0", "d1", str(SWITCH_CPU), "600",
                          beds.MAC_D1, MAC_NOBODY)
        self._wait_for(log, "ready")
