"""What figures depend on besides the code."""

import datetime
import os
import platform

from .shell import run


def facts() -> dict:
    model = "unknown"
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    here = os.path.dirname(os.path.abspath(__file__))
    commit = run("git", "-C", here, "rev-parse", "--short", "HEAD", check=False).strip()
    changed = bool(run("git", "-C", here, "status", "--porcelain", check=False).strip())
    return {"processor": model, "processors": os.cpu_count(), "kernel": platform.release(),
            "commit": commit + ("+changes" if changed else ""),
            "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "load": os.getloadavg()[0]}
