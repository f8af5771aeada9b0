"""The jobs: what arrives, what must leave, and the frames as bytes."""

import socket
import struct
from dataclasses import dataclass

from . import bed

MAC_NOBODY = "02:00:00:00:00:99"  # next hop whose address the sink does not own
MAC_HOST_A = "02:00:00:00:00:0a"
MAC_HOST_C = "02:00:00:00:00:0c"
VNI = 100
VXLAN_PORT = 4789
SOURCE = "10.1.1.0"  # the generator changes the last byte
DESTINATION = "10.2.0.1"
GATEWAY_IN = "10.1.0.254"
GATEWAY_OUT = "10.2.0.254"
LOCAL_VTEP = "172.16.0.1"
REMOTE_VTEP = "172.16.0.2"
FLOWS = 1000


def _mac(text: str) -> bytes:
    return bytes(int(part, 16) for part in text.split(":"))


def _checksum(header: bytes) -> int:
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _udp_frame(to: str, sender: str, source: str, destination: str, ports: tuple[int, int], payload: bytes) -> bytes:
    udp = struct.pack("!4H", *ports, 8 + len(payload), 0) + payload
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0x4000, 64, 17, 0, socket.inet_aton(source),
                     socket.inet_aton(destination))
    ip = ip[:10] + struct.pack("!H", _checksum(ip)) + ip[12:]
    return _mac(to) + _mac(sender) + b"\x08\x00" + ip + udp


def _plain(to: str, sender: str, length: int) -> bytes:
    return _udp_frame(to, sender, SOURCE, DESTINATION, (1024, 9000), bytes(length - 42))


@dataclass(frozen=True)
class Job:
    """One kind of work for a switch. Offsets say where flows differ."""

    name: str
    text: str
    frame: bytes
    header_bytes: int
    inner_at: int  # where the IPv4 header lies whose source tells flows apart
    outer_port_at: int = 0

    def generator_arguments(self, flows: int = FLOWS) -> list[str]:
        at = self.inner_at
        return [str(flows), str(self.header_bytes), str(at + 15), str(at + 10), str(at + 20), str(self.outer_port_at),
                self.frame.hex()]

    def is_right(self, frame: bytes) -> bool:
        """Whether a frame that reached the sink is what this job must produce."""
        if self.name == "encap":
            return len(frame) == len(self.frame) + 50 and frame[36:38] == struct.pack("!H", VXLAN_PORT) \
                and frame[46:49] == VNI.to_bytes(3, "big") and frame[50:62] == self.frame[:12]
        if self.name == "decap":
            return len(frame) == len(self.frame) - 50 and frame[:12] == self.frame[50:62]
        return len(frame) == len(self.frame) and frame[:6] == _mac(MAC_NOBODY) and frame[22] == 63 \
            and _checksum(frame[14:34]) == 0


def ip4(length: int = 60) -> Job:
    return Job("ip4", "IPv4 forwarding", _plain(bed.MAC_D0, bed.MAC_G0, length), 48, 14)


def encap(length: int = 60) -> Job:
    return Job("encap", "bridge and VXLAN encapsulation", _plain(MAC_HOST_C, MAC_HOST_A, length), 48, 14)


def decap(length: int = 60) -> Job:
    inner = _plain(MAC_HOST_A, MAC_HOST_C, length)
    vxlan = struct.pack("!II", 0x08000000, VNI << 8)
    frame = _udp_frame(bed.MAC_D0, MAC_NOBODY, REMOTE_VTEP, LOCAL_VTEP, (49152, VXLAN_PORT), vxlan + inner)
    return Job("decap", "VXLAN decapsulation and bridge", frame, 96, 64, outer_port_at=34)


JOBS = {"ip4": ip4, "encap": encap, "decap": decap}
