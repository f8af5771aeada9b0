"""From raw measurements to values of promises. `halve` makes FastPath half as good: every ratio must then fall short."""

import re

from .promises import Measured, reference_figure

PEER_LIMIT = 0.8  # a peer below this share of its figure was held back by something: the row says nothing


def judge(raw: dict, halve: bool = False) -> dict[str, Measured]:
    """Values by promise id, for what was measured."""
    values: dict[str, Measured] = {}
    share = 0.5 if halve else 1.0
    if "veth" in raw:
        values |= _veth(raw["veth"], share)
    if "memory" in raw:
        values |= _memory(raw["memory"], share)
    if "uplink" in raw:
        values |= _uplink(raw["uplink"], share)
    for section in ("clone", "idle", "pauses", "flap", "kill"):
        for name, value in raw.get(section, {}).get("values", {}).items():
            values[name] = Measured(**value)
    for section, content in raw.items():
        if isinstance(content, dict) and content.get("failure"):
            for name in content.get("promises", []):
                values[name] = Measured(note=content["failure"])
    return values


def _veth(jobs: dict, share: float) -> dict[str, Measured]:
    values = {}
    by_peer = {(job, result["peer"]): result for job, results in jobs.items() for result in results}
    values["core.2.ip4"] = _ratio(by_peer, "ip4", ["c-forwarder", "testpmd", "ovs"], share)
    values["core.2.ip4-kernel"] = _ratio(by_peer, "ip4", ["kernel-router-k1", "kernel-router-a2"], share)
    for job in ("encap", "decap"):
        kernel = ["kernel-vxlan-k1", "kernel-vxlan-a2"]
        values[f"core.2.{job}"] = _ratio(by_peer, job, kernel, share)
        values[f"core.2.{job}-cpu"] = _ratio(by_peer, job, kernel, share, of="mppsPerCpuSecond")
        values[f"core.2.{job}-ovs"] = _ratio(by_peer, job, ["ovs"], share)
    return values


def _ratio(by_peer: dict, job: str, peers: list[str], share: float, of: str = "mpps") -> Measured:
    """FastPath over the best of the peers. Every one of them must have run, or the best may be missing."""
    own = by_peer.get((job, "fastpath"))
    if own is None or of not in own:
        return Measured(note=f"fastpath: {own['failure'] if own else 'not run'}")
    results = [by_peer.get((job, peer)) for peer in peers]
    value, note = None, ""
    ran = [result for result in results if result and of in result]
    if ran:
        best = max(ran, key=lambda result: result[of])
        value = own[of] * share / best[of]
        unit = "Mpps" if of == "mpps" else "M packets per CPU-second"
        note = f"{own[of] * share:.2f} / {best[of]:.2f} {unit} of {best['peer']}"
    return Measured(value, note, _why_invalid(own, results, peers, job))


def _why_invalid(own: dict, results: list[dict | None], peers: list[str], job: str) -> str:
    best: dict[str, tuple[float, float]] = {}  # rate and figure by peer; one at several placements counts with its best
    for peer, result in zip(peers, results):
        if result is None or "mpps" not in result:
            return f"{peer} did not run: {result['failure'] if result else 'missing'}"
        name = re.sub("-(k1|a2)$", "", peer)
        rate, figure = best.get(name, (0.0, 0.0))
        best[name] = max(rate, result["mpps"]), max(figure, reference_figure(peer, job) or 0.0)
    for name, (rate, figure) in best.items():
        if rate < PEER_LIMIT * figure:
            return f"{name} reached {rate:.2f} Mpps, below {PEER_LIMIT} of its {figure:.2f}"
    dirty = [result["peer"] for result in [own, *results] if result and result["isDirty"]]
    return f"not enough clean windows: {', '.join(dirty)}" if dirty else ""


def _memory(results: list[dict], share: float) -> dict[str, Measured]:
    values = {}
    full = [result for result in results if result["batchSize"] == 64]
    for result in full:
        # VPP's figure is a constant of the promise; half as good is twice the time.
        values[f"core.3.{result['scenario']}"] = Measured(
            result["nsPerPacket"] / share, f"median {result['nsMedian']:.1f}, lowest round {result['nsLowestRound']:.1f}")
    if results:
        values["core.4.allocation"] = Measured(
            max(result["allocatedBytesPerMillion"] for result in results), f"{sum(r['packets'] for r in results) / 1e6:.0f} M packets")
    return values


def _uplink(raw: dict, share: float) -> dict[str, Measured]:
    if raw.get("failure"):
        return {}
    plain = raw["medians"]["plain"]
    return {f"core.8.tcp-{state}": Measured(
        raw["medians"][state] * share / plain, f"{raw['medians'][state] * share:.2f} / {plain:.2f} Gbit/s",
        raw.get("invalid", "")) for state in ("attached", "killed")}
