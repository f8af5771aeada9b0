"""DPDK testpmd with its af_xdp driver: moves frames from port to port and looks at nothing."""

from .peer import Peer


class Testpmd(Peer):
    """Mode io. It does less than forwarding: what it reaches is the driver's limit."""

    name = "testpmd"
    does_the_job = False

    def start(self, bed, job) -> None:
        from ..runner import GENERATOR_CPU, SWITCH_CPU
        log = self._spawn(
            bed, "dpdk-testpmd", "--no-huge", "-m", "256", "--no-pci", "--no-telemetry", "--file-prefix", bed.name,
            "--lcores", f"0@{GENERATOR_CPU},1@{SWITCH_CPU}", "--vdev", "net_af_xdp0,iface=d0,busy_budget=0", "--vdev",
            "net_af_xdp1,iface=d1,busy_budget=0", "--", "--forward-mode=io", "--nb-cores=1", "--burst=64", "--txd=2048",
            "--rxd=2048", "--total-num-mbufs=16384", "--no-flush-rx", "--stats-period=3600")
        self._wait_for(log, "packet forwarding", 30)
