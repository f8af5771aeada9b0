"""FastPath: fastpathd with a configuration document."""

import json
import os
import re

from ..traffic import (DESTINATION, GATEWAY_IN, GATEWAY_OUT, LOCAL_VTEP, MAC_HOST_A, MAC_HOST_C, MAC_NOBODY, REMOTE_VTEP,
                       VNI)
from .peer import Peer

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))))
_DAEMON_IN_ROOT = "artifacts/bin/FastPath.Control/release/fastpathd"
DAEMON = os.path.join(ROOT, _DAEMON_IN_ROOT)


def configuration(job_name: str, processor: int) -> dict:
    """The document for a job; d0 receives, d1 sends."""
    system = {"processors": [processor]}
    if job_name == "ip4":
        return {"system": system,
                "ports": {"in": {"device": "d0", "addresses": [f"{GATEWAY_IN}/16"]},
                          "out": {"device": "d1", "addresses": [f"{GATEWAY_OUT}/24"]}},
                "neighbors": [{"interface": "out", "address": DESTINATION, "mac": MAC_NOBODY}]}
    container, underlay = ("d0", "d1") if job_name == "encap" else ("d1", "d0")
    return {"system": system,
            "ports": {"web": {"device": container, "bridge": "lan"},
                      "under": {"device": underlay, "addresses": [f"{LOCAL_VTEP}/24"]}},
            "vteps": {"vtep0": {"address": LOCAL_VTEP}},
            "bridges": {"lan": {"vni": VNI, "vtep": "vtep0", "remotes": [REMOTE_VTEP]}},
            "fdb": [{"bridge": "lan", "mac": MAC_HOST_C, "remote": REMOTE_VTEP},
                    {"bridge": "lan", "mac": MAC_HOST_A, "port": "web"}],
            "neighbors": [{"interface": "under", "address": REMOTE_VTEP, "mac": MAC_NOBODY}]}


class FastPath(Peer):
    """The daemon, its worker on the switch's processor."""

    name = "fastpath"
    is_compiled_while_running = True

    def __init__(self, variant: str = "") -> None:
        """A variant compares two builds or settings in one run: "@DIRECTORY" of another checkout, "+setting=value" of system."""
        super().__init__()
        self.name += variant
        parts = re.findall(r"[@+][^@+]+", variant)
        self._root = next((part[1:] for part in parts if part[0] == "@"), ROOT)
        self._settings = {key: json.loads(value) for key, _, value in
                          (part[1:].partition("=") for part in parts if part[0] == "+")}

    def start(self, bed, job) -> None:
        from ..runner import SWITCH_CPU
        document = configuration(job.name, SWITCH_CPU)
        document["system"] |= self._settings
        file = os.path.join(bed.folder, "fastpath.json")
        with open(file, "w", encoding="utf-8") as out:
            json.dump(document, out, indent=2)
        self.commands.append(json.dumps(document))
        socket = os.path.join(bed.folder, "fastpath.sock")
        log = self._spawn(bed, os.path.join(self._root, _DAEMON_IN_ROOT), "--config", file, "--socket", socket, "--bpffs", "")
        self._wait_for(log, "ready:", 30)
