"""Looks at what leaves a switch: a rate without right frames is no result."""

import os
import struct
import subprocess
import time

from .bed import Bed
from .shell import end

_FRAMES = 20


class Capture:
    """Captures the first UDP frames that reach the sink while the block runs."""

    def __init__(self, bed: Bed):
        self._bed = bed
        self._file = os.path.join(bed.folder, "sink.pcap")

    def __enter__(self) -> "Capture":
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", self._bed.sink, "tcpdump", "-i", "s0", "-U", "-c", str(_FRAMES), "-s", "256", "-w",
             self._file, "udp"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        return self

    def __exit__(self, *_: object) -> None:
        time.sleep(0.2)
        end(self._process, 2)

    def frames(self) -> list[bytes]:
        """The captured frames."""
        with open(self._file, "rb") as file:
            data = file.read()
        frames, at = [], 24
        while at + 16 <= len(data):
            length = struct.unpack_from("<I", data, at + 8)[0]
            frames.append(data[at + 16:at + 16 + length])
            at += 16 + length
        return frames
