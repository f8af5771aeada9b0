"""./fp lab: compares switches at one job."""

import argparse
import json
import os
import sys

from . import bed, machine, peers, runner, traffic


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./fp lab", description=__doc__)
    parser.add_argument("job", nargs="?", choices=sorted(traffic.JOBS), default="ip4")
    parser.add_argument("--peers", help=f"comma separated, of {', '.join(sorted(peers.BY_NAME))}")
    parser.add_argument("--windows", type=int, default=5, help="clean windows for each peer")
    parser.add_argument("--seconds", type=float, default=0.8, help="length of a window")
    parser.add_argument("--rate", type=float, default=0, help="packets offered a second; as many as possible when 0")
    parser.add_argument("--length", type=int, default=60, help="bytes of the (inner) frame without FCS")
    parser.add_argument("--json", help="file for the results")
    return parser.parse_args()


def main() -> int:
    options = _parse()
    if os.geteuid() != 0:
        print("needs root: namespaces, XDP", file=sys.stderr)
        return 2
    bed.guard()
    job = traffic.JOBS[options.job](options.length)
    names = options.peers.split(",") if options.peers else peers.FOR_JOB[options.job]
    print(f"{job.name}: {job.text}, {len(job.frame)}-byte frames, {traffic.FLOWS} flows")
    results = runner.run_job(job, [peers.make(name) for name in names], options.windows, options.seconds, options.rate)
    for result in results:
        print(line_of(result))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"kind": "lab", "machine": machine.facts(), "results": results}, out, indent=1)
    return 1 if any(result["failure"] for result in results) else 0


def line_of(result: dict) -> str:
    """One result for people."""
    if "mpps" not in result:
        return f"{result['peer']:<20} {result['failure'] or 'not measured'}"
    return (f"{result['peer']:<20} {result['mpps']:.3f} Mpps ({result['mppsMin']:.3f}-{result['mppsMax']:.3f}), "
            f"{result['mppsPerCpuSecond']:.2f} M packets per CPU-second, {result['placement']}, "
            f"{result['cleanWindows']} windows, {result['dirtyWindows']} thrown away"
            f"{'; NOT ENOUGH CLEAN WINDOWS' if result['isDirty'] else ''}")


if __name__ == "__main__":
    sys.exit(main())
