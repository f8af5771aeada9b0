"""The peers by name. Each file holds one: how it is started, when it is ready, how it is stopped."""

import re

from .c_forwarder import CForwarder
from .fastpath import FastPath
from .kernel_router import KernelRouter
from .kernel_vxlan import KernelVxlan
from .ovs import OpenVSwitch
from .peer import Peer
from .testpmd import Testpmd

BY_NAME = {
    "fastpath": FastPath,
    "c-forwarder": CForwarder,
    "testpmd": Testpmd,
    "ovs": OpenVSwitch,
    "kernel-router-k1": lambda: KernelRouter("K1"),
    "kernel-router-a2": lambda: KernelRouter("A2"),
    "kernel-vxlan-k1": lambda: KernelVxlan("K1"),
    "kernel-vxlan-a2": lambda: KernelVxlan("A2"),
}

FOR_JOB = {
    "ip4": ["fastpath", "c-forwarder", "testpmd", "ovs", "kernel-router-k1", "kernel-router-a2"],
    "encap": ["fastpath", "ovs", "kernel-vxlan-k1", "kernel-vxlan-a2"],
    "decap": ["fastpath", "ovs", "kernel-vxlan-k1", "kernel-vxlan-a2"],
}


def make(name: str) -> Peer:
    """A new peer. FastPath also in variants: see its class."""
    if name in BY_NAME:
        return BY_NAME[name]()
    kind = re.split("[@+]", name, maxsplit=1)[0]
    if kind != FastPath.name:
        raise SystemExit(f"there is no peer {name}: write {', '.join(sorted(BY_NAME))}, or fastpath with a variant")
    return FastPath(name[len(kind):])
