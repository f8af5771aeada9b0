"""Who took the processor from a thread that wanted it: the kernel's own sched_switch events."""

import os
import re
import time
from dataclasses import dataclass

from fplab.bed import new_folder
from fplab.shell import run

_USUAL = "/sys/kernel/tracing"
_SWITCH = re.compile(r"\s(\d+\.\d+): sched_switch: prev_comm=(.*) prev_pid=(\d+) prev_prio=\S+ prev_state=(\S+) ==> "
                     r"next_comm=(.*) next_pid=(\d+) next_prio=")


@dataclass(frozen=True)
class Loss:
    """A time in which the thread did not run although it wanted to; times are those of time.monotonic()."""

    since: float
    until: float
    taker: str
    taker_id: int

    @property
    def milliseconds(self) -> float:
        return (self.until - self.since) * 1e3


class Preemptions:
    """Watches one thread. Use as a context; afterwards the losses are known. Not on kernels without tracefs: None."""

    def __init__(self, thread: int):
        self._thread = thread
        self._mounted: str | None = None
        self._instance: str | None = None
        self.losses: list[Loss] | None = None

    def __enter__(self) -> "Preemptions":
        try:
            self._open()
        except OSError:
            self._close()
        return self

    def __exit__(self, *_: object) -> None:
        if self._instance is not None:
            self._write("tracing_on", "0")
            with open(os.path.join(self._instance, "trace"), encoding="utf-8", errors="replace") as trace:
                self.losses = self._parse(trace)
        self._close()

    def _open(self) -> None:
        root = _USUAL
        if not os.path.isdir(f"{root}/instances"):
            root = self._mounted = new_folder()
            run("mount", "-t", "tracefs", "tracefs", root, check=False)
        instance = f"{root}/instances/fastpath-{os.getpid()}-{time.monotonic_ns()}"
        os.mkdir(instance)
        self._instance = instance
        self._write("trace_clock", "mono")
        self._write("buffer_size_kb", "4096")
        self._write("events/sched/sched_switch/filter", f"prev_pid=={self._thread} || next_pid=={self._thread}")
        self._write("events/sched/sched_switch/enable", "1")

    def _close(self) -> None:
        if self._instance is not None:
            os.rmdir(self._instance)
            self._instance = None
        if self._mounted is not None:
            run("umount", self._mounted, check=False)
            os.rmdir(self._mounted)
            self._mounted = None

    def _write(self, file: str, text: str) -> None:
        with open(os.path.join(self._instance or "", file), "w", encoding="ascii") as out:
            out.write(text)

    def _parse(self, lines: "list[str]") -> list[Loss]:
        losses, taken = [], None
        for line in lines:
            switch = _SWITCH.search(line)
            if switch is None:
                continue
            at, _, before, state, taker, after = switch.groups()
            if int(before) == self._thread:
                taken = (float(at), taker, int(after)) if state.startswith("R") else None
            elif int(after) == self._thread and taken is not None:
                losses.append(Loss(taken[0], float(at), taken[1], taken[2]))
                taken = None
        return losses


def worker_thread(process: int) -> int:
    """The one worker of a daemon."""
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/comm", encoding="ascii", errors="replace") as name:
            if name.read().startswith("fastpath-worker"):
                return int(thread)
    raise LookupError(f"process {process} has no worker")
