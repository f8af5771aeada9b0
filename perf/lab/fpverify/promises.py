"""Promises and what became of them. Judging is pure: raw measurements in, lines out."""

import json
import os
from dataclasses import dataclass, field

PERF = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RESULTS = os.path.join(PERF, "results")


@dataclass
class Measured:
    """A measured value; with a reason it is invalid, without a value unmeasured."""

    value: float | None = None
    note: str = ""
    invalid: str = ""


@dataclass
class Line:
    """One promise with its verdict: ok, short or invalid."""

    promise: dict
    measured: Measured
    verdict: str = field(init=False)

    def __post_init__(self) -> None:
        self.verdict = _judge(self.promise, self.measured)


def load(area: str) -> list[dict]:
    with open(os.path.join(PERF, "promises.json"), encoding="utf-8") as file:
        return [promise for promise in json.load(file) if promise["id"].startswith(area + ".")]


def reference_figure(peer: str, job: str) -> float | None:
    """What the peer reached on this kind of machine when it was quiet; None when there is no figure."""
    with open(os.path.join(PERF, "peers.json"), encoding="utf-8") as file:
        for figure in json.load(file)["figures"]:
            if figure["peer"] == peer and figure["job"] == job:
                return figure["mpps"]
    return None


def _judge(promise: dict, measured: Measured) -> str:
    if measured.invalid:
        return "invalid"
    if measured.value is None:
        return "short"
    limit = promise.get("floor", promise.get("goal"))
    if limit is None:
        return "ok"
    holds = measured.value >= limit if promise["better"] == "higher" else measured.value <= limit
    return "ok" if holds else "short"


def line_text(line: Line) -> str:
    """id, text, floor, goal, measured, verdict."""
    promise, measured = line.promise, line.measured
    value = "not measured" if measured.value is None else f"{_number(measured.value)} {promise['unit']}"
    note = measured.invalid or measured.note
    return (f"{promise['id']:<20} {promise['text']:<86} floor {_number(promise.get('floor')):>5} goal "
            f"{_number(promise.get('goal')):>5}  {value:>14}  {line.verdict}{f'  ({note})' if note else ''}")


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.2f}"


def markdown(lines: list[Line], machine: dict) -> str:
    """The table for the README."""
    rows = ["| promise | floor | goal | measured | |", "|---|---|---|---|---|"]
    for line in lines:
        value = "-" if line.measured.value is None else f"{_number(line.measured.value)} {line.promise['unit']}"
        note = line.measured.invalid or line.measured.note
        rows.append(f"| {line.promise['text']} | {_number(line.promise.get('floor'))} | {_number(line.promise.get('goal'))} | "
                    f"{value} | {line.verdict}{f': {note}' if note else ''} |")
    rows.append("")
    rows.append(f"Measured {machine.get('date', '?')} at commit {machine.get('commit', '?')} on {machine.get('processor', '?')}, "
                f"{machine.get('processors', '?')} processors, Linux {machine.get('kernel', '?')}. Method: perf/method.md.")
    return "\n".join(rows)
