"""Item 6: worst poll gap and longest GC pause, with 100 REST requests a second and without."""

import os
import subprocess
import threading
import time

from fplab import cpu, traffic
from fplab.bed import MAC_D0, MAC_G0
from fplab.runner import NATIVE

from .host import Host, UnixConnection
from .preemption import Loss, Preemptions, worker_thread

REQUESTS_PER_SECOND = 100
SECONDS = 20
PACKETS_PER_SECOND = 100_000
GAP_WINDOW = 2.0  # the daemon's recent gap is the worst of the second that ended and of the one that begins
DISTURBED_MS = 0.1
_PATHS = ("/api/v1/config", "/api/v1/ports", "/api/v1/workers", "/api/v1/drops", "/metrics")


def measure() -> dict:
    quiet, busy = _one_run(requests=False), _one_run(requests=True)
    values = {}
    slow = busy["requests"] < 0.9 * REQUESTS_PER_SECOND * SECONDS
    invalid = f"only {busy['requests']} requests were answered: not {REQUESTS_PER_SECOND} a second" if slow else ""
    for suffix, run in (("", busy), ("-quiet", quiet)):
        clean = [sample for sample in run["samples"] if not sample["steal"]]
        own = [sample for sample in clean if not sample["disturbedMs"]]
        values[f"core.6.gap{suffix}"] = {
            "value": max((sample["gapMs"] for sample in clean), default=None),
            "note": f"{len(clean)} of {len(run['samples'])} windows without steal, {run['requests']} requests{_blame(run)}",
            "invalid": "" if suffix else invalid}
        values[f"core.6.gap-own{suffix}"] = {
            "value": max((sample["gapMs"] for sample in own), default=None) if run["traced"] else None,
            "note": f"{len(own)} of {len(clean)} windows" if run["traced"] else "this kernel does not show who takes the processor",
            "invalid": "" if suffix else invalid}
        values[f"core.6.pause{suffix}"] = {"value": run["pauseMs"], "note": "since the daemon was ready",
                                                "invalid": "" if suffix else invalid}
    machine = _machine()
    clean = [sample["gapMs"] for sample in machine if not sample["steal"]]
    values["core.6.gap-machine"] = {"value": max(clean, default=None), "note": f"{len(clean)} of {len(machine)} seconds without steal",
                                    "invalid": ""}
    return {"values": values, "quiet": quiet, "busy": busy, "machine": machine}


def _machine() -> list[dict]:
    """
    What the machine does to any thread on that processor: one that only reads the clock, with the same load beside it but for
    the worker. A generator sends to a device that drops, a daemon without traffic answers the same requests.
    """
    with Host("gen") as host:
        host.veth("d0", "gen", "g0", "10.1.0.1/16")
        host.start_daemon({"system": {"processors": [1]}, "bridges": {"lan": {}}})
        generator = host.spawn("gen", f"{NATIVE}/generator", f"{NATIVE}/generator.bpf.o", "g0", "0", str(SECONDS + 15),
                               str(PACKETS_PER_SECOND), *traffic.ip4().generator_arguments())
        time.sleep(4)
        stopping, done = threading.Event(), [0]
        client = threading.Thread(target=_request, args=(host.socket, stopping, done))
        client.start()
        samples, steal = [], _steal()
        with subprocess.Popen([f"{NATIVE}/jitter", "1", str(SECONDS)], stdout=subprocess.PIPE, text=True) as meter:
            for line in meter.stdout or ():
                before, steal = steal, _steal()
                samples.append({"gapMs": int(line) / 1e6, "steal": steal != before})
        stopping.set()
        client.join()
        generator.terminate()
        return samples


def _one_run(requests: bool) -> dict:
    """A worker kept awake by traffic for a while; its gaps second by second."""
    with Host("gen", "sink") as host:
        host.veth("d0", "gen", "g0", "10.1.0.1/16")
        host.veth("d1", "sink", "s0", "10.2.0.1/24")
        host.start_daemon({
            "system": {"processors": [1]},
            "ports": {"in": {"device": "d0", "addresses": ["10.1.0.254/16"], "mac": MAC_D0},
                      "out": {"device": "d1", "addresses": ["10.2.0.254/24"]}},
            "neighbors": [{"interface": "out", "address": traffic.DESTINATION, "mac": traffic.MAC_NOBODY}]})
        generator = host.spawn("gen", f"{NATIVE}/generator", f"{NATIVE}/generator.bpf.o", "g0", "0", str(SECONDS + 15),
                               str(PACKETS_PER_SECOND), *traffic.ip4().generator_arguments())
        time.sleep(8)  # compiled
        stopping, done = threading.Event(), [0]
        client = threading.Thread(target=_request, args=(host.socket, stopping, done))
        if requests:
            client.start()
        everywhere = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {0})  # this harness must not be what the worker waits for
        assert host.daemon is not None
        with Preemptions(worker_thread(host.daemon.pid)) as preemptions:
            samples = _sample(host)
        os.sched_setaffinity(0, everywhere)
        own = {int(thread) for thread in os.listdir(f"/proc/{host.daemon.pid}/task")}
        # ksoftirqd works for our packets, too: its time is not somebody else's.
        losses = [loss for loss in preemptions.losses or []
                  if loss.taker_id not in own and not loss.taker.startswith("ksoftirqd")]
        for sample in samples:
            sample["disturbedMs"] = max((loss.milliseconds for loss in losses if _disturbs(loss, sample["at"])), default=0)
        stopping.set()
        if requests:
            client.join()
        generator.terminate()
        return {"samples": samples, "traced": preemptions.losses is not None, "requests": done[0], "mac": MAC_G0,
                "pauseMs": host.read("/system")["gcPauseMaxMs"],
                "losses": [[round(loss.milliseconds, 3), loss.taker] for loss in losses]}


def _sample(host: Host) -> list[dict]:
    """The worst gap of each window, and whether the hypervisor took time in it."""
    time.sleep(GAP_WINDOW / 2)  # the first window begins now
    samples, steals = [], [_steal()]
    for _ in range(SECONDS):
        time.sleep(GAP_WINDOW / 2)
        gap = _counter(host, "pollGapRecentNs") / 1e6
        steals.append(_steal())
        samples.append({"at": time.monotonic(), "gapMs": gap, "steal": steals[-1] != steals[max(0, len(steals) - 3)]})
    return samples


def _disturbs(loss: Loss, at: float) -> bool:
    return loss.milliseconds > DISTURBED_MS and loss.until > at - GAP_WINDOW and loss.since < at


def _blame(run: dict) -> str:
    """Who took the processor for longest."""
    longest = max(run["losses"], default=[0, ""])
    if longest[0] <= DISTURBED_MS:
        return ""
    return f"; {longest[1]}, not of FastPath, had the worker's processor for {longest[0]:.1f} ms"


def _request(path: str, stopping: threading.Event, done: list[int]) -> None:
    """100 requests a second over one connection, spread over what operators and Prometheus ask for."""
    os.sched_setaffinity(0, {0})
    connection = UnixConnection(path)
    due = time.monotonic()
    while not stopping.is_set():
        connection.request("GET", _PATHS[done[0] % len(_PATHS)])
        connection.getresponse().read()
        done[0] += 1
        due += 1 / REQUESTS_PER_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
    connection.close()


def _counter(host: Host, name: str) -> float:
    worker = host.read("/workers")["items"][0]
    for counter in worker["counters"]:
        if counter["name"].lower() == name.lower():
            return counter["value"]
    raise LookupError(f"the worker has no counter {name}")


def _steal() -> float:
    return sum(kinds["steal"] for kinds in cpu.Snapshot.take().by_cpu)
