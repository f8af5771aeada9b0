"""Open vSwitch with its userspace datapath (netdev) over AF_XDP."""

import os
import time

from ..traffic import (DESTINATION, LOCAL_VTEP, MAC_NOBODY, REMOTE_VTEP, VNI)
from .peer import Peer

_SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"


class OpenVSwitch(Peer):
    """One PMD thread on the switch's processor. L3 match and rewrite, or native tunnelling."""

    name = "ovs"

    def start(self, bed, job) -> None:
        from ..runner import GENERATOR_CPU, SWITCH_CPU
        self._env = dict(os.environ, OVS_RUNDIR=bed.folder, OVS_LOGDIR=bed.folder, OVS_DBDIR=bed.folder)
        self._socket = f"unix:{bed.folder}/db.sock"
        self._run(bed, "ovsdb-tool", "create", f"{bed.folder}/conf.db", _SCHEMA)
        self._spawn(bed, "ovsdb-server", f"{bed.folder}/conf.db", f"--remote=punix:{bed.folder}/db.sock",
                    f"--unixctl={bed.folder}/ovsdb.ctl", env=self._env)
        self._wait_for_file(f"{bed.folder}/db.sock")
        self._set(bed, "--no-wait", "init")
        self._set(bed, "--no-wait", "set", "Open_vSwitch", ".", f"other_config:pmd-cpu-mask={1 << SWITCH_CPU:#x}",
                  f"other_config:lcore-mask={1 << GENERATOR_CPU:#x}")
        self._spawn(bed, "ovs-vswitchd", self._socket, f"--unixctl={bed.folder}/vswitchd.ctl", env=self._env)
        self._wait_for_file(f"{bed.folder}/vswitchd.ctl")
        if job.name == "ip4":
            self._forward(bed)
        elif job.name == "encap":
            self._tunnel(bed, container="d0", underlay="d1")
        else:
            self._tunnel(bed, container="d1", underlay="d0")

    def _forward(self, bed) -> None:
        self._bridge(bed, "br0", "d0", "d1")
        self._flow(bed, "br0", "in_port=d0,ip,nw_dst=10.2.0.0/16,actions=dec_ttl,set_field:02:00:00:00:01:02->eth_src,"
                   f"set_field:{MAC_NOBODY}->eth_dst,output:d1")

    def _tunnel(self, bed, container: str, underlay: str) -> None:
        self._bridge(bed, "br-int", container)
        self._bridge(bed, "br-phy", underlay)
        mac = {"d0": "02:00:00:00:01:01", "d1": "02:00:00:00:01:02"}[underlay]
        self._set(bed, "set", "Bridge", "br-phy", f"other_config:hwaddr={mac}")
        self._set(bed, "add-port", "br-int", "vx0", "--", "set", "Interface", "vx0", "type=vxlan",
                  f"options:remote_ip={REMOTE_VTEP}", f"options:local_ip={LOCAL_VTEP}", f"options:key={VNI}")
        self._run(bed, "ip", "addr", "add", f"{LOCAL_VTEP}/24", "dev", "br-phy")
        self._run(bed, "ip", "link", "set", "br-phy", "up")
        self._control(bed, "ovs/route/add", f"{REMOTE_VTEP}/24", "br-phy", check=False)
        self._control(bed, "tnl/neigh/set", "br-phy", REMOTE_VTEP, MAC_NOBODY)
        self._flow(bed, "br-phy", "actions=NORMAL")
        self._flow(bed, "br-int", f"in_port={container},actions=output:vx0")
        self._flow(bed, "br-int", f"in_port=vx0,actions=output:{container}")

    def _bridge(self, bed, name: str, *devices: str) -> None:
        self._set(bed, "add-br", name, "--", "set", "Bridge", name, "datapath_type=netdev")
        for device in devices:
            self._set(bed, "add-port", name, device, "--", "set", "Interface", device, "type=afxdp",
                      "options:xdp-mode=native", "options:n_rxq=1", "options:use-need-wakeup=true")
            state = self._set(bed, "get", "Interface", device, "error")
            if state.strip() not in ("", "[]"):
                raise RuntimeError(f"{device}: {state}")

    def _set(self, bed, *words: str) -> str:
        return self._run(bed, "ovs-vsctl", f"--db={self._socket}", "--timeout=20", *words)

    def _flow(self, bed, bridge: str, flow: str) -> None:
        self._run(bed, "ovs-ofctl", "add-flow", f"unix:{bed.folder}/{bridge}.mgmt", flow)

    def _control(self, bed, *words: str, check: bool = True) -> str:
        self.commands.append("ovs-appctl " + " ".join(words))
        return bed.in_dut("ovs-appctl", "-t", f"{bed.folder}/vswitchd.ctl", *words, check=check)

    def _wait_for_file(self, path: str) -> None:
        deadline = time.monotonic() + 20
        while not os.path.exists(path):
            if time.monotonic() > deadline or self._processes[-1].poll() is not None:
                raise RuntimeError(f"{path} did not appear")
            time.sleep(0.1)
