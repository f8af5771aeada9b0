"""What every peer has in common."""

import os
import signal
import subprocess
import time

from ..bed import Bed
from ..shell import end, start
from ..traffic import Job


class Peer:
    """A switch under test. Started once on its bed; stopped by signal while others are measured, so that it costs nothing."""

    name = "peer"
    placement = "A2"
    does_the_job = True  # testpmd only moves frames: its rate is a limit, not an equal
    is_compiled_while_running = False

    def __init__(self) -> None:
        self.commands: list[str] = []  # as they were run, for the result
        self._processes: list[subprocess.Popen] = []
        self._bed: Bed | None = None

    def start(self, bed: Bed, job: Job) -> None:
        """Starts it and returns when it forwards."""
        raise NotImplementedError

    def stop(self) -> None:
        self.resume()
        for process in self._processes:
            end(process)
        self._processes.clear()

    def pids(self) -> list[int]:
        """Processes and kernel threads whose time counts as the switch's."""
        return [process.pid for process in self._processes]

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        for process in self._processes:
            if process.poll() is None:
                os.kill(process.pid, number)

    def _run(self, bed: Bed, *command: str) -> str:
        """Runs a configuration command in the switch's namespace and notes it."""
        self.commands.append(" ".join(command))
        return bed.in_dut(*command)

    def _spawn(self, bed: Bed, *command: str, env: dict[str, str] | None = None) -> str:
        """Starts a process in the switch's namespace and notes it; returns the file that has its output."""
        self.commands.append(" ".join(command))
        log = os.path.join(bed.folder, f"{len(self._processes)}.log")
        self._processes.append(start("ip", "netns", "exec", bed.dut, *command, log=log, env=env))
        return log

    def _wait_for(self, log: str, text: str, seconds: float = 20) -> None:
        """Waits until the last started process has printed a text."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with open(log, encoding="utf-8", errors="replace") as file:
                said = file.read()
            if text in said:
                return
            if self._processes[-1].poll() is not None:
                raise RuntimeError(f"{self.name} ended: {said[-2000:]}")
            time.sleep(0.1)
        raise TimeoutError(f"{self.name} did not say \"{text}\" in {seconds} s: {said[-2000:]}")
