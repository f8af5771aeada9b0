"""The interleaved runner: rounds of A, B, C, ...; a window each; medians. Peers differ by noise only if measured together."""

import json
import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field

from . import cpu
from .bed import Bed
from .capture import Capture
from .peers.peer import Peer
from .traffic import Job

NATIVE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "native", "build")
GENERATOR_CPU = 0
SWITCH_CPU = 1
SETTLE_SECONDS = 0.4
FOREIGN_LIMIT = 0.05  # of one processor
WARM_UP_SECONDS = 4.0


@dataclass
class Window:
    """One measurement of one peer."""

    mpps: float
    offered_mpps: float
    switch_cpu_seconds: float
    cpu: tuple[dict[str, float], ...]
    process_seconds: float
    generator_seconds: float
    foreign_seconds: float
    steal_seconds: float
    seconds: float

    @property
    def is_dirty(self) -> bool:
        return self.steal_seconds > 0 or self.foreign_seconds > FOREIGN_LIMIT * self.seconds


@dataclass
class Track:
    """A peer on its bed, with what was measured."""

    peer: Peer
    bed: Bed
    job: Job
    clean: list[Window] = field(default_factory=list)
    dirty: list[Window] = field(default_factory=list)
    is_right: bool = False
    failure: str = ""


def run_job(job: Job, peers: list[Peer], windows: int = 5, seconds: float = 0.8, rate: float = 0,
            log=print) -> list[dict]:
    """Measures every peer at a job: at least `windows` clean windows each, at most three times as many tries."""
    tracks = []
    try:
        for number, peer in enumerate(peers):
            track = Track(peer, Bed(number), job)
            tracks.append(track)
            _start(track, log)
        for _ in range(windows * 3):
            waiting = [track for track in tracks if not track.failure and len(track.clean) < windows]
            if not waiting:
                break
            for track in waiting:
                _measure(track, seconds, rate, log)
        return [_report(track, windows) for track in tracks]
    finally:
        for track in tracks:
            track.peer.stop()
            track.bed.close()


def _start(track: Track, log) -> None:
    """Starts a peer, warms it up and looks at what comes out of it."""
    try:
        track.peer.start(track.bed, track.job)
        with Capture(track.bed) as capture:
            _generate(track, WARM_UP_SECONDS if track.peer.is_compiled_while_running else 1.0, 0).wait()
        frames = capture.frames()
        track.is_right = bool(frames) and all(track.job.is_right(frame) for frame in frames)
        if not frames:
            track.failure = "nothing arrived at the sink"
        elif not track.is_right and track.peer.does_the_job:
            wrong = next(frame for frame in frames if not track.job.is_right(frame))
            track.failure = f"a wrong frame arrived at the sink: {wrong[:80].hex()}"
        track.peer.pause()
    except Exception as problem:  # one peer that does not start must not end the run
        track.failure = f"{type(problem).__name__}: {problem}"
    if track.failure:
        log(f"  {track.peer.name}: {track.failure}")


def _generate(track: Track, seconds: float, rate: float) -> subprocess.Popen:
    command = ["ip", "netns", "exec", track.bed.gen, f"{NATIVE}/generator", f"{NATIVE}/generator.bpf.o", "g0",
               str(GENERATOR_CPU), str(seconds), str(rate), *track.job.generator_arguments()]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _measure(track: Track, seconds: float, rate: float, log) -> None:
    track.peer.resume()
    generator = _generate(track, seconds + 2 * SETTLE_SECONDS, rate)
    time.sleep(SETTLE_SECONDS)
    pids = track.peer.pids()
    before, everybody = cpu.Snapshot.take(), cpu.all_processes()
    process, generated = cpu.process_seconds(pids), cpu.process_seconds([generator.pid])
    received, start = track.bed.received(), time.monotonic()
    time.sleep(seconds)
    took, received = time.monotonic() - start, track.bed.received() - received
    process, generated = cpu.process_seconds(pids) - process, cpu.process_seconds([generator.pid]) - generated
    kinds = cpu.Snapshot.take().since(before)
    ours = {*pids, generator.pid, os.getpid()}
    foreign = sum(now - everybody.get(pid, 0) for pid, now in cpu.all_processes().items() if pid not in ours)
    output, _ = generator.communicate(timeout=60)
    track.peer.pause()
    window = _window(kinds, received, took, process, generated, foreign, output)
    (track.dirty if window.is_dirty else track.clean).append(window)
    log(f"  {track.peer.name:<24} {window.mpps:6.3f} Mpps of {window.offered_mpps:.1f} offered"
        f"{'  dirty: ' + _why_dirty(window) if window.is_dirty else ''}")


def _window(kinds, received, took, process, generated, foreign, output) -> Window:
    offered = json.loads(output.strip().splitlines()[-1])["mpps"] if "mpps" in output else 0.0
    # Without IRQ_TIME_ACCOUNTING a process's time includes softirqs on its back: so processors are counted, not processes.
    busy = sum(kinds[SWITCH_CPU][kind] for kind in ("user", "nice", "system", "irq", "softirq"))
    receive = sum(kinds[GENERATOR_CPU][kind] for kind in ("irq", "softirq"))
    return Window(mpps=received / took / 1e6, offered_mpps=offered, switch_cpu_seconds=busy + receive, cpu=kinds,
                  process_seconds=process, generator_seconds=generated,
                  foreign_seconds=foreign,
                  steal_seconds=sum(kind["steal"] for kind in kinds), seconds=took)


def _why_dirty(window: Window) -> str:
    return f"{window.foreign_seconds:.2f} s of others, {window.steal_seconds:.2f} s stolen"


def _report(track: Track, wanted: int) -> dict:
    report = {"job": track.job.name, "peer": track.peer.name, "placement": track.peer.placement,
              "commands": track.peer.commands, "frameBytes": len(track.job.frame), "doesTheJob": track.peer.does_the_job,
              "framesRight": track.is_right, "failure": track.failure, "cleanWindows": len(track.clean),
              "dirtyWindows": len(track.dirty)}
    # Dirty windows are used only when there are not enough clean ones, and the result says so.
    used = track.clean if len(track.clean) >= wanted else track.clean + track.dirty
    report["isDirty"] = used is not track.clean
    if not used:
        return report
    rates = [window.mpps for window in used]
    report |= {"mpps": statistics.median(rates), "mppsMin": min(rates), "mppsMax": max(rates),
               "offeredMpps": statistics.median(window.offered_mpps for window in used),
               "mppsPerCpuSecond": statistics.median(
                   window.mpps * window.seconds / max(window.switch_cpu_seconds, 0.01) for window in used),
               "switchCpuSeconds": statistics.median(window.switch_cpu_seconds for window in used),
               "processSeconds": statistics.median(window.process_seconds for window in used),
               "generatorSeconds": statistics.median(window.generator_seconds for window in used),
               "windowSeconds": statistics.median(window.seconds for window in used),
               "windows": [vars(window) for window in used]}
    return report
