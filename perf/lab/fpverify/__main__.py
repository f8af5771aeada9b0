"""./fp verify AREA: every promise of an area, one a line; exit 1 when any is short or invalid."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from typing import Callable

from fplab import bed, machine, peers, runner, traffic
from fplab.peers.fastpath import ROOT

from . import clone, flap, idle, judge, kill, pauses, promises, uplink

_LIMIT_SECONDS = 1150.0  # 20 minutes, less what it takes to end; not with --long
_BENCH = os.path.join(ROOT, "artifacts/bin/FastPath.Benchmarks/release/FastPath.Benchmarks")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./fp verify", description=__doc__)
    parser.add_argument("area", nargs="?", default="core")
    parser.add_argument("--long", action="store_true", help="long items in full (100 flaps instead of 10)")
    parser.add_argument("--only", help="sections to measure, comma separated; the others stay short")
    parser.add_argument("--self-test", action="store_true", help="judge the latest results with FastPath half as good")
    parser.add_argument("--readme", action="store_true", help="print the latest results as a Markdown table")
    parser.add_argument("--quick", action="store_true", help="short windows, to try the harness; results are not kept")
    return parser.parse_args()


def _memory(_: argparse.Namespace) -> list[dict]:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([_BENCH, "memory", "--nodes", "--json", file.name], check=True, stdout=subprocess.DEVNULL, timeout=400)
        return json.load(file)["results"]


def _veth(options: argparse.Namespace) -> dict[str, list[dict]]:
    windows, seconds = (1, 0.4) if options.quick else (5, 0.8)
    return {name: runner.run_job(job(), [peers.make(peer) for peer in peers.FOR_JOB[name]], windows, seconds, log=_say)
            for name, job in traffic.JOBS.items()}


# By section: how it is measured, which promises depend on it, and how long it takes at worst.
_SECTIONS: dict[str, tuple[Callable[[argparse.Namespace, float], object], str, int]] = {
    "memory": (lambda options, left: _memory(options), "core.3 core.4", 120),
    "idle": (lambda options, left: idle.measure(), "core.5", 60),
    "pauses": (lambda options, left: pauses.measure(), "core.6", 120),
    "flap": (lambda options, left: flap.measure(options.long), "core.7", 60),
    "kill": (lambda options, left: kill.measure(), "core.8.leak core.8.host-frames", 30),
    "uplink": (lambda options, left: uplink.measure(), "core.8.tcp", 90),
    "veth": (lambda options, left: _veth(options), "core.2", 420),
    "clone": (lambda options, left: clone.measure(ROOT, left), "core.1", 120),
}


def _measure(options: argparse.Namespace, wanted: list[dict]) -> dict:
    raw: dict = {}
    chosen = options.only.split(",") if options.only else list(_SECTIONS)
    end = time.monotonic() + (36_000 if options.long else _LIMIT_SECONDS)
    for name in chosen:
        measure, prefixes, at_worst = _SECTIONS[name]
        _say(f"measuring {name}")
        start = time.monotonic()
        try:
            if end - start < at_worst:
                raise TimeoutError("no time left of the 20 minutes; --long has no limit")
            raw[name] = measure(options, end - start)
        except Exception as problem:  # one section that fails leaves its promises short; the others are still measured
            ids = [promise["id"] for promise in wanted if promise["id"].startswith(tuple(prefixes.split()))]
            raw[name] = {"failure": f"{type(problem).__name__}: {str(problem)[-300:]}", "promises": ids}
            _say(f"{name}: {problem}")
        _say(f"{name}: {time.monotonic() - start:.0f} s")
    return raw


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _latest(area: str) -> dict:
    files = sorted(name for name in os.listdir(promises.RESULTS) if name.startswith(area + "-") and name.endswith(".json"))
    if not files:
        raise SystemExit(f"no results of {area} yet: run ./fp verify {area}")
    with open(os.path.join(promises.RESULTS, files[-1]), encoding="utf-8") as file:
        return json.load(file)


def _lines(wanted: list[dict], raw: dict) -> list[promises.Line]:
    values = judge.judge(raw)
    return [promises.Line(promise, values.get(promise["id"], promises.Measured())) for promise in wanted]


def _self_test(wanted: list[dict], area: str) -> int:
    """Whether a FastPath half as good would be noticed: every ratio line must turn short."""
    values = judge.judge(_latest(area)["raw"], halve=True)
    for value in values.values():
        value.invalid = ""  # a peer that was held back makes FastPath look better: no excuse here
    lines = [promises.Line(promise, values.get(promise["id"], promises.Measured()))
             for promise in wanted if promise["kind"] == "ratio"]
    for line in lines:
        print(promises.line_text(line))
    unnoticed = [line.promise["id"] for line in lines if line.verdict != "short"]
    print(f"self-test: {len(lines) - len(unnoticed)} of {len(lines)} ratio lines turn short"
          + (f"; not {', '.join(unnoticed)}" if unnoticed else ""))
    return 1 if unnoticed else 0


def main() -> int:
    options = _parse()
    wanted = promises.load(options.area)
    if not wanted:
        print(f"no promises of area {options.area}", file=sys.stderr)
        return 2
    if options.self_test:
        return _self_test(wanted, options.area)
    if options.readme:
        stored = _latest(options.area)
        print(promises.markdown(_lines(wanted, stored["raw"]), stored["machine"]))
        return 0
    bed.guard()
    facts = machine.facts()
    raw = _measure(options, wanted)
    lines = _lines(wanted, raw)
    for line in lines:
        print(promises.line_text(line))
    _store(options, facts, raw)
    return 1 if any(line.verdict != "ok" for line in lines) else 0


def _store(options: argparse.Namespace, facts: dict, raw: dict) -> None:
    if options.quick or options.only:
        return
    os.makedirs(promises.RESULTS, exist_ok=True)
    stamp = facts["date"].replace(":", "").replace("-", "")
    text = json.dumps({"area": options.area, "machine": facts, "raw": raw}, indent=1)
    text = re.sub(rf"{re.escape(ROOT)}/?|{re.escape(tempfile.gettempdir())}/fpverify-clone-\w+/fastpath/?", "", text)
    with open(os.path.join(promises.RESULTS, f"{options.area}-{stamp}.json"), "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
