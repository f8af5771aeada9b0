"""Item 1: the README's two commands in a fresh clone, with their times."""

import os
import shutil
import subprocess
import tempfile
import time

from fplab.shell import run

LIMIT_SECONDS = 540


def measure(root: str) -> dict:
    folder = tempfile.mkdtemp(prefix="fpverify-clone-")
    values, logs = {}, {}
    try:
        run("git", "clone", "-q", "--no-hardlinks", root, f"{folder}/fastpath")
        for verb in ("demo", "test"):
            seconds, exit_code, said = _time(f"{folder}/fastpath", verb)
            logs[verb] = said[-2000:]
            values[f"core.1.{verb}"] = {"value": seconds if exit_code == 0 else None,
                                        "note": "" if exit_code == 0 else f"exit {exit_code}: {said[-200:].strip()}"}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"values": values, "logs": logs}


def _time(folder: str, verb: str) -> tuple[float, int, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    start = time.monotonic()
    process = subprocess.Popen(["./fp", verb], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        said, _ = process.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 15)
        said, _ = process.communicate()
        return LIMIT_SECONDS, 124, said
    return time.monotonic() - start, process.returncode, said
