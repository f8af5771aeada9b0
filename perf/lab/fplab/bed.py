"""Test beds: namespaces gen (g0) - (d0) dut (d1) - (s0) sink, one bed for each peer so that all can wait side by side."""

import atexit
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from .shell import run

MAC_G0 = "02:00:00:00:00:01"
MAC_D0 = "02:00:00:00:01:01"
MAC_D1 = "02:00:00:00:01:02"
MAC_S0 = "02:00:00:00:00:02"

_PREFIX = "fplab"
_beds: list["Bed"] = []


def space_name(name: str) -> str:
    """A namespace name of this run."""
    return f"{_PREFIX}{os.getpid()}-{name}"


def new_folder() -> str:
    """A folder of this run, for logs, sockets and captures."""
    return tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")


class Bed:
    """One testbed. Its names hold the runner's process id, so that a later run can remove what a crash left behind."""

    def __init__(self, number: int, mtu: int = 1500):
        self.name = space_name(str(number))
        self.gen = f"{self.name}-gen"
        self.dut = f"{self.name}-dut"
        self.sink = f"{self.name}-sink"
        self.folder = new_folder()
        self._holder: subprocess.Popen | None = None
        _beds.append(self)
        for space in (self.gen, self.dut, self.sink):
            run("ip", "netns", "add", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
            run("ip", "netns", "exec", space, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
                "net.ipv6.conf.default.disable_ipv6=1")
        self._veth(self.gen, "g0", MAC_G0, "d0", MAC_D0, mtu)
        self._veth(self.sink, "s0", MAC_S0, "d1", MAC_D1, mtu)

    def _veth(self, space: str, outer: str, outer_mac: str, inner: str, inner_mac: str, mtu: int) -> None:
        run("ip", "-n", space, "link", "add", outer, "mtu", str(mtu), "address", outer_mac, "type", "veth",
            "peer", "name", inner, "mtu", str(mtu), "address", inner_mac, "netns", self.dut)
        run("ip", "-n", space, "link", "set", outer, "up")
        run("ip", "-n", self.dut, "link", "set", inner, "up")

    def in_dut(self, *command: str, check: bool = True) -> str:
        """Runs a command where the switch runs."""
        return run("ip", "netns", "exec", self.dut, *command, check=check)

    def let_generator_in(self) -> None:
        """Lets d0 take XDP frames although no XDP program is there: veth has a receive queue for them only with GRO."""
        self.in_dut("ethtool", "-K", "d0", "gro", "on")

    def received(self) -> int:
        """Packets that have arrived at the sink's device; nobody owns their MAC address, so the sink drops them there."""
        with open(f"/proc/{self._sink_holder()}/net/dev", encoding="ascii") as devices:
            for line in devices:
                name, _, numbers = line.partition(":")
                if name.strip() == "s0":
                    return int(numbers.split()[1])
        raise LookupError("s0 is gone")

    def _sink_holder(self) -> int:
        """A process in the sink's namespace, through which its counters are read without starting one each time."""
        if self._holder is None:
            self._holder = subprocess.Popen(["ip", "netns", "exec", self.sink, "sleep", "3600"], stdin=subprocess.DEVNULL)
            time.sleep(0.1)
        return self._holder.pid

    def close(self) -> None:
        """Removes the bed with every process in it."""
        if self._holder is not None:
            self._holder.kill()
            self._holder.wait()
        for space in (self.gen, self.dut, self.sink):
            remove_space(space)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self in _beds:
            _beds.remove(self)


def remove_space(space: str) -> None:
    """Removes a namespace with every process in it."""
    for pid in run("ip", "netns", "pids", space, check=False).split():
        try:
            os.kill(int(pid), signal.SIGCONT)
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass
    run("ip", "netns", "del", space, check=False)


def close_all() -> None:
    """Removes the beds of this run."""
    for bed in list(_beds):
        bed.close()


def remove_leftovers() -> None:
    """Removes the namespaces and folders of runs that are gone."""
    for line in run("ip", "netns", "list").splitlines():
        match = re.match(rf"({_PREFIX}(\d+)-\S+)", line)
        if match and not os.path.exists(f"/proc/{match[2]}"):
            remove_space(match[1])
    for entry in os.listdir(tempfile.gettempdir()):
        match = re.match(rf"{_PREFIX}(\d+)-", entry)
        if match and not os.path.exists(f"/proc/{match[1]}"):
            path = os.path.join(tempfile.gettempdir(), entry)
            run("umount", os.path.join(path, "bpf"), check=False)
            shutil.rmtree(path, ignore_errors=True)


def _on_signal(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def guard() -> None:
    """Makes sure that beds go away however the run ends, except by SIGKILL; the next run then removes them."""
    remove_leftovers()
    atexit.register(close_all)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
