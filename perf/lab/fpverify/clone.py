"""Item 1: the README's two commands in a fresh clone, with their times."""

import os
import shutil
import subprocess
import tempfile
import time

from fplab.shell import run


def measure(root: str, seconds: float) -> dict:
    """Both commands have to end within the time that is left."""
    end = time.monotonic() + seconds
    folder = tempfile.mkdtemp(prefix="fpverify-clone-")
    values, logs = {}, {}
    try:
        run("git", "clone", "-q", "--no-hardlinks", root, f"{folder}/fastpath")
        for verb in ("demo", "test"):
            seconds, exit_code, said = _time(f"{folder}/fastpath", verb, end - time.monotonic())
            logs[verb] = said[-2000:]
            values[f"core.1.{verb}"] = {"value": seconds if exit_code == 0 else None,
                                        "note": "" if exit_code == 0 else f"exit {exit_code}: {said[-200:].strip()}"}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"values": values, "logs": logs}


def _time(folder: str, verb: str, limit: float) -> tuple[float, int, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    start = time.monotonic()
    process = subprocess.Popen(["./fp", verb], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        said, _ = process.communicate(timeout=max(limit, 1))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 15)
        said, _ = process.communicate()
        return limit, 124, said
    return time.monotonic() - start, process.returncode, said
