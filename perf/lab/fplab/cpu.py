"""Where processor time went: /proc/stat for each processor, /proc/PID/stat for each process."""

import os
from dataclasses import dataclass

_TICK = os.sysconf("SC_CLK_TCK")
_KTHREADD = "2"  # parent of all kernel threads
_FIELDS = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")


@dataclass(frozen=True)
class Snapshot:
    """Seconds since boot, by processor and kind."""

    by_cpu: tuple[dict[str, float], ...]

    @staticmethod
    def take() -> "Snapshot":
        cpus = []
        with open("/proc/stat", encoding="ascii") as stat:
            for line in stat:
                words = line.split()
                if words[0].startswith("cpu") and words[0] != "cpu":
                    cpus.append(dict(zip(_FIELDS, (int(word) / _TICK for word in words[1:9]))))
        return Snapshot(tuple(cpus))

    def since(self, before: "Snapshot") -> tuple[dict[str, float], ...]:
        return tuple({kind: now[kind] - then[kind] for kind in _FIELDS} for now, then in zip(self.by_cpu, before.by_cpu))


def process_seconds(pids: list[int]) -> float:
    """User and system time of processes with their threads; those that are gone count nothing."""
    total = 0.0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                words = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(words[11]) + int(words[12])) / _TICK
    return total


def all_processes() -> dict[int, float]:
    """Seconds by process, without kernel threads: what works in them is some process's or packet's business."""
    seconds = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as stat:
                words = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        if words[1] != _KTHREADD:
            seconds[int(entry)] = (int(words[11]) + int(words[12])) / _TICK
    return seconds


def threads_named(prefix: str) -> list[int]:
    """Kernel threads by the start of their name, such as napi/d0."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/comm", encoding="ascii", errors="replace") as comm:
                if comm.read().startswith(prefix):
                    found.append(int(entry))
        except OSError:
            continue
    return found
