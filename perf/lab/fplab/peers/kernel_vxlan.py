"""The kernel's bridge with a vxlan device."""

from ..traffic import LOCAL_VTEP, MAC_HOST_A, MAC_HOST_C, MAC_NOBODY, REMOTE_VTEP, VNI, VXLAN_PORT
from .kernel_router import KernelPeer


class KernelVxlan(KernelPeer):
    """Encapsulates from d0 to d1, or decapsulates from d0 to d1."""

    def __init__(self, placement: str):
        super().__init__(placement)
        self.name = f"kernel-vxlan-{placement.lower()}"

    def start(self, bed, job) -> None:
        container, underlay = ("d0", "d1") if job.name == "encap" else ("d1", "d0")
        self._place(bed)
        self._run(bed, "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", f"net.ipv4.conf.{underlay}.rp_filter=0")
        self._run(bed, "ip", "addr", "add", f"{LOCAL_VTEP}/24", "dev", underlay)
        self._run(bed, "ip", "neigh", "replace", REMOTE_VTEP, "lladdr", MAC_NOBODY, "dev", underlay, "nud", "permanent")
        self._run(bed, "ip", "link", "add", "vx0", "type", "vxlan", "id", str(VNI), "local", LOCAL_VTEP, "dev", underlay,
                  "dstport", str(VXLAN_PORT), "srcport", "49152", "65535", "nolearning", "noudpcsum")
        self._run(bed, "ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        for member in (container, "vx0"):
            self._run(bed, "ip", "link", "set", member, "master", "br0")
        for device in ("br0", "vx0"):
            self._run(bed, "ip", "link", "set", device, "up")
        self._run(bed, "bridge", "fdb", "replace", MAC_HOST_C, "dev", "vx0", "dst", REMOTE_VTEP, "self", "static")
        self._run(bed, "bridge", "fdb", "replace", MAC_HOST_C, "dev", "vx0", "master", "static")
        self._run(bed, "bridge", "fdb", "replace", MAC_HOST_A, "dev", container, "master", "static")
