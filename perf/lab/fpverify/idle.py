"""Item 5: processor time with two silent ports; wake latency."""

import re
import statistics
import time

from .host import Host, bridged

IDLE_SECONDS = 10.0
PINGS = 200
_SCHEDULER_CLOCK = 2  # CPUCLOCK_SCHED of the kernel: clock_getcpuclockid(3) makes the same number


def measure() -> dict:
    with Host("a", "b") as host:
        host.veth("pa", "a", "eth0", "10.0.0.1/24")
        host.veth("pb", "b", "eth0", "10.0.0.2/24")
        host.start_daemon(bridged("pa", "pb"))
        host.run("a", "ping", "-c", "200", "-i", "0.005", "-q", "10.0.0.2")  # learned, resolved, compiled
        time.sleep(5)  # timers and the compiler come to rest
        before, start = _cpu_seconds(host.daemon.pid), time.monotonic()
        time.sleep(IDLE_SECONDS)
        share = (_cpu_seconds(host.daemon.pid) - before) / (time.monotonic() - start) * 100
        trips = _round_trips(host)
    return {"values": {
        "core.5.idle": {"value": share, "note": f"over {IDLE_SECONDS:.0f} s"},
        "core.5.wake": {"value": statistics.median(trips) / 2, "note": f"{len(trips)} pings, 50 ms apart; both directions wake"},
    }, "roundTripsUs": trips}


def _round_trips(host: Host) -> list[float]:
    """Microseconds. At 50 ms apart the worker sleeps before every request."""
    said = host.run("a", "ping", "-c", str(PINGS), "-i", "0.05", "10.0.0.2", timeout=60)
    return [float(trip) * 1000 for trip in re.findall(r"time=([\d.]+) ms", said)]


def _cpu_seconds(pid: int) -> float:
    """Processor time of a process with all its threads, also those that have ended, to the nanosecond."""
    return time.clock_gettime((~pid << 3) | _SCHEDULER_CLOCK)
