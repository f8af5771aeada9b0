"""A host in a namespace with fastpathd and containers, for what is measured with the whole daemon."""

import json
import http.client
import os
import shutil
import socket
import subprocess
import time

from fplab.bed import new_folder, remove_space, space_name
from fplab.peers.fastpath import DAEMON
from fplab.shell import end, run, start

BPFFS = "bpf"  # folder below the host's own: a BPF file system for pins


class UnixConnection(http.client.HTTPConnection):
    """HTTP over the daemon's socket."""

    def __init__(self, path: str):
        super().__init__("fastpath", timeout=5)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(5)
        self.sock.connect(self._path)


class Host:
    """Namespaces "host" and one for each container, named for this run. Use as a context: everything goes with it."""

    def __init__(self, *containers: str):
        self.folder = new_folder()
        self.socket = os.path.join(self.folder, "api.sock")
        self.log = os.path.join(self.folder, "fastpathd.log")
        self._spaces = {name: space_name(name) for name in ("host", *containers)}
        self._processes: list[subprocess.Popen] = []
        self.daemon: subprocess.Popen | None = None

    def __enter__(self) -> "Host":
        for name, space in self._spaces.items():
            run("ip", "netns", "add", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
            if name != "host":  # the host keeps IPv6: what it sends by itself is part of what is measured
                run("ip", "netns", "exec", space, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1")
        os.mkdir(os.path.join(self.folder, BPFFS))
        run("mount", "-t", "bpf", "bpf", os.path.join(self.folder, BPFFS))
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_daemon()
        for process in self._processes:
            end(process)
        for space in self._spaces.values():
            remove_space(space)
        run("umount", os.path.join(self.folder, BPFFS), check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def space(self, name: str) -> str:
        return self._spaces[name]

    def run(self, where: str, *command: str, check: bool = True, timeout: float = 60) -> str:
        return run("ip", "netns", "exec", self._spaces[where], *command, check=check, timeout=timeout)

    def spawn(self, where: str, *command: str, log: str = "/dev/null") -> subprocess.Popen:
        process = start("ip", "netns", "exec", self._spaces[where], *command, log=log)
        self._processes.append(process)
        return process

    def veth(self, device: str, where: str, inner: str, *addresses: str, offload: bool = False) -> None:
        """A pair from the host to a namespace; without checksum offload at the far end, as FastPath's ports have it."""
        run("ip", "-n", self._spaces["host"], "link", "add", device, "type", "veth", "peer", "name", inner, "netns",
            self._spaces[where])
        if not offload:
            self.run(where, "ethtool", "-K", inner, "tx", "off", "txvlan", "off", check=False)
        run("ip", "-n", self._spaces["host"], "link", "set", device, "up")
        run("ip", "-n", self._spaces[where], "link", "set", inner, "up")
        for address in addresses:
            run("ip", "-n", self._spaces[where], "addr", "add", address, "dev", inner)

    def start_daemon(self, document: dict) -> None:
        """Starts fastpathd and returns when it is ready."""
        file = os.path.join(self.folder, "fastpath.json")
        with open(file, "w", encoding="utf-8") as out:
            json.dump(document, out)
        if os.path.exists(self.log):
            os.unlink(self.log)
        self.daemon = start("ip", "netns", "exec", self._spaces["host"], DAEMON, "--config", file, "--socket", self.socket,
                            "--bpffs", os.path.join(self.folder, BPFFS, "fastpath"), log=self.log)
        deadline = time.monotonic() + 30
        while not any(line.startswith(("ready:", "ready, ")) for line in self.said().splitlines()):
            if time.monotonic() > deadline or self.daemon.poll() is not None:
                raise RuntimeError(f"fastpathd is not ready: {self.said()}")
            time.sleep(0.1)

    def stop_daemon(self) -> None:
        if self.daemon is not None:
            end(self.daemon)
            self.daemon = None

    def kill_daemon(self) -> None:
        """SIGKILL, as a crash."""
        assert self.daemon is not None
        self.daemon.kill()
        self.daemon.wait()
        self.daemon = None

    def get(self, path: str) -> tuple[int, bytes]:
        connection = UnixConnection(self.socket)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def read(self, path: str) -> dict:
        status, body = self.get("/api/v1" + path)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status} {body[:300]!r}")
        return json.loads(body)

    def said(self) -> str:
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()[-1500:]


def bridged(*devices: str, **system: object) -> dict:
    """A document with one bridge over devices."""
    return {"system": dict(system), "bridges": {"lan": {}},
            "ports": {device: {"device": device, "bridge": "lan"} for device in devices}}
